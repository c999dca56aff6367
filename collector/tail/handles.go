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
	used   list.List // of *handle, longest unused first
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
	elem *list.Element // in handles.used
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
	h.elem = c.used.PushBack(h)
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
	file, err := openKnown(path, id)
	for errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		c.mu.Lock()
		freed := c.evict()
		c.mu.Unlock()
		if !freed {
			break
		}
		file, err = openKnown(path, id)
	}
	if err != nil {
		return nil, err
	}
	h := &handle{file: file, id: id}
	if pack != plain {
		h.dec = newDecoder(file, pack)
		h.mem = h.dec.memory()
	}
	return h, nil
}

// openKnown opens path if it leads to the file id, else it returns errMoved.
func openKnown(path string, id fileID) (*os.File, error) {
	file, err := openFile(path)
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
	return file, nil
}

func (c *handles) take(h *handle) {
	h.refs++
	c.used.MoveToBack(h.elem)
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
		c.used.MoveToBack(h.elem)
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

// evict closes the handle that was used longest ago, of those that no one uses
// and that are not the last way to their file.
func (c *handles) evict() bool {
	for e, n := c.used.Front(), c.used.Len(); n > 0; n-- {
		h, next := e.Value.(*handle), e.Next()
		switch {
		case h.refs > 0:
		case h.slot.keep.Load() || h.unlinked():
			c.used.MoveToBack(e)
		default:
			c.remove(h)
			return true
		}
		e = next
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
	c.used.Remove(h.elem)
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
	for e := c.used.Front(); e != nil; {
		h := e.Value.(*handle)
		e = e.Next()
		if h.refs == 0 {
			c.remove(h)
		}
	}
}
