package ui

import (
	"fmt"
	"time"

	"github.com/sessiontop/sessiontop/model"
)

// loading is how far the first reading of the sources has come.
type loading struct {
	start  time.Time
	done   bool // everything was read once; what comes now is live
	at     Progress
	eta    time.Duration // negative: unknown
	moved  time.Time     // when at last grew
	second int64         // wall second that ages were last drawn at
}

// stalled is how long no byte may have come until what is left is taken for
// the unfinished end of a line, which waits for its writer.
const stalled = 2 * time.Second

// tick brings the progress up to date and says whether it changed.
func (l *loading) tick(a *App, now time.Time) bool {
	if l.done {
		return false
	}
	before := *l
	if l.at = progressOf(a); l.at != before.at {
		l.moved = now
	}
	l.eta = -1
	if took := now.Sub(l.start); l.at.Bytes > 0 && l.at.Size > l.at.Bytes && took > time.Second {
		l.eta = time.Duration(float64(took) * float64(l.at.Size-l.at.Bytes) / float64(l.at.Bytes)).Round(time.Second)
	}
	if a.newest != nil && l.at.Size > 0 && (l.at.Bytes >= l.at.Size || now.Sub(l.moved) > stalled) {
		l.done = true
	}
	before.moved = l.moved
	return before != *l
}

// progressOf is what the configuration says, else what the newest snapshot says.
func progressOf(a *App) Progress {
	if a.cfg.Progress != nil {
		return a.cfg.Progress()
	}
	if a.newest == nil {
		return Progress{}
	}
	return readSoFar(a.newest)
}

func readSoFar(s *model.Snapshot) Progress {
	var p Progress
	for i := range s.Sources {
		src := &s.Sources[i]
		if src.Waiting {
			continue
		}
		p.Bytes += min(src.Read, max(src.Size, src.Read))
		p.Size += max(src.Size, src.Read)
		p.Files++
		p.Done += b2i(src.Done || src.Size > 0 && src.Read >= src.Size)
	}
	return p
}

// text is the progress in words: "1.2 of 3.4 GiB · 12 of 64 files · 8s left".
func (l *loading) text() string {
	s := bytesText(l.at.Bytes)
	if l.at.Size > 0 {
		s += " of " + bytesText(l.at.Size)
	}
	if l.at.Files > 0 {
		s += fmt.Sprintf(" · %d of %s", l.at.Done, plural(uint64(l.at.Files), "file"))
	}
	if l.eta >= 0 && l.at.Size > l.at.Bytes {
		s += " · " + span(int64(l.eta)) + " left"
	}
	return s
}

// percent is how much of the bytes has been read.
func (l *loading) percent() int {
	if l.at.Size <= 0 {
		return 0
	}
	return int(100 * min(l.at.Bytes, l.at.Size) / l.at.Size)
}
