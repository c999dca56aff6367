package live

// stretch is bytes of a stream from an offset on. The zero value is none, at 0.
type stretch struct {
	off   int64
	buf   []byte
	at    int // of its bytes in buf
	marks []mark
}

// mark says that the bytes up to an offset were told at a time, CLOCK_MONOTONIC.
type mark struct{ end, mono int64 }

func (s *stretch) bytes() []byte { return s.buf[s.at:] }

func (s *stretch) end() int64 { return s.off + int64(len(s.buf)-s.at) }

// since is when its first byte was told.
func (s *stretch) since() int64 { return s.marks[0].mono }

// until is its first bytes, as far as they were told by then.
func (s *stretch) until(mono int64) []byte {
	end := s.off
	for _, m := range s.marks {
		if m.mono > mono {
			break
		}
		end = m.end
	}
	return s.buf[s.at : s.at+int(end-s.off)]
}

// add adds bytes at its end.
func (s *stretch) add(b []byte, mono int64) {
	if s.at > len(s.buf)/2 {
		s.buf = s.buf[:copy(s.buf, s.buf[s.at:])]
		s.at = 0
	}
	s.buf = append(s.buf, b...)
	s.marks = append(s.marks, mark{s.end(), mono})
}

// drop drops its first n bytes.
func (s *stretch) drop(n int64) {
	s.at += int(n)
	s.off += n
	gone := 0
	for gone < len(s.marks) && s.marks[gone].end <= s.off {
		gone++
	}
	s.marks = s.marks[:copy(s.marks, s.marks[gone:])]
	const keep = 64 << 10
	if s.at == len(s.buf) && cap(s.buf) > keep {
		s.buf, s.at = nil, 0
	}
}
