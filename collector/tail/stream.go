package tail

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"sync"
)

const streamChunk = 64 << 10

// stream is a source that cannot be read twice. A goroutine reads it into a
// bounded buffer and stops reading while that is full, so that the writer
// waits; what was read is kept in a spill.
type stream struct {
	set   *Set
	spill *spill

	mu       sync.Mutex
	drained  sync.Cond // something was taken from pending
	pending  []byte    // begins at off; ends with a partial line
	whole    int       // bytes of pending that are whole lines
	off      int64
	skipping bool
	ended    bool
	closed   bool
	err      error
	skipped  int64
	skipAt   int64
	stop     func() error // interrupts the reading
}

// AddStream makes r a source: standard input, a pipe. Its File has the same
// Next as one that is read from disk, and while its blocks are not taken r is
// not read on. What was read is kept for ReadBack up to Options.SpillSize. The
// File is not returned by Scan. Close does not close r.
func (s *Set) AddStream(r io.Reader, name string) *File {
	f := s.newStream(name, name)
	s.publish(f)
	go f.stream.run(r)
	return f
}

func (s *Set) newStream(path, name string) *File {
	st := &stream{set: s, spill: newSpill(s.opt.SpillSize), stop: func() error { return nil }}
	st.drained.L = &st.mu
	return &File{set: s, stream: st, info: SourceInfo{Path: path, Name: name}}
}

func (st *stream) run(r io.Reader) {
	chunk := make([]byte, min(streamChunk, st.set.opt.MaxLine)) // so that only lines over two chunks can be too long
	for {
		n, err := r.Read(chunk)
		st.spill.write(chunk[:n])
		if !st.take(chunk[:n]) {
			return
		}
		if err != nil {
			st.end(err)
			return
		}
	}
}

func (st *stream) end(err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.ended = true
	if err != io.EOF && !st.closed {
		st.err = err
	}
	st.set.wakeUp()
}

// take adds what was read to pending and waits while that is full. It returns
// false when the stream was closed.
func (st *stream) take(data []byte) bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	for len(data) > 0 && !st.closed {
		line := bytes.IndexByte(data, '\n') + 1
		switch {
		case st.skipping:
			if line == 0 {
				line = len(data)
			} else {
				st.skipping = false
			}
			st.off += int64(line)
			data = data[line:]
		case st.tooLong(line, len(data)):
			st.skipLine()
		default:
			if i := bytes.LastIndexByte(data, '\n'); i >= 0 {
				st.whole = len(st.pending) + i + 1
			}
			st.pending = append(st.pending, data...)
			data = nil
		}
	}
	if st.whole > 0 {
		st.set.wakeUp()
	}
	for st.whole > 0 && len(st.pending) >= 2*st.set.opt.BlockSize && !st.closed {
		st.drained.Wait()
	}
	return !st.closed
}

// tooLong says whether the partial line in pending gets too long with the data
// that follows it, whose first line ends at line (0: it has no end).
func (st *stream) tooLong(line, n int) bool {
	partial := len(st.pending) - st.whole
	if line > 0 {
		n = line - 1
	}
	return partial+n > st.set.opt.MaxLine
}

// skipLine drops the partial line once the lines before it have been taken.
func (st *stream) skipLine() {
	for st.whole > 0 && !st.closed {
		st.set.wakeUp()
		st.drained.Wait()
	}
	if st.skipped == 0 {
		st.skipAt = st.off
	}
	st.skipped++
	st.skipping = true
	st.off += int64(len(st.pending))
	st.pending = nil
}

// next is Next of the stream's File.
func (st *stream) next(f *File) (Block, error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	n := st.ready()
	switch {
	case st.closed:
		return Block{}, fs.ErrClosed
	case n == 0 && st.ended:
		return Block{}, io.EOF
	case n == 0:
		return Block{}, ErrNoData
	}
	b := Block{Source: f.id, Offset: st.off}
	if pool := &st.set.buffers; n <= pool.size {
		b.buf, b.pool = pool.get(), pool
		b.Data = (*b.buf)[:n]
	} else {
		b.Data = make([]byte, n)
	}
	copy(b.Data, st.pending)
	st.pending = append(st.pending[:0], st.pending[n:]...)
	if cap(st.pending) > 8*st.set.opt.BlockSize { // a long line is over
		st.pending = bytes.Clone(st.pending)
	}
	st.whole = max(st.whole-n, 0)
	st.off += int64(n)
	st.drained.Broadcast()
	return b, nil
}

// ready is how many bytes of pending make the next block.
func (st *stream) ready() int {
	size := st.set.opt.BlockSize
	block := st.pending[:min(st.whole, size)]
	if i := bytes.LastIndexByte(block, '\n'); i >= 0 {
		return i + 1
	}
	if st.whole > 0 {
		return size + bytes.IndexByte(st.pending[size:], '\n') + 1
	}
	if st.ended {
		return len(st.pending)
	}
	return 0
}

func (st *stream) describe(info *SourceInfo) {
	st.mu.Lock()
	defer st.mu.Unlock()
	info.Offset, info.Read = st.off, st.off
	info.Size = st.off + int64(len(st.pending))
	info.Done = st.ended && len(st.pending) == 0
	info.Err = st.err
	info.Skipped, info.SkippedAt = st.skipped, st.skipAt
	if st.skipped > 0 {
		info.SkippedWhy = tooLongText(st.set.opt.MaxLine)
	}
}

func (st *stream) readBack(offset int64, n int) ([]byte, error) {
	data, err := st.spill.read(offset, n)
	if err != nil {
		return nil, fmt.Errorf("stream: cannot read %d bytes at offset %d again: %w", n, offset, err)
	}
	return data, nil
}

func (st *stream) close() error {
	st.mu.Lock()
	st.closed = true
	stop := st.stop
	st.drained.Broadcast()
	st.mu.Unlock()
	st.spill.close()
	return stop()
}
