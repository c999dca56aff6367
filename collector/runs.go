package collector

import (
	"bytes"
	"io"
	"math"
	"runtime"
	"sync"
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

// surveyPart is how many bytes of a file one goroutine surveys at least.
const surveyPart = 16 << 20

// survey reads the times of the first size bytes of r: of a large file, some
// parts at once.
func survey(r io.ReaderAt, size int64) (layout, error) {
	return surveyIn(r, size, max(1, min(runtime.GOMAXPROCS(0), int(size/surveyPart))))
}

func surveyIn(r io.ReaderAt, size int64, n int) (layout, error) {
	parts := make([]section, n)
	var wg sync.WaitGroup
	for i := range parts {
		at := func(i int) int64 { return size / int64(n) * int64(i) }
		parts[i] = section{from: at(i), to: at(i + 1), newest: math.MinInt64}
		if i == n-1 {
			parts[i].to = size
		}
		wg.Go(func() { parts[i].read(r) })
	}
	wg.Wait()
	all := &parts[0]
	for i := range parts[1:] {
		all.join(r, &parts[i+1])
	}
	return all.layout, all.err
}

// section is the layout of those lines of a file that begin in a part of it.
type section struct {
	layout
	from, to int64
	first    int64 // time of its first line, where any
	newest   int64 // time of the newest line of its last run; at first, of the run before
	any      bool
	err      error
}

// join adds the section that follows. Only where time goes back between the
// two do the lines of that one mean something else than by themselves.
func (s *section) join(r io.ReaderAt, next *section) {
	if s.err != nil || !next.any && next.err == nil {
		return
	}
	if s.any && next.any && next.first < s.newest || len(s.starts)+len(next.starts) > maxRuns {
		s.from, s.to = next.from, next.to
		s.read(r)
		return
	}
	s.starts = append(s.starts, next.starts...)
	s.back = max(s.back, next.back)
	s.newest, s.any, s.err = next.newest, s.any || next.any, next.err
}

// read reads the section's times.
func (s *section) read(r io.ReaderAt) {
	peeker := decode.NewPeeker()
	buf := make([]byte, 256<<10)
	skip := s.from > 0 // the rest of a line that began before
	off := max(0, s.from-1)
	for off < s.to {
		n, err := r.ReadAt(buf, off)
		if n == 0 {
			if err != io.EOF {
				s.err = err
			}
			return
		}
		whole := bytes.LastIndexByte(buf[:n], '\n') + 1
		if whole == 0 { // a long line: its head says when
			s.line(peeker, buf[:n], off, skip)
			skip = true
			off += int64(n)
			continue
		}
		for at := 0; at < whole && (skip || off+int64(at) < s.to); {
			end := at + bytes.IndexByte(buf[at:whole], '\n')
			s.line(peeker, buf[at:end], off+int64(at), skip)
			skip = false
			at = end + 1
		}
		off += int64(whole)
	}
}

// line takes in the time of the line at offset, unless it is to be skipped.
func (s *section) line(peeker *decode.Peeker, line []byte, offset int64, skip bool) {
	t, ok := peeker.Time(line)
	if !ok || skip {
		return
	}
	if !s.any {
		s.any, s.first = true, t
	}
	s.newest = s.note(t, s.newest, offset)
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
