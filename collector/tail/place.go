package tail

import (
	"slices"
	"time"
)

// place is one physical file that holds bytes of a generation.
type place struct {
	path string
	id   fileID
	pack packing

	size, mtime int64     // as last seen
	sized       int64     // the size when the generation's beginning was known already
	since       time.Time // when they last changed
	look        uint64    // the last look at the disk that found it
	missed      int       // looks in a row that did not
	// checked: it holds the generation's bytes, not merely the same beginning;
	// longer: and more of them than the home did at that time.
	checked, longer bool
	anew            bool  // it was written in the place of one that is gone
	tried           int64 // its size when comparing it last told nothing
}

// goneAfter is how many looks in a row must miss a file before it counts as
// gone: one alone may have run into a rename.
const goneAfter = 2

func (p *place) gone() bool { return p.missed >= goneAfter }

// sighting is what it means to a source that one of its files was found.
type sighting struct {
	other   bool // the generation no longer lives in that file
	renamed bool
	revived bool // the source had ended, and there may be more
}

// saw notes where a physical file of this generation was found; stillAt says
// whether it is also still at another path.
func (f *File) saw(c *candidate, look uint64, stillAt func(path string) bool) (s sighting) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.placeOf(c.st.id)
	if p == nil {
		return sighting{other: true}
	}
	if p.anew && p != f.home && c.st.size < f.info.Offset { // truncated before it was gone on in
		f.detach(p)
		return sighting{other: true}
	}
	p.look, p.missed = look, 0
	if p.path != c.path && !stillAt(p.path) {
		s.renamed, p.path = true, c.path
		f.nameHome()
		f.more.Store(true)
	}
	if p == f.home {
		f.info.Size, f.lostAt = c.st.size, time.Time{}
		if len(f.head) > 0 {
			p.sized = c.st.size
		}
		f.main.keep.Store(false)
	}
	if p.size != c.st.size || p.mtime != c.st.mtime {
		p.size, p.mtime, p.since = c.st.size, c.st.mtime, time.Now()
		f.more.Store(true)
		s.revived = f.set.opt.Follow && f.revive(p)
	}
	return s
}

// aftermath is what a look at the disk left to do for a source.
type aftermath struct {
	gone    []fileID // no longer files of this source
	suspect *place   // a compressed copy to be compared with the home
	over    bool     // ended long ago: no copy is waited for any more
}

// afterLook counts the looks that did not find a physical file of this
// generation.
func (f *File) afterLook(look uint64) (a aftermath) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stream != nil {
		return a
	}
	if p := f.home; p != nil && p.look != look {
		p.missed++
		if f.lostAt.IsZero() {
			f.lostAt = time.Now()
		}
		f.main.keep.Store(!f.done && time.Since(f.lostAt) < forgetAfter)
		if f.done && p.gone() {
			a.gone = append(a.gone, p.id)
			f.home = nil
		}
	}
	f.copies = slices.DeleteFunc(f.copies, func(p *place) bool {
		if p.look != look {
			p.missed++
		}
		if p.gone() {
			a.gone = append(a.gone, p.id)
		}
		return p.gone()
	})
	for _, p := range f.copies {
		if !p.checked && f.home != nil && time.Since(p.since) >= f.set.opt.Linger && p.size != p.tried {
			a.suspect = p
		}
	}
	if !f.done && (f.home == nil || f.home.missed > 0 || f.info.Err != nil) {
		f.more.Store(true) // time has passed, and that may decide something
	}
	a.over = f.done && f.home == nil && len(f.copies) == 0 && time.Since(f.lostAt) > forgetAfter
	return a
}

// placeOf returns the place with that identity; f.mu is held.
func (f *File) placeOf(id fileID) *place {
	if f.home != nil && f.home.id == id {
		return f.home
	}
	for _, p := range f.copies {
		if p.id == id {
			return p
		}
	}
	return nil
}

// attach adds a physical file that holds the same generation, and returns what
// revive does.
func (f *File) attach(p *place) (revived bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.copies = append(f.copies, p)
	f.more.Store(true)
	return f.revive(p)
}

// revive undoes the end of the source if p, its home or a copy, may hold more, or
// took the home's place and may yet be written to.
// It returns true if Next has already told of that end. f.mu is held.
func (f *File) revive(p *place) bool {
	if !f.done || f.home != nil && f.home != p || p.pack == plain && p.size <= f.info.Offset && !p.anew {
		return false
	}
	f.done, f.info.Done, f.info.Lost, f.info.Err = false, false, 0, nil
	f.more.Store(true)
	told := f.told
	f.told = false
	return told
}

// detach gives up a physical file; f.mu is held.
func (f *File) detach(p *place) {
	if f.home == p {
		f.home = nil
	}
	f.copies = slices.DeleteFunc(f.copies, func(q *place) bool { return q == p })
}

// adopt makes one of the copies the home, and says whether there was one that
// can hold more than has been read.
func (f *File) adopt() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	best := f.bestCopy()
	if best == nil {
		return false
	}
	f.detach(best)
	f.home, f.lostAt, f.stuck = best, time.Time{}, stuckAt{}
	f.nameHome()
	return true
}

// bestCopy returns the copy that is the easiest to go on in, nil if none can
// hold more than has been read; f.mu is held.
func (f *File) bestCopy() *place {
	var best *place
	for _, p := range f.copies {
		if p.pack == plain && p.size < f.off {
			continue
		}
		if best == nil || p.pack < best.pack {
			best = p
		}
	}
	return best
}

// nameHome tells the world where the source is now; f.mu is held.
func (f *File) nameHome() {
	if p := f.home; p != nil {
		f.info.Path, f.info.Name = p.path, f.set.shortName(p.path)
		f.info.Size, f.info.Compressed = p.size, p.pack != plain
	}
}

// lose gives the home up: it was truncated, or removed. f.rd is held.
func (f *File) lose(why error) {
	f.mu.Lock()
	if f.home != nil {
		f.lastHome = f.home.id
	}
	f.home = nil
	if f.lostAt.IsZero() {
		f.lostAt = time.Now()
	}
	f.lostWhy = why
	f.mu.Unlock()
	f.scanned = 0
	f.main.keep.Store(false)
	f.set.handles.drop(&f.main)
	f.set.askLook()
}
