package tail

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	decoderBuffer = 32 << 10
	gzipMemory    = 64 << 10 // a window of 32 KiB, tables, decoderBuffer
	zstdMemory    = 1 << 20  // beside its window
	// zstdMaxWindow is what the zstd tool accepts unless told otherwise.
	zstdMaxWindow = 128 << 20
)

// errIncomplete says that a compressed file stops in the middle: it is being
// written, or was cut off.
var errIncomplete = errors.New("the compressed data ends early")

// decoder reads a compressed file forwards.
type decoder struct {
	file  *os.File
	in    *bufio.Reader
	pack  packing
	out   io.Reader // nil until the first Read
	close func()

	pos    int64  // decompressed bytes read so far
	rest   []byte // the last of them, which their reader has not passed on yet
	passed []byte // the last of those that were passed over, tailSize at most
	err    error  // stays
	moved  int64  // compressed bytes taken from file
}

func newDecoder(file *os.File, pack packing) *decoder {
	d := &decoder{file: file, pack: pack, close: func() {}}
	d.in = bufio.NewReaderSize(fileAt{d}, decoderBuffer)
	return d
}

// fileAt reads by position, so that nothing depends on the handle's own.
type fileAt struct{ d *decoder }

func (r fileAt) Read(p []byte) (int, error) {
	n, err := r.d.file.ReadAt(p, r.d.moved)
	r.d.moved += int64(n)
	if n > 0 {
		err = nil
	}
	return n, err
}

// memory is about what decompressing this file takes.
func (d *decoder) memory() int64 {
	if d.pack == gzipped {
		return gzipMemory
	}
	var h zstd.Header
	start, _ := d.in.Peek(zstd.HeaderMaxSize) // a short file has a short header
	if h.Decode(start) != nil {
		return zstdMemory
	}
	return zstdMemory + int64(min(max(h.WindowSize, h.FrameContentSize*b2u(h.SingleSegment)), zstdMaxWindow))
}

func b2u(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// Read decompresses. It returns io.EOF at a proper end, errIncomplete where the
// file stops in the middle, another error where the data is damaged.
func (d *decoder) Read(p []byte) (int, error) {
	if d.err != nil {
		return 0, d.err
	}
	if d.out == nil {
		if d.err = d.start(); d.err != nil {
			return 0, d.err
		}
	}
	n, err := d.out.Read(p)
	d.pos += int64(n)
	d.err = endError(err)
	return n, d.err
}

func (d *decoder) start() error {
	if _, err := d.in.Peek(1); err != nil {
		return endError(errors.Join(io.ErrUnexpectedEOF, err))
	}
	if d.pack == gzipped {
		z, err := gzip.NewReader(d.in)
		if err != nil {
			return endError(err)
		}
		d.out = z
		return nil
	}
	z, err := zstd.NewReader(d.in, zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(zstdMaxWindow))
	if err != nil {
		return endError(err)
	}
	d.out, d.close = z, z.Close
	return nil
}

func endError(err error) error {
	switch {
	case err == nil, err == io.EOF:
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errIncomplete
	}
	return fmt.Errorf("the compressed data is damaged: %w", err)
}

// fill reads until p is full or the data ends, and returns how much it read.
func (d *decoder) fill(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		k, err := d.Read(p[n:])
		n += k
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
