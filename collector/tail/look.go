package tail

import (
	"cmp"
	"slices"
	"time"
)

// A look at the disk is the truth; notices from the system only say when it is
// worth while. Its own cost bounds how often it is taken.
const (
	costShare      = 20  // at most 1/20 of the time goes into regular looks
	costShareQuiet = 100 // 1/100 where the system also gives notice of changes
	costShareAsked = 4   // 1/4 while there is a reason for each

	// hastyLooks is how often a look is repeated, when not following, because
	// files were renamed while it was taken.
	hastyLooks = 4
)

// Scan returns the files that were found since the last call, in a fixed
// order: by folder and stem, and of one stem the oldest first. It is cheap
// when no look at the disk is due. A file that had ended is returned again if
// a copy turns up that may hold more of it. Without Options.Follow one call
// returns everything.
func (s *Set) Scan() []*File {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opt.Follow && (s.look == 0 || time.Until(s.dueAt()) <= 0) {
		s.lookAround()
	}
	for !s.opt.Follow && !s.frozen {
		s.lookAround()
		s.frozen = !s.hasty || s.look >= hastyLooks
	}
	found := s.found
	s.found = nil
	return found
}

// dueAt is when the next look is to be taken; s.mu is held.
func (s *Set) dueAt() time.Time {
	pause := max(s.pause, s.cost*costShare)
	switch {
	case s.asked.Load():
		pause = s.cost * costShareAsked
	case s.watch.covers():
		pause = max(s.pause, s.cost*costShareQuiet)
	}
	return s.last.Add(pause)
}

// askLook wants a look at the disk soon. Any lock may be held.
func (s *Set) askLook() {
	s.asked.Store(true)
	s.wakeUp()
}

func (s *Set) wakeUp() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// lookNow takes a look at the disk; no lock is held.
func (s *Set) lookNow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lookAround()
}

func (s *Set) lookAround() {
	if s.closed.Load() {
		s.frozen = true
		return
	}
	start := time.Now()
	s.asked.Store(false)
	s.hasty = false
	if s.progress.Swap(false) {
		s.pause = s.opt.PollMin
	} else {
		s.pause = min(2*s.pause, s.opt.PollMax)
	}
	s.look++
	l := s.list()
	unknown := s.recognise(l)
	s.active = slices.DeleteFunc(s.active, s.settle)
	s.admit(s.noticeCuts(l, unknown))
	s.share.Lock()
	s.problems, s.waiting = l.problems, l.waiting
	s.share.Unlock()
	s.watch.update(l, s.moved)
	s.moved = false
	s.last = time.Now()
	s.cost = s.last.Sub(start)
}

// settle does what is left to do for a file after a look, and says whether the
// file can be forgotten.
func (s *Set) settle(f *File) bool {
	after := f.afterLook(s.look)
	for _, id := range after.gone {
		if s.byID[id] == f {
			delete(s.byID, id)
		}
	}
	if after.suspect != nil {
		s.checkLater(f, after.suspect)
	}
	if !after.over {
		return false
	}
	for _, key := range f.keys {
		s.byKey[key] = slices.DeleteFunc(s.byKey[key], func(g *File) bool { return g == f })
		if len(s.byKey[key]) == 0 {
			delete(s.byKey, key)
		}
	}
	f.rd.Lock()
	defer f.rd.Unlock()
	f.setHead(nil)
	f.tail = nil
	return true
}

// recognise tells the files that are known what was seen of them, and returns
// the candidates that are not.
func (s *Set) recognise(l *listing) (unknown []candidate) {
	for i := range l.found {
		c := &l.found[i]
		f := s.byID[c.st.id]
		if f == nil {
			unknown = append(unknown, *c)
			continue
		}
		saw := f.saw(c, s.look, func(path string) bool { return l.at[path] == c.st.id })
		if saw.other {
			delete(s.byID, c.st.id)
			unknown = append(unknown, *c)
		}
		if saw.renamed {
			s.moved = true
			s.index(f, c.key())
		}
		if saw.revived {
			s.handles.drop(&f.main)
			s.found = append(s.found, f)
		}
	}
	return unknown
}

// noticeCuts adds the files that were truncated since they were last read, for
// a new rotated name may be the copy of what such a file holds now: were it
// met first, it would be read as a source of its own.
func (s *Set) noticeCuts(l *listing, unknown []candidate) []candidate {
	asked := map[*File]bool{}
	for _, c := range unknown {
		if !c.name.rotated() {
			continue
		}
		for _, f := range s.byKey[c.key()] {
			if asked[f] {
				continue
			}
			asked[f] = true
			f.noticeCut()
			id := f.cutAway()
			if s.byID[id] != f {
				continue
			}
			delete(s.byID, id)
			if i := slices.IndexFunc(l.found, func(c candidate) bool { return c.st.id == id }); i >= 0 {
				unknown = append(unknown, l.found[i])
			}
		}
	}
	return unknown
}

// noticeCut gives the home up if it no longer holds this generation.
func (f *File) noticeCut() {
	f.rd.Lock()
	defer f.rd.Unlock()
	f.mu.Lock()
	home := f.home
	f.mu.Unlock()
	if home == nil || home.pack != plain {
		return
	}
	h, err := f.set.handles.acquire(&f.main, home.path, home.id, home.pack)
	if err != nil {
		return
	}
	defer f.set.handles.release(h)
	if !f.stillIntact(h) {
		f.lose(errCut)
	}
}

// cutAway returns the file that was given up last.
func (f *File) cutAway() fileID {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.lastHome
}

// admit finds out what unknown files are, and adds those that are sources.
// Names that are written to come first and compressed ones last, so that a
// copy is met after what it is a copy of.
func (s *Set) admit(unknown []candidate) {
	slices.SortStableFunc(unknown, func(a, b candidate) int {
		return cmp.Compare(a.name.rank(), b.name.rank())
	})
	var fresh []*File
	for i := range unknown {
		c := &unknown[i]
		if s.byID[c.st.id] != nil { // another name of a file just added
			continue
		}
		if f := s.identify(c); f != nil {
			fresh = append(fresh, f)
		}
	}
	s.forgetHeads(unknown)
	slices.SortFunc(fresh, func(a, b *File) int { return comparePaths(a.info.Path, b.info.Path) })
	for _, f := range fresh {
		s.publish(f)
	}
	s.active = append(s.active, fresh...)
	s.found = append(s.found, fresh...)
}

func (n logName) rank() int {
	rank := int(n.pack) * 2
	if n.mark != "" {
		rank++
	}
	return rank
}

// identify attaches a physical file to the source that it continues or copies,
// or returns the new source that it is.
func (s *Set) identify(c *candidate) *File {
	if c.st.kind == kindPipe {
		if s.frozen {
			return nil
		}
		return s.addPipe(c)
	}
	p := &place{path: c.path, id: c.st.id, pack: c.name.pack, size: c.st.size, mtime: c.st.mtime, since: time.Now(), look: s.look}
	s.moved = true
	switch like, f := s.match(c); {
	case like >= same:
		p.checked, p.longer = p.pack == plain || !s.opt.Follow, like == extends
		p.anew = !c.name.rotated()
		s.byID[p.id] = f
		if f.attach(p) {
			s.found = append(s.found, f)
		}
		return nil
	case like == unclear && (s.opt.Follow || s.look < hastyLooks):
		s.hasty = true
		return nil
	case !c.wanted || s.frozen && !s.isOwn(p.id):
		return nil
	}
	f := &File{set: s, home: p}
	f.more.Store(true)
	f.nameHome()
	s.byID[p.id] = f
	s.index(f, c.key())
	return f
}

// index finds the file by that folder and stem from now on.
func (s *Set) index(f *File, key string) {
	if !slices.Contains(f.keys, key) {
		f.keys = append(f.keys, key)
		s.byKey[key] = append(s.byKey[key], f)
	}
}
