package tail

import "time"

// Looks is how many looks at the disk were taken.
func (s *Set) Looks() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.look
}

// Ask brings the next look at the disk forward, as a notice from the system
// does.
func (s *Set) Ask() { s.askLook() }

// LookNow takes a look at the disk.
func (s *Set) LookNow() { s.lookNow() }

// Age makes all that was lost be lost, and all that is not known yet be there,
// for longer by d.
func (s *Set) Age(d time.Duration) {
	s.mu.Lock()
	for id, h := range s.heads {
		h.since = h.since.Add(-d)
		s.heads[id] = h
	}
	s.mu.Unlock()
	for _, f := range s.all() {
		f.mu.Lock()
		if !f.lostAt.IsZero() {
			f.lostAt = f.lostAt.Add(-d)
		}
		f.mu.Unlock()
	}
}

// Known is how many sources a copy can still be told by.
func (s *Set) Known() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.active)
}
