package tail

import (
	"bytes"
	"fmt"
	"io"
	"time"
)

// A compressed file is read forwards only. Its decoder keeps what follows the
// last newline of a block; if the decoder has to be closed to make room, the
// next one starts again and passes over what was read.

// stuckAt is a compressed home as it was when its data ended early.
type stuckAt struct {
	stuck       bool
	size, mtime int64
}

// worthAnotherTry says whether a compressed file that ended early has grown
// enough, or has been still for long enough, to be decompressed again.
func (f *File) worthAnotherTry(p *place) bool {
	was := f.stuck
	switch {
	case !was.stuck:
		return true
	case p.size == was.size && p.mtime == was.mtime:
		return false
	case p.size >= was.size && p.size < was.size+was.size/8 && time.Since(p.since) < f.set.opt.Linger:
		return false
	}
	f.stuck = stuckAt{}
	f.set.handles.drop(&f.main)
	return true
}

// readPacked reads a block from a compressed home.
func (f *File) readPacked(h *handle, p *place) (Block, error) {
	d := h.dec
	if d.pos < f.off {
		if err := f.catchUp(d); err != nil {
			return Block{}, f.packedEnd(p, d, err)
		}
		if d.pos < f.off {
			return Block{Source: f.id, Offset: f.off}, nil
		}
	}
	data, buf, err := f.decode(d)
	f.growHead(data)
	pass, give := f.divide(data, err != nil && !f.mayGoOn(err))
	b := Block{Source: f.id, Offset: f.off + int64(pass), Data: data[pass : pass+give]}
	d.rest = data[pass+give:]
	if buf != nil {
		d.rest = bytes.Clone(d.rest)
	}
	f.advance(data[:pass+give])
	f.passed(d.moved)
	if give > 0 {
		b.buf, b.pool = buf, &f.set.buffers
		return b, nil
	}
	if buf != nil {
		f.set.buffers.put(buf)
	}
	if pass == 0 && err != nil {
		return Block{}, f.packedEnd(p, d, err)
	}
	b.Data = nil
	return b, nil
}

// decode returns what the source holds from the offset on, about a block of
// it: in a pooled buffer, or in one of its own where a line is longer.
func (f *File) decode(d *decoder) (data []byte, buf *[]byte, err error) {
	size := f.set.opt.BlockSize
	if len(d.rest) < size {
		buf = f.set.buffers.get()
		data = (*buf)[:size]
	} else {
		if bytes.IndexByte(d.rest, '\n') >= 0 {
			return d.rest, nil, nil
		}
		data = make([]byte, min(2*len(d.rest), f.set.opt.MaxLine+1))
	}
	n := copy(data, d.rest)
	k, err := d.fill(data[n:])
	return data[:n+k], buf, err
}

// divide says how many bytes to pass over (they belong to a line that is
// skipped) and how many to give then. Nothing follows data if it is final.
func (f *File) divide(data []byte, final bool) (pass, give int) {
	if f.skipping {
		i := bytes.IndexByte(data, '\n')
		if i < 0 {
			return len(data), 0
		}
		f.skipping = false
		return i + 1, 0
	}
	block := data[:min(len(data), f.set.opt.BlockSize)]
	if final && len(block) == len(data) {
		return 0, len(data)
	}
	if i := bytes.LastIndexByte(block, '\n'); i >= 0 {
		return 0, i + 1
	}
	if i := bytes.IndexByte(data[len(block):], '\n'); i >= 0 {
		return 0, len(block) + i + 1
	}
	if len(data) > f.set.opt.MaxLine {
		f.skip(f.off)
		return len(data), 0
	}
	if final {
		return 0, len(data)
	}
	return 0, 0
}

// catchUp passes over what has been read before, for one turn at most, and
// checks that it was this. Turns get longer each time the decoder was closed
// before it got there, so that even too few handles lead to the end.
func (f *File) catchUp(d *decoder) error {
	buf := f.set.buffers.get()
	defer f.set.buffers.put(buf)
	if d.pos == 0 {
		f.patience = max(turnBudget, 2*f.patience)
	}
	for budget := f.patience; budget > 0 && d.pos < f.off; budget -= len(*buf) {
		n, err := d.Read((*buf)[:min(int64(len(*buf)), f.off-d.pos)])
		d.passed = appendTail(d.passed, (*buf)[:n])
		if err != nil && d.pos < f.off {
			return err
		}
	}
	if d.pos < f.off {
		return nil
	}
	f.patience = 0
	if !bytes.Equal(d.passed, f.tail) {
		return errDiffers
	}
	return nil
}

// growHead completes the fingerprint with data that begins at the offset.
func (f *File) growHead(data []byte) {
	have := int64(len(f.head))
	if have == headSize || f.off > have || f.off+int64(len(data)) <= have {
		return
	}
	data = data[:min(int64(len(data)), headSize-f.off)]
	f.setHead(append(bytes.Clone(f.head), data[have-f.off:]...))
}

// mayGoOn says whether compressed data that ended so may be continued.
func (f *File) mayGoOn(err error) bool {
	return err == errIncomplete && f.set.opt.Follow
}

// packedEnd turns the end of compressed data into what it means for the file.
func (f *File) packedEnd(p *place, d *decoder, err error) error {
	switch err {
	case io.EOF:
		return errAtEnd
	case errDiffers:
		return err
	}
	f.note(fmt.Errorf("%s: %w at byte %d of the file; the %d bytes before it were read",
		p.path, err, d.moved, d.pos))
	if f.mayGoOn(err) {
		f.stuck = stuckAt{stuck: true, size: p.size, mtime: p.mtime}
		return errComeBack
	}
	return errAtEnd
}
