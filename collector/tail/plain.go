package tail

import (
	"bytes"
	"io"
)

// A plain file is read with ReadAt, never mapped: a truncation would turn a
// mapping into a fatal signal. Every read takes the last bytes before the
// offset along, and the file's first bytes are read after it. Are both as they
// were, then the bytes between were of this generation when they were read: a
// truncation before the read would show in one of them.

// readPlain reads a block that ends with a newline.
func (f *File) readPlain(h *handle, p *place) (Block, error) {
	if f.scanned > 0 || f.skipping {
		return f.readLong(h)
	}
	if f.shrunk(h, p) {
		return Block{}, errCut
	}
	pool := &f.set.buffers
	buf := pool.get()
	before := len(f.tail)
	n, err := h.file.ReadAt((*buf)[:before+f.set.opt.BlockSize], f.off-int64(before))
	if err != nil && err != io.EOF {
		pool.put(buf)
		return Block{}, err
	}
	if !f.intact(h, (*buf)[:min(n, before)], buf) {
		pool.put(buf)
		return Block{}, errCut
	}
	data := (*buf)[before:n]
	f.reach = max(f.reach, p.sized, f.off+int64(len(data)))
	if data = f.passHole(data); len(data) > 0 {
		if i := bytes.LastIndexByte(data, '\n'); i >= 0 {
			b := Block{Source: f.id, Offset: f.off, Data: data[:i+1], buf: buf, pool: pool}
			f.advance(b.Data)
			f.passed(f.off)
			return b, nil
		}
	}
	full := err == nil
	pool.put(buf)
	if !full {
		f.passed(f.off)
		return Block{}, errAtEnd
	}
	return f.readLong(h)
}

// shrunk says whether a file was truncated before the first of it was read:
// there is nothing to compare yet but its size.
func (f *File) shrunk(h *handle, p *place) bool {
	if f.off > 0 || len(f.head) > 0 || p.size == 0 {
		return false
	}
	st, err := statFile(h.file)
	if err != nil || st.size >= p.size {
		return false
	}
	f.reach = p.size
	return true
}

// passHole moves the offset over NUL bytes that open a generation: a writer
// without O_APPEND goes on at its old offset after a truncation and leaves a
// hole before it. Other NUL bytes are data like any.
func (f *File) passHole(data []byte) []byte {
	if f.started || len(data) == 0 {
		return data
	}
	rest := bytes.TrimLeft(data, "\x00")
	f.started = len(rest) > 0
	if hole := len(data) - len(rest); hole > 0 {
		f.advance(data[:hole])
	}
	return rest
}

// intact says whether the open file still holds this generation: before is
// what it holds just before the offset, the end of buf is room for its head.
func (f *File) intact(h *handle, before []byte, buf *[]byte) bool {
	if !bytes.Equal(before, f.tail) {
		return false
	}
	room := (*buf)[len(*buf)-headSize:]
	n, err := h.file.ReadAt(room, 0)
	if err != nil && err != io.EOF {
		return false
	}
	if !bytes.HasPrefix(room[:n], f.head) {
		return false
	}
	if n > len(f.head) {
		f.setHead(bytes.Clone(room[:n]))
	}
	return true
}

// readRest reads what follows the last newline of the home, if it is not the
// end of a line that is being skipped.
func (f *File) readRest(p *place) (Block, error) {
	if f.skipping {
		return Block{}, nil
	}
	h, err := f.set.handles.acquire(&f.main, p.path, p.id, p.pack)
	if err != nil {
		return Block{}, err
	}
	defer f.set.handles.release(h)
	st, err := statFile(h.file)
	if err != nil || st.size <= f.off {
		return Block{}, err
	}
	data := make([]byte, min(st.size-f.off, int64(f.set.opt.MaxLine)))
	n, err := h.file.ReadAt(data, f.off)
	if err != nil && err != io.EOF {
		return Block{}, err
	}
	if !f.stillIntact(h) {
		return Block{}, nil
	}
	b := Block{Source: f.id, Offset: f.off, Data: data[:n]}
	f.advance(b.Data)
	f.passed(f.off)
	return b, nil
}
