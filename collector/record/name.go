package record

import (
	"strconv"
	"strings"
)

// logName is the name of a session log taken apart: worker-7.jsonl.2.gz is of
// worker-7.jsonl, the second rotated, packed.
type logName struct {
	stem   string // the name that is written to
	n      int    // 1 is the one rotated last; 0 is written to
	packed bool
}

const (
	logEnding    = ".jsonl"
	packedEnding = ".gz"
	// unfinished ends the name of what is being packed. No reader of the
	// folder takes it for a log.
	unfinished = packedEnding + ".tmp"
)

// parseLogName takes apart names that this package gives, and no others.
func parseLogName(base string) (name logName, ok bool) {
	name.stem, name.packed = strings.CutSuffix(base, packedEnding)
	if !strings.HasSuffix(name.stem, logEnding) {
		dot := strings.LastIndexByte(name.stem, '.')
		if dot < 0 {
			return name, false
		}
		name.n, _ = strconv.Atoi(name.stem[dot+1:]) // what is no number is no name, as is seen below
		name.stem = name.stem[:dot]
	}
	return name, isStem(name.stem) && name.String() == base && name.n >= 0 && (name.n > 0 || !name.packed)
}

// isStem says whether a process could have the file name.
func isStem(name string) bool {
	name, ok := strings.CutSuffix(name, logEnding)
	dash := strings.LastIndexByte(name, '-')
	pid, err := strconv.Atoi(name[dash+1:])
	return ok && dash > 0 && err == nil && pid > 0
}

// at is the name of the n-th rotated.
func (l logName) at(n int) logName { return logName{l.stem, n, l.packed} }

func (l logName) String() string {
	name := l.stem
	if l.n > 0 {
		name += "." + strconv.Itoa(l.n)
	}
	if l.packed {
		name += packedEnding
	}
	return name
}
