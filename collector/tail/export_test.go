package tail

// Looks is how many looks at the disk were taken.
func (s *Set) Looks() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.look
}

// Ask brings the next look at the disk forward, as a notice from the system
// does.
func (s *Set) Ask() { s.askLook() }
