package tail

import (
	"container/list"
	"errors"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
)

// errMoved says that a path does not lead to the file that was known there.
var errMoved = errors.New("the file is no longer at this path")

// handles keeps a bounded number of files open, closing the one that was used
// longest ago. All methods may be called from any goroutine; they do not call
// back, so its lock may be taken while holding any other.
type handles struct {
	max    int
	maxMem int64

	mu     sync.Mutex
	open   int
	mem    int64
	idle   list.List // of *handle, longest unused first
	kept   list.List // idle too, but the last way to their files
	closed bool
}

// slot is a place that one open file can be kept in between two uses.
type slot struct {
	h    *handle     // guarded by handles.mu
	keep atomic.Bool // the handle is the only way to the file: never close it for room
}

// handle is an open file. A plain one may be read by several goroutines with
// ReadAt; a slot and the decoder of a compressed file have one user at a time.
type handle struct {
	file *os.File
	id   fileID
	dec  *decoder // nil for a plain file

	slot *slot
	refs int
	mem  int64
	in   *list.List // idle or kept when refs is 0
	elem *list.Element
}

// acquire returns the slot's handle on the file id, opening path if it must.
// It returns errMoved where path leads to another file or to none.
func (c *handles) acquire(sl *slot, path string, id fileID, pack packing) (*handle, error) {
	c.mu.Lock()
	if h := sl.h; h != nil && h.id == id {
		c.take(h)
		c.mu.Unlock()
		return h, nil
	}
	if c.closed {
		c.mu.Unlock()
		return nil, fs.ErrClosed
	}
	c.forget(sl)
	c.open++
	c.makeRoom()
	c.mu.Unlock()

	h, err := c.openHandle(path, id, pack)

	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.open--
		return nil, err
	}
	h.slot, h.refs, sl.h = sl, 1, h
	c.mem += h.mem
	c.makeRoom()
	return h, nil
}

// borrow returns the slot's handle if it is open on the file id, else nil.
func (c *handles) borrow(sl *slot, id fileID) *handle {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h := sl.h; h != nil && h.id == id {
		c.take(h)
		return h
	}
	return nil
}

func (c *handles) openHandle(path string, id fileID, pack packing) (*handle, error) {
	file, err := openFile(path)
	for errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		c.mu.Lock()
		freed := c.evict()
		c.mu.Unlock()
		if !freed {
			break
		}
		file, err = openFile(path)
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, errMoved
	}
	if err != nil {
		return nil, err
	}
	st, err := statFile(file)
	if err == nil && st.id != id {
		err = errMoved
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	h := &handle{file: file, id: id}
	if pack != plain {
		h.dec = newDecoder(file, pack)
		h.mem = h.dec.memory()
	}
	return h, nil
}

func (c *handles) take(h *handle) {
	h.refs++
	h.leave()
}

func (h *handle) leave() {
	if h.in != nil {
		h.in.Remove(h.elem)
		h.in, h.elem = nil, nil
	}
}

func (h *handle) enter(l *list.List) {
	h.in, h.elem = l, l.PushBack(h)
}

// release ends one use of a handle.
func (c *handles) release(h *handle) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h.refs--
	switch {
	case h.refs > 0:
	case h.slot == nil || c.closed:
		c.remove(h)
	default:
		h.enter(&c.idle)
	}
}

// drop empties a slot; its file is closed when the last use ends.
func (c *handles) drop(sl *slot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget(sl)
}

func (c *handles) forget(sl *slot) {
	h := sl.h
	if h == nil {
		return
	}
	sl.h, h.slot = nil, nil
	if h.refs == 0 {
		c.remove(h)
	}
}

func (c *handles) makeRoom() {
	for (c.open > c.max || c.mem > c.maxMem) && c.evict() {
	}
}

// evict closes the handle that was used longest ago, passing over those that
// are the last way to their file until they are used again.
func (c *handles) evict() bool {
	for e := c.idle.Front(); e != nil; e = c.idle.Front() {
		h := e.Value.(*handle)
		if h.slot.keep.Load() || h.unlinked() {
			h.leave()
			h.enter(&c.kept)
			continue
		}
		c.remove(h)
		return true
	}
	return false
}

func (h *handle) unlinked() bool {
	st, err := statFile(h.file)
	return err == nil && st.links == 0
}

func (c *handles) remove(h *handle) {
	if h.slot != nil {
		h.slot.h, h.slot = nil, nil
	}
	h.leave()
	c.mem -= h.mem
	c.shut(h)
}

func (c *handles) shut(h *handle) {
	c.open--
	if h.dec != nil {
		h.dec.close()
	}
	h.file.Close()
}

// close closes what is idle; what is in use is closed as its use ends.
func (c *handles) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, l := range []*list.List{&c.idle, &c.kept} {
		for e := l.Front(); e != nil; e = l.Front() {
			c.remove(e.Value.(*handle))
		}
	}
}
