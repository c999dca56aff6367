package collector

import (
	"bytes"
	"io"
	"time"

	"github.com/sessiontop/sessiontop/collector/decode"
)

// layout is in what order of time the lines of a file stand. A log of one
// process is one ascending run; several logs in one file are several.
type layout struct {
	starts []int64 // where the runs after the first begin, in bytes
	back   int64   // by how much time goes back within a run, in nanoseconds
}

// slack is by how much time may go back within a run: lines of several writers
// of one file, or of several threads. Beyond it a new run begins.
const slack = int64(time.Second)

// maxRuns bounds the runs of one file; what comes after is in the last one, and
// late where it goes back by more than slack.
const maxRuns = 1 << 14

// survey reads the times of the first size bytes of r.
func survey(r io.ReaderAt, size int64) (layout, error) {
	var (
		l      layout
		peeker = decode.NewPeeker()
		buf    = make([]byte, 256<<10)
		newest = int64(-1 << 63)
	)
	for off := int64(0); off < size; {
		n, err := r.ReadAt(buf[:min(int64(len(buf)), size-off)], off)
		if n == 0 {
			if err == io.EOF {
				err = nil
			}
			return l, err
		}
		whole := bytes.LastIndexByte(buf[:n], '\n') + 1
		if whole == 0 { // within one long line
			off += int64(n)
			continue
		}
		for at := 0; at < whole; {
			end := at + bytes.IndexByte(buf[at:whole], '\n')
			if t, ok := peeker.Time(buf[at:end]); ok {
				newest = l.note(t, newest, off+int64(at))
			}
			at = end + 1
		}
		off += int64(whole)
	}
	return l, nil
}

// note takes in the time of the line at offset and returns the newest time of
// its run.
func (l *layout) note(t, newest, offset int64) int64 {
	switch {
	case t >= newest:
		return t
	case newest-t <= slack || len(l.starts) == maxRuns:
		l.back = max(l.back, min(newest-t, slack)) // what goes back further is late
		return newest
	}
	l.starts = append(l.starts, offset)
	return t
}
