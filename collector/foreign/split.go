package foreign

import "bytes"

// MaxLine is the longest line of a foreign log that is read, in bytes; a longer
// one is passed over and counted.
const MaxLine = 16 << 20

// Splitter cuts a log into lines. It is the Write and Close of the Translators
// of logs that have lines.
type Splitter struct {
	out  *Lines
	each func(offset int64, line []byte)
	end  func()
	idle func()

	begin int64  // where the line begins that is being read
	size  int64  // how much of it has come
	rest  []byte // and what is kept of that
}

// NewSplitter returns a Splitter that hands over each line without its newline,
// with where it begins in the log; each keeps nothing of it. end, which may be
// nil, is called when the log is over.
func NewSplitter(out *Lines, each func(offset int64, line []byte), end func()) *Splitter {
	return &Splitter{out: out, each: each, end: end}
}

// OnIdle has idle called when the log has said nothing for a while, and returns
// s.
func (s *Splitter) OnIdle(idle func()) *Splitter {
	s.idle = idle
	return s
}

// Release is Holder's.
func (s *Splitter) Release() error {
	if s.idle != nil {
		s.idle()
	}
	return s.out.Flush()
}

// Write takes the next bytes of the log.
func (s *Splitter) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			s.keep(p)
			break
		}
		s.line(p[:i])
		p = p[i+1:]
	}
	return n, s.out.Flush()
}

// Close hands over a last line that has no newline.
func (s *Splitter) Close() error {
	if s.size > 0 {
		s.line(nil)
	}
	if s.end != nil {
		s.end()
	}
	return s.out.Flush()
}

// keep takes the beginning of a line.
func (s *Splitter) keep(p []byte) {
	if s.size += int64(len(p)); s.size > MaxLine {
		s.rest = nil
		return
	}
	s.rest = append(s.rest, p...)
}

// line hands over the line that ends with p.
func (s *Splitter) line(p []byte) {
	begin, size := s.begin, s.size+int64(len(p))
	s.begin, s.size = begin+size+1, 0
	s.out.Read(1)
	s.out.At(begin)
	switch {
	case size > MaxLine:
		s.out.Bad(begin, "longer than %d MiB", MaxLine>>20)
	case len(s.rest) == 0:
		s.each(begin, bytes.TrimSuffix(p, []byte{'\r'}))
	default:
		s.rest = append(s.rest, p...)
		s.each(begin, bytes.TrimSuffix(s.rest, []byte{'\r'}))
	}
	if s.rest = s.rest[:0]; cap(s.rest) > 1<<20 {
		s.rest = nil
	}
}
