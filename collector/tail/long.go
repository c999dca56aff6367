package tail

import (
	"bytes"
	"io"
)

// turnBudget is how many bytes a turn may look through without giving any.
const turnBudget = 8 << 20

// readLong goes on with a line that did not fit into a block. It looks for the
// newline first and reads the line in one piece when it is all there, so that
// a line takes memory only once it is complete and known not to be too long,
// and a line that grows slowly is not read again and again.
func (f *File) readLong(h *handle) (Block, error) {
	pool := &f.set.buffers
	buf := pool.get()
	defer pool.put(buf)
	window := (*buf)[:f.set.opt.BlockSize]
	for budget := turnBudget; budget > 0; budget -= len(window) {
		n, err := h.file.ReadAt(window, f.off+f.scanned)
		if err != nil && err != io.EOF {
			return Block{}, err
		}
		if !f.stillIntact(h) {
			return Block{}, errCut
		}
		if i := bytes.IndexByte(window[:n], '\n'); i >= 0 {
			return f.endLong(h, f.scanned+int64(i)+1)
		}
		f.scanned += int64(n)
		f.reach = max(f.reach, f.off+f.scanned)
		if f.scanned > int64(f.set.opt.MaxLine) && !f.skipping {
			f.skip(f.off)
		}
		if f.skipping {
			if err := f.passOver(h, f.scanned); err != nil {
				return Block{}, err
			}
		}
		if err == io.EOF {
			return Block{}, errAtEnd
		}
	}
	return Block{Source: f.id, Offset: f.off}, nil
}

// endLong reads or passes over a long line of n bytes, its newline included.
func (f *File) endLong(h *handle, n int64) (Block, error) {
	if n-1 > int64(f.set.opt.MaxLine) && !f.skipping {
		f.skip(f.off)
	}
	if f.skipping {
		f.skipping = false
		return Block{Source: f.id, Offset: f.off}, f.passOver(h, n)
	}
	data := make([]byte, n)
	if _, err := h.file.ReadAt(data, f.off); err != nil && err != io.EOF {
		return Block{}, err
	}
	if !f.stillIntact(h) {
		return Block{}, errCut
	}
	b := Block{Source: f.id, Offset: f.off, Data: data}
	f.scanned = 0
	f.advance(data)
	f.passed(f.off)
	return b, nil
}

// passOver moves the offset over n bytes without giving them.
func (f *File) passOver(h *handle, n int64) error {
	to := f.off + n
	last := make([]byte, min(to, tailSize))
	if _, err := h.file.ReadAt(last, to-int64(len(last))); err != nil && err != io.EOF {
		return err
	}
	if !f.stillIntact(h) {
		return errCut
	}
	f.off, f.scanned = to, 0
	f.tail = append(f.tail[:0], last...)
	f.passed(f.off)
	return nil
}

// stillIntact is intact for a read that did not take the tail along.
func (f *File) stillIntact(h *handle) bool {
	buf := f.set.buffers.get()
	defer f.set.buffers.put(buf)
	before := len(f.tail)
	n, err := h.file.ReadAt((*buf)[:before], f.off-int64(before))
	if err != nil && err != io.EOF {
		return false
	}
	return f.intact(h, (*buf)[:n], buf)
}
