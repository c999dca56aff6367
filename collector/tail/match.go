package tail

import (
	"bytes"
	"io"
	"os"
	"time"
)

// likeness says whether a physical file holds the bytes of a generation.
type likeness uint8

const (
	differs likeness = iota
	unclear          // too little is there to tell: look again
	same
	extends // the same, and more of them than the home
)

// seenHead is the beginning of an unknown file, kept between two looks.
type seenHead struct {
	size, mtime int64
	head        []byte
	final       bool      // there will be no more of it
	since       time.Time // when it was seen first
}

// match finds the generation that a physical file continues or copies. Only
// files of the same folder and stem are compared.
func (s *Set) match(c *candidate) (likeness, *File) {
	others := s.byKey[c.key()]
	if len(others) == 0 || s.isOwn(c.st.id) {
		return differs, nil
	}
	head, err := s.headOf(c)
	if err == errMoved {
		return unclear, nil
	}
	if err != nil {
		return differs, nil // it will say so when it is read
	}
	best := differs
	for i := len(others) - 1; i >= 0; i-- {
		like := s.compare(c, head, others[i])
		if like >= same {
			return like, others[i]
		}
		best = max(best, like)
	}
	return best, nil
}

// compare compares a physical file with what is known of a generation.
func (s *Set) compare(c *candidate, head seenHead, f *File) likeness {
	f.rd.Lock()
	defer f.rd.Unlock()
	f.mu.Lock()
	home := f.home
	f.mu.Unlock()
	if !c.name.rotated() {
		return f.compareAnew(c, head, home)
	}
	if home != nil && f.off == 0 && !f.learnHead(home) && len(f.head) == 0 && !home.gone() {
		return unclear // renamed since it was seen: it will be found again
	}
	n := min(len(head.head), len(f.head))
	if !bytes.Equal(head.head[:n], f.head[:n]) {
		return differs
	}
	telling := n == headSize || bytes.IndexByte(head.head[:n], '\n') >= 0 ||
		n > 0 && len(head.head) == len(f.head) && (head.final || c.name.pack == plain)
	packedHome := home != nil && home.pack != plain
	switch {
	case telling && !s.opt.Follow && (c.name.pack != plain || packedHome):
		return s.compareWhole(c, home)
	case telling && c.name.pack != plain:
		return same // what lies behind the head is compared later
	case telling && packedHome && f.off < headSize && !f.ended():
		return unclear // the more of it has been read, the more there is to compare
	case telling:
		return f.comparePlain(c, home)
	case s.opt.Follow && len(head.head) <= len(f.head) && len(f.head) > 0 && !head.final:
		return unclear
	}
	return differs
}

// compareAnew compares a file that has a name to be written to. It is a new
// generation, unless it was written anew, in the place of one that is gone,
// with all that has been read of that one. f.rd is held.
func (f *File) compareAnew(c *candidate, head seenHead, home *place) likeness {
	n := min(len(head.head), len(f.head))
	switch {
	case home != nil && home.missed == 0 || f.off < tailSize || !bytes.Equal(head.head[:n], f.head[:n]):
		return differs
	case c.st.size < f.off:
		return f.compareGrowing(c, head, home)
	case n < len(f.head):
		return differs
	}
	return f.comparePlain(c, nil)
}

// compareGrowing compares a file that has fewer bytes than have been read of the
// generation: it may be on its way back. f.rd is held.
func (f *File) compareGrowing(c *candidate, head seenHead, home *place) likeness {
	if c.st.id == f.cutAway() || time.Since(head.since) >= f.set.opt.Linger {
		return differs
	}
	if home == nil || home.pack != plain || c.st.size <= int64(len(f.head)) {
		return unclear
	}
	file, err := openKnown(c.path, c.st.id)
	if err != nil {
		return unclear
	}
	defer file.Close()
	return min(f.compareHome(file, c.st.size, home), unclear)
}

// comparePlain compares the last bytes that a plain file and the generation
// have in common. f.rd is held.
func (f *File) comparePlain(c *candidate, home *place) likeness {
	file, err := openKnown(c.path, c.st.id)
	if err != nil {
		return unclear
	}
	defer file.Close()
	st, err := statFile(file)
	if err != nil {
		return unclear
	}
	if home != nil && home.pack == plain {
		like := f.compareHome(file, st.size, home)
		if like != unclear || f.off == 0 && !home.gone() {
			return like
		}
	}
	if st.size < f.off {
		return same // all of it has been read
	}
	if bytes.Equal(f.tail, lastBytes(file, f.off, len(f.tail))) {
		return same
	}
	return differs
}

// compareHome compares the last of the first size bytes of a file with those
// of the home. It returns unclear where the home is no longer the generation's.
func (f *File) compareHome(file *os.File, size int64, home *place) likeness {
	h, err := f.set.handles.acquire(&f.main, home.path, home.id, home.pack)
	if err != nil {
		return unclear
	}
	defer f.set.handles.release(h)
	st, err := statFile(h.file)
	if err != nil || !f.stillIntact(h) {
		return unclear
	}
	n := int(min(size, tailSize))
	equal := size <= st.size && bytes.Equal(lastBytes(file, size, n), lastBytes(h.file, size, n))
	switch {
	case !f.stillIntact(h):
		return unclear
	case equal:
		return same
	}
	return differs
}

// lastBytes reads the n bytes before end, nil if they are not there.
func lastBytes(file *os.File, end int64, n int) []byte {
	b := make([]byte, n)
	if _, err := file.ReadAt(b, end-int64(n)); err != nil && err != io.EOF {
		return nil
	}
	return b
}

// learnHead reads the beginning of a home of which nothing has been read yet:
// through the handle if it is open, for the file may have lost its name. It
// returns false if it cannot. f.rd is held.
func (f *File) learnHead(home *place) bool {
	if len(f.head) == headSize || len(f.head) > 0 && home.pack != plain {
		return true
	}
	if home.pack == plain {
		h, err := f.set.handles.acquire(&f.main, home.path, home.id, home.pack)
		if err != nil {
			return false
		}
		defer f.set.handles.release(h)
		f.stillIntact(h) // takes a longer head over
		return true
	}
	head, _, err := readHead(home.path, home.id, home.pack)
	if err == nil && len(head) > len(f.head) && bytes.HasPrefix(head, f.head) {
		f.setHead(head)
	}
	return err == nil
}

// headOf reads the beginning of an unknown file, once while it does not change.
func (s *Set) headOf(c *candidate) (seenHead, error) {
	h, ok := s.heads[c.st.id]
	if ok && h.size == c.st.size && h.mtime == c.st.mtime {
		return h, nil
	}
	head, final, err := readHead(c.path, c.st.id, c.name.pack)
	if err != nil {
		return seenHead{}, err
	}
	if !ok {
		h.since = time.Now()
	}
	h = seenHead{size: c.st.size, mtime: c.st.mtime, head: head, final: final, since: h.since}
	s.heads[c.st.id] = h
	return h, nil
}

// forgetHeads keeps only the heads of files that are still unknown.
func (s *Set) forgetHeads(unknown []candidate) {
	if len(s.heads) == 0 {
		return
	}
	kept := map[fileID]seenHead{}
	for i := range unknown {
		id := unknown[i].st.id
		if h, ok := s.heads[id]; ok && s.byID[id] == nil {
			kept[id] = h
		}
	}
	s.heads = kept
}

// readHead returns the first bytes of a file, decompressed, and whether it can
// never have more.
func readHead(path string, id fileID, pack packing) (head []byte, final bool, err error) {
	file, err := openKnown(path, id)
	if err != nil {
		return nil, false, err
	}
	defer file.Close()
	head = make([]byte, headSize)
	if pack == plain {
		n, err := file.ReadAt(head, 0)
		if err == io.EOF {
			err = nil
		}
		return head[:n], false, err
	}
	d := newDecoder(file, pack)
	defer func() { d.close() }()
	n, err := d.fill(head)
	return head[:n], err != nil && err != errIncomplete, nil
}
