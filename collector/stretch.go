package collector

import (
	"bytes"
	"io"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/collector/tail"
)

// stretch reads the lines of r between two offsets, both at the start of a line.
type stretch struct {
	r      io.ReaderAt
	source uint32
	off    int64
	end    int64
	size   int // of a block
}

// Next is the next block of whole lines, io.EOF at the end. A line longer than
// the decoder takes is passed over; the tail.File has counted it.
func (s *stretch) Next() (tail.Block, error) {
	const most = decode.MaxLine + 1 // with its newline
	for size := s.size; s.off < s.end; size *= 2 {
		buf := make([]byte, min(int64(size), most, s.end-s.off))
		n, err := s.r.ReadAt(buf, s.off)
		if n < len(buf) && err != io.EOF {
			return tail.Block{}, err
		}
		buf = buf[:n]
		whole := n
		if s.off+int64(n) < s.end {
			whole = bytes.LastIndexByte(buf, '\n') + 1
		}
		switch {
		case n == 0:
			return tail.Block{}, io.EOF
		case whole > 0:
			b := tail.Block{Source: s.source, Offset: s.off, Data: buf[:whole]}
			s.off += int64(whole)
			return b, nil
		case n == most:
			if err := s.passOver(buf[:s.size]); err != nil {
				return tail.Block{}, err
			}
			size = s.size / 2 // the loop doubles it
		}
	}
	return tail.Block{}, io.EOF
}

// passOver moves on behind the next newline.
func (s *stretch) passOver(buf []byte) error {
	for s.off < s.end {
		n, err := s.r.ReadAt(buf[:min(int64(len(buf)), s.end-s.off)], s.off)
		if i := bytes.IndexByte(buf[:n], '\n'); i >= 0 {
			s.off += int64(i) + 1
			return nil
		}
		if s.off += int64(n); n == 0 || err != nil && err != io.EOF {
			return err
		}
	}
	return nil
}
