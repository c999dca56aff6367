package record

import (
	"errors"
	"time"
)

// Limits bound the session logs of a Folder. A zero field, but for Keep, is no
// limit.
type Limits struct {
	// Size is from how many bytes on a log is rotated. The line that reaches
	// it stands in it whole.
	Size int64
	// Age is from what age of its first line on a log is rotated, when the
	// next line comes.
	Age time.Duration
	// Keep is how many rotated files stay beside each log.
	Keep int
	// Total is how many bytes all session logs of the folder may have. Past
	// it the files written longest ago are removed; if only logs that are
	// being written are left, the largest is rotated and removed.
	Total int64
}

func (l *Limits) check() error {
	if l.Size < 0 || l.Age < 0 || l.Keep < 0 || l.Total < 0 {
		return errors.New("session logs: a limit must not be negative")
	}
	return nil
}
