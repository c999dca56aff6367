package decode

import (
	"bytes"
	"strconv"
)

// Peeker tells the time of lines without decoding them, to find out in what
// order a file's lines stand. It may be wrong about a line whose "ts" is not
// its first key of that name. It belongs to one goroutine.
type Peeker struct{ clock clock }

// NewPeeker returns a Peeker.
func NewPeeker() *Peeker { return &Peeker{clock: newClock()} }

var tsKey = []byte(`"ts":`)

// Time is the line's "ts" in Unix nanoseconds; ok is false where it has none
// that can be read.
func (p *Peeker) Time(line []byte) (ns int64, ok bool) {
	i := bytes.Index(line, tsKey)
	if i < 0 {
		return 0, false
	}
	v := bytes.TrimLeft(line[i+len(tsKey):], " \t")
	if len(v) > 0 && v[0] == '"' {
		end := bytes.IndexByte(v[1:], '"')
		if end < 0 {
			return 0, false
		}
		return p.clock.parse(v[1 : 1+end])
	}
	n := 0
	for n < len(v) && (v[n] >= '0' && v[n] <= '9' || v[n] == '-') {
		n++
	}
	ns, err := strconv.ParseInt(string(v[:n]), 10, 64)
	return ns, err == nil
}
