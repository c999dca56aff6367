package model

// matchByID pairs a reply on a multiplexed connection, where the id alone says
// which call is meant and replies come in any order. One that nobody asked for
// waits for the line of the process that did.
func (s *Store) matchByID(st *sessionState, r reply) {
	own := st.unit(r.call)
	if own != nil && s.judge(own, &r).against == 0 {
		s.match(st, own, &r)
		if !r.anonymous() || !s.damaged(st, own, &r) {
			s.settleOwn(st, own, &r)
		}
		s.prune(st)
		return
	}
	units := s.candidates(st, r.t)
	one := []reply{r}
	units = s.plausible(units, one)
	picks := s.solver.solve(s, units, one, solveOptions{gap: s.gapped(st, units, &r)})
	if picks[0].unit < 0 {
		s.gather(st, r)
		return
	}
	s.settleReply(st, &r, units, picks[0])
	s.prune(st)
}

// matchWeak pairs a reply of a session that names no connection. Its reader's
// own call has it unless the message itself speaks against that; then all calls
// of such sessions of the endpoint are looked at together, once their
// counterparts have come.
func (s *Store) matchWeak(st *sessionState, r reply) {
	own := st.unit(r.call)
	if own != nil && s.judge(own, &r).against == 0 {
		s.match(st, own, &r)
		if !r.anonymous() || !s.damaged(st, own, &r) {
			s.settleOwn(st, own, &r)
		}
		s.prune(st)
		return
	}
	ep := s.endpointOf(st)
	r.session = st.row.ID
	if len(ep.weak.replies) == 0 {
		ep.weak.last = r.t
	}
	ep.weak.replies = append(ep.weak.replies, r)
	if len(ep.weak.replies) >= groupMax {
		s.judgeWeak(ep)
		return
	}
	if !ep.pooled {
		ep.pooled = true
		s.weakOpen = append(s.weakOpen, ep)
	}
}

// settleWeak judges the endpoint's mismatched replies when patience has passed
// since the first of them.
func (s *Store) settleWeak(ep *endpoint, t int64) {
	if len(ep.weak.replies) > 0 && t > ep.weak.last && (t-ep.weak.last > patience || t-ep.weak.last < 0) {
		s.judgeWeak(ep)
	}
}

func (s *Store) judgeWeak(ep *endpoint) {
	s.changed = true
	replies := ep.weak.replies
	units := s.weakCandidates(ep)
	opt := solveOptions{}
	for i := range replies {
		opt.gap = opt.gap || s.gapped(s.sessState[replies[i].session], nil, &replies[i])
	}
	picks := s.solver.solve(s, units, replies, opt)
	for i := range replies {
		s.settleReply(s.sessState[replies[i].session], &replies[i], units, picks[i])
	}
	ep.weak.replies = replies[:0]
	for i := range replies {
		s.prune(s.sessState[replies[i].session])
	}
}

// weakCandidates are the calls of the endpoint's nameless sessions that could
// have one of the mismatched replies.
func (s *Store) weakCandidates(ep *endpoint) []*unit {
	units, seen := s.solver.units[:0], 0
	for _, id := range ep.sessions {
		st := s.sessState[id]
		for i := range st.queue {
			if seen++; seen > weakMax || len(units) == window {
				break
			}
			if u := &st.queue[i]; !u.is(unitMatched) && s.couldHave(u, ep.weak.replies) {
				units = append(units, u)
			}
		}
	}
	s.solver.units = units
	return units
}

// weakMax bounds the calls that are looked at for one group of replies.
const weakMax = 4096

// plausible drops the units that can have none of the replies, where there are
// more than can be looked at together.
func (s *Store) plausible(units []*unit, replies []reply) []*unit {
	if len(units) <= window {
		return units
	}
	var fit []*unit
	for _, u := range units {
		if s.couldHave(u, replies) {
			fit = append(fit, u)
		}
	}
	return fit
}

func (s *Store) couldHave(u *unit, replies []reply) bool {
	for i := range replies {
		if r := &replies[i]; r.call == u.seq || s.judge(u, r).against == 0 && u.sentBefore(r) {
			return true
		}
	}
	return false
}
