package model

// sync says that requests and replies can be counted off where the log has the
// connection from its first byte on.
func (st *sessionState) sync(units []*unit) {
	if len(units) > 0 && units[0].hasOff && units[0].off == 0 {
		st.synced = true
	}
}

// countOff settles the first of the replies by their place in the byte order of
// the wire alone, and returns how many: where all is known, the n-th reply
// answers the n-th request. It stops where a message contradicts that, for then
// something is not known.
func (s *Store) countOff(st *sessionState, units []*unit, replies []reply) int {
	n := 0
	for n < min(len(units), len(replies)) {
		u, r := units[n], &replies[n]
		if !u.hasOff || !r.hasOff || !u.sentBefore(r) || s.judge(u, r).against != 0 {
			break
		}
		n++
	}
	for i := range n {
		s.settleReply(st, &replies[i], units, choice{unit: i, wire: true})
	}
	return n
}

// placed says that the message is known to be at its offset, or before it.
func (a *stamp) placed() bool { return a.hasOff || a.atMost }

// doubtful says that the message may not be at its offset, but before it.
func (a *stamp) doubtful() bool { return a.atMost && !a.hasOff }

// end is the offset behind the message.
func (a *stamp) end() int64 { return a.off + a.size }

// place finds out which of the messages, both in the order of the wire, stand
// where they were placed. Where all do, and all requests before the units have
// their replies, the first reply is the first unit's.
func (st *sessionState) place(units []*unit, replies []reply) {
	asked := prove(st.asked, len(units), func(i int) *stamp { return &units[i].stamp })
	answered := prove(st.answered, len(replies), func(i int) *stamp { return &replies[i].stamp })
	st.synced = st.synced && asked && answered
	if st.synced && st.asked == 0 && len(units) > 0 && units[0].size > 0 && replies[0].size > 0 {
		st.asked, replies[0].joined = units[0].off, true
	}
}

// prove settles the offsets of n messages of one direction, where end is the
// offset up to which it is settled, 0 if that is not known. An offset that is
// the greatest possible is too great if others wrote or read between the
// message and the kernel's count of it: then theirs overlap with it, or it
// leaves a gap where it was. One that does neither is right.
func prove(end int64, n int, at func(int) *stamp) bool {
	all, open := true, end == 0 // open: no end to hold the next one against
	exact, sure := true, true   // of the one before: proved, or at least alone where it is
	for i := range n {
		m := at(i)
		if !m.placed() {
			open, exact, sure = true, false, false
			continue
		}
		alone := m.off >= end && (i == n-1 || !at(i+1).placed() || at(i+1).off >= m.end())
		m.apart = alone && sure && !open && m.off > end
		if m.doubtful() {
			m.hasOff = alone && !m.apart && (open || m.off == end)
			all = all && m.hasOff
		}
		m.joined = m.hasOff && exact && !open && m.off == end
		exact, sure = m.hasOff, m.hasOff || m.apart
		end, open = max(end, m.end()), m.size == 0
	}
	return all
}

// passed notes that the reply is settled, as the unit's, nil for nobody's.
func (st *sessionState) passed(r *reply, u *unit) {
	if !r.placed() || r.end() < st.answered {
		return
	}
	st.answered, st.asked = r.end(), 0
	if u != nil && u.hasOff && r.hasOff && !r.anonymous() {
		st.asked = u.end()
	}
}

// turnCost is what it costs to give the reply to the unit, where that before it
// answers the request that ends at asked, 0 if that is not known. A reply that
// begins where the one before it ends answers the next request; one that is
// apart from it a later one.
func (r *reply) turnCost(u *unit, asked int64) float32 {
	switch {
	case asked == 0 || !u.hasOff:
	case r.joined && u.off != asked:
		return costTurn
	case r.apart && u.off == asked:
		return costGap
	}
	return 0
}

// askedBefore is the end of the request whose reply is before the next one in
// the state's order, 0 if it is not known.
func (st *state) askedBefore(units []*unit, replies []reply, i int) int64 {
	k := int(st.pick[i-1])
	if k < 0 || !units[k].hasOff || !replies[i-1].hasOff && !replies[i-1].apart || replies[i-1].anonymous() {
		return 0
	}
	return units[k].end()
}
