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
