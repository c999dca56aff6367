package tail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
)

// backSlots is how many files ReadBack keeps open besides those being read.
const backSlots = 8

// ReadBack reads n bytes of a source again, from an offset that a Block had:
// also after the file was renamed, truncated with a copy, or compressed. In a
// compressed file it has to decompress all that comes before. Any goroutine
// may call it. n is at most Options.MaxLine and one. The error says why the
// bytes are no longer to be had.
func (s *Set) ReadBack(source uint32, offset int64, n int) ([]byte, error) {
	f := s.source(source)
	if f == nil {
		return nil, fmt.Errorf("no source %d: there are %d", source, len(s.all()))
	}
	if offset < 0 || n < 0 || n > s.opt.MaxLine+1 {
		return nil, fmt.Errorf("%s: cannot read %d bytes at offset %d: at most %d from 0 upwards", f.Info().Name, n, offset, s.opt.MaxLine+1)
	}
	if f.stream != nil {
		return f.stream.readBack(offset, n)
	}
	data, err := s.readAnyPlace(f, offset, n)
	if err != nil {
		s.lookNow() // it may have been renamed or copied a moment ago
		data, err = s.readAnyPlace(f, offset, n)
	}
	if err != nil {
		info := f.Info()
		return nil, fmt.Errorf("%s: the %d bytes at offset %d can no longer be read: %w (last seen at %s)", info.Name, n, offset, err, info.Path)
	}
	return data, nil
}

// readAnyPlace tries the physical files that hold the generation in turn.
func (s *Set) readAnyPlace(f *File, offset int64, n int) ([]byte, error) {
	f.mu.Lock()
	head := f.head
	var places []place
	if f.home != nil {
		places = append(places, *f.home)
	}
	for _, p := range f.copies {
		places = append(places, *p)
	}
	err := f.lostWhy
	f.mu.Unlock()
	if err == nil {
		err = errRemoved
	}
	for i := range places {
		var data []byte
		if data, err = s.readPlace(f, &places[i], head, offset, n); err == nil {
			return data, nil
		}
	}
	return nil, err
}

func (s *Set) readPlace(f *File, p *place, head []byte, offset int64, n int) ([]byte, error) {
	if p.pack == plain {
		if h := s.handles.borrow(&f.main, p.id); h != nil {
			defer s.handles.release(h)
			return readRange(h, head, offset, n)
		}
	}
	sl, done := s.back.slot(f.id, p.id)
	defer done()
	h, err := s.handles.acquire(sl, p.path, p.id, p.pack)
	if err == nil && h.dec != nil && (h.dec.pos > offset || h.dec.err != nil) { // it only reads forwards
		s.handles.release(h)
		s.handles.drop(sl)
		h, err = s.handles.acquire(sl, p.path, p.id, p.pack)
	}
	if err != nil {
		return nil, err
	}
	defer s.handles.release(h)
	if h.dec != nil {
		return s.decodeRange(h.dec, offset, n)
	}
	return readRange(h, head, offset, n)
}

// readRange reads from a plain file that begins with head; another one has
// taken its place otherwise.
func readRange(h *handle, head []byte, offset int64, n int) ([]byte, error) {
	data := make([]byte, n)
	if _, err := h.file.ReadAt(data, offset); err != nil {
		if err == io.EOF {
			err = errCut
		}
		return nil, err
	}
	now := make([]byte, len(head))
	if _, err := h.file.ReadAt(now, 0); err != nil && err != io.EOF {
		return nil, err
	}
	if !bytes.Equal(now, head) {
		return nil, errCut
	}
	return data, nil
}

func (s *Set) decodeRange(d *decoder, offset int64, n int) ([]byte, error) {
	buf := s.buffers.get()
	defer s.buffers.put(buf)
	for d.pos < offset {
		if s.closed.Load() {
			return nil, errors.New("closed")
		}
		if _, err := d.fill((*buf)[:min(int64(len(*buf)), offset-d.pos)]); err != nil {
			return nil, short(err)
		}
	}
	data := make([]byte, n)
	if k, err := d.fill(data); k < n {
		return nil, short(err)
	}
	return data, nil
}

func short(err error) error {
	if err == io.EOF {
		return errIncomplete
	}
	return err
}

// backReader lends slots to ReadBack, so that reading on in a compressed file
// need not start again.
type backReader struct {
	set *Set

	mu    sync.Mutex
	slots []*backSlot // the longest unused first
}

type backSlot struct {
	slot
	source uint32
	id     fileID
	busy   bool
}

// slot returns a slot that no one else uses until done is called: the one that
// was used for this file before, if there is one.
func (b *backReader) slot(source uint32, id fileID) (sl *slot, done func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.slots, func(s *backSlot) bool { return !s.busy && s.source == source && s.id == id })
	if i < 0 && len(b.slots) >= backSlots {
		i = slices.IndexFunc(b.slots, func(s *backSlot) bool { return !s.busy })
	}
	found := &backSlot{}
	if i >= 0 {
		found = b.slots[i]
		b.slots = slices.Delete(b.slots, i, i+1)
		if found.source != source || found.id != id {
			b.set.handles.drop(&found.slot)
		}
	}
	found.source, found.id, found.busy = source, id, true
	b.slots = append(b.slots, found)
	return &found.slot, func() { b.giveBack(found) }
}

func (b *backReader) giveBack(s *backSlot) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s.busy = false
	for len(b.slots) > backSlots {
		i := slices.IndexFunc(b.slots, func(s *backSlot) bool { return !s.busy })
		if i < 0 {
			return
		}
		b.set.handles.drop(&b.slots[i].slot)
		b.slots = slices.Delete(b.slots, i, i+1)
	}
}
