package wire

import (
	"bytes"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// window is how far back DEFLATE refers.
const window = 32 << 10

// A body may become maxRatio times as long, which is what DEFLATE reaches with
// zeros (such as stand in traces), and alwaysOut bytes more. But brotli makes
// 64 MiB of 50 bytes, and some dozen such messages a second would take a core.
const (
	maxRatio  = 1032
	alwaysOut = 1 << 20
)

// inflater decompresses bodies, one at a time, into memory of its own.
type inflater struct {
	limit  int // bytes that a body may become
	most   int // bytes that this one may
	gzip   *gzip.Reader
	flate  io.ReadCloser
	brotli *brotli.Reader
	src    source
	out    []byte
}

// source reads two slices one after the other. As an io.ByteReader it spares
// the decompressors a buffer.
type source struct{ b, more []byte }

func (s *source) Read(p []byte) (int, error) {
	if len(s.b) == 0 {
		s.b, s.more = s.more, nil
	}
	if len(s.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.b)
	s.b = s.b[n:]
	return n, nil
}

func (s *source) ReadByte() (byte, error) {
	if len(s.b) == 0 {
		s.b, s.more = s.more, nil
	}
	if len(s.b) == 0 {
		return 0, io.EOF
	}
	c := s.b[0]
	s.b = s.b[1:]
	return c, nil
}

// outcome of a decompression.
type outcome uint8

const (
	whole   outcome = iota
	partial         // the input is cut off or damaged; what came before is good
	bomb            // longer than it may become
)

// body decompresses b. The result is valid until the next call.
func (z *inflater) body(b []byte, c coding) ([]byte, outcome) {
	z.begin(b, nil)
	var r io.Reader
	switch c {
	case gzipped:
		if z.gzip == nil {
			z.gzip = new(gzip.Reader)
		}
		if z.gzip.Reset(&z.src) != nil {
			return nil, partial
		}
		r = z.gzip
	case deflated: // RFC 9110, 8.4.1.2: zlib; some send bare DEFLATE
		if len(b) >= 2 && b[0]&0x0f == 8 && (int(b[0])<<8|int(b[1]))%31 == 0 {
			z.src.b = b[2:]
		}
		r = z.raw(nil)
	case brotlied:
		if z.brotli == nil {
			z.brotli = brotli.NewReader(nil)
		}
		if z.brotli.Reset(&z.src) != nil {
			return nil, partial
		}
		r = z.brotli
	}
	return z.read(r)
}

// message decompresses a WebSocket message (RFC 7692) that follows history.
func (z *inflater) message(b, history []byte) ([]byte, outcome) {
	// The sender took off the empty block 00 00 ff ff; a final one ends the stream.
	z.begin(b, []byte("\x00\x00\xff\xff\x01\x00\x00\xff\xff"))
	return z.read(z.raw(history))
}

// begin takes b, and what follows it, to be decompressed.
func (z *inflater) begin(b, more []byte) {
	z.src = source{b: b, more: more}
	z.most = min(z.limit, alwaysOut+maxRatio*len(b))
}

func (z *inflater) raw(history []byte) io.Reader {
	if z.flate == nil {
		z.flate = flate.NewReaderDict(&z.src, history)
	} else if z.flate.(flate.Resetter).Reset(&z.src, history) != nil {
		return bytes.NewReader(nil)
	}
	return z.flate
}

func (z *inflater) read(r io.Reader) ([]byte, outcome) {
	z.out = z.out[:0]
	for {
		if len(z.out) == cap(z.out) {
			z.out = append(z.out, 0)[:len(z.out)]
		}
		n, err := r.Read(z.out[len(z.out):cap(z.out)])
		z.out = z.out[:len(z.out)+n]
		switch {
		case len(z.out) > z.most:
			return nil, bomb
		case err == io.EOF:
			return z.out, whole
		case err != nil:
			return z.out, partial
		}
	}
}

// trim gives back the memory of a long body.
func (z *inflater) trim() {
	if cap(z.out) > keep {
		z.out = nil
	}
}
