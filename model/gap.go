package model

// gap is a stretch of a log of which lines are missing: those of one process, or
// those on one connection. What they said is unknown, so nothing that they could
// explain is a finding, and no order of the wire is proven across them.
type gap struct {
	before int64  // calls with a lesser Seq may have been answered in it
	until  int64  // replies read until then, Unix nanoseconds, may answer requests in it
	left   int64  // … so many of them at most
	closer int64  // 1 + Seq of the first request after it: it is over when that is answered
	proc   ProcID // whose lines they are, NoProc: of several
}

// gapReach is for how long after a gap a reply may still answer a request in it,
// in nanoseconds: longer than nodes let a call run.
const gapReach = int64(5e9)

// numbering is how far a process's lines have come in one file.
type numbering struct {
	source uint32
	last   uint32 // the greatest number
}

// number holds the line's number against those before it. Which are missing its
// file alone tells: in order of time, one line may come after its successor.
func (s *Store) number(ev *Event, p ProcID) {
	n := &s.procState[p].seq
	d := int32(ev.Seq - n.last)
	switch {
	case n.last == 0 || n.source != ev.Origin.Source || ev.Seq == 1:
		*n = numbering{ev.Origin.Source, ev.Seq}
		if d > 1 && ev.Flags&Gapped != 0 { // the file before this one is missing
			s.missing(ev, p, int64(d-1), false)
		}
		return
	case ev.Flags&Gapped != 0:
		s.missing(ev, p, int64(max(d-1, 1)), false)
	}
	if d > 0 {
		n.last = ev.Seq
	}
}

// missing notes that n lines of p are missing before ev: of its connection, if
// on is set, else of any. n ≤ 0: nobody knows how many, as where the log begins
// in the midst of a connection.
func (s *Store) missing(ev *Event, p ProcID, n int64, on bool) {
	told := uint64(max(n, 0))
	if n <= 0 {
		n = maxQueue
	}
	g := gap{before: s.firstCall + int64(s.calls.n), until: ev.Time + gapReach, left: min(n, maxQueue), proc: p}
	if on {
		st := s.session(ev, p)
		s.touch(st, ev)
		st.row.Lost += told
		st.gap.merge(g)
		return
	}
	s.procState[p].gap.merge(g)
	for _, id := range s.procState[p].wire {
		if st := s.heldBy(id, p); st != nil {
			st.gap.merge(g)
		}
	}
}

// joinGap says that what p did first on the session may be among lines that are
// missing, unless it has just opened it.
func (s *Store) joinGap(st *sessionState, p ProcID, ev *Event) {
	g := s.procState[p].gap
	since := p == st.row.Owner && st.row.Opened > g.until-gapReach
	if ev.Time <= g.until && !since {
		st.gap.merge(g)
	}
	if ev.Kind == Recv && st.row.Opened == 0 && s.begins(p, ev.Time) {
		s.joinLate(st, p, ev)
	}
}

// begins says that p's log begins about t, in the middle of p's life for all
// that is known.
func (s *Store) begins(p ProcID, t int64) bool {
	row := s.procs.at(int(p))
	return row.Forked == 0 && t-row.First <= gapReach
}

// joinLate takes what p reads first on the session, before it asked for
// anything, as the reply to a request from before its log began. Where a gap is
// known, that is in it; one that the wire has passed explains nothing more.
func (s *Store) joinLate(st *sessionState, p ProcID, ev *Event) {
	g := &st.gap
	if !st.row.Is(SessionWire) {
		g = &s.procState[p].gap
	}
	switch {
	case g.until == 0:
		*g = gap{before: s.firstCall + int64(s.calls.n), until: ev.Time + gapReach, left: 1, proc: p}
		if st.row.Transport.Multiplexed() {
			g.left = maxQueue
		}
	case g.left > 0 && ev.Time <= g.until:
		if g.left++; g.proc != p {
			g.proc = NoProc
		}
	}
}

// merge takes in a newer gap.
func (g *gap) merge(newer gap) {
	if g.left > 0 {
		newer.left = min(newer.left+g.left, maxQueue)
		if g.proc != newer.proc {
			newer.proc = NoProc
		}
	}
	*g = newer
}

// shared says that at time t a reply may answer a request in the gap, of any
// process.
func (g *gap) shared(t int64) bool { return g.left > 0 && t <= g.until && g.proc == NoProc }

// unsure says that the unit's reply may stand in a gap.
func (s *Store) unsure(st *sessionState, u *unit) bool {
	if !st.row.Is(SessionWire) {
		return u.seq < s.procState[u.proc].gap.before
	}
	return u.seq < st.gap.before && (st.gap.proc == u.proc || st.gap.proc == NoProc)
}

// openGap is the gap in which a request may stand that reader's reply of time t
// answers; nil if there is none.
func (s *Store) openGap(st *sessionState, reader ProcID, t int64) *gap {
	g := &st.gap
	if !st.row.Is(SessionWire) {
		g = &s.procState[reader].gap
	}
	if g.left == 0 || t > g.until {
		return nil
	}
	return g
}

// gapped says that lines are missing which may have been requests or replies
// between the session's.
func (s *Store) gapped(st *sessionState, units []*unit, r *reply) bool {
	if s.openGap(st, r.proc, r.t) != nil {
		return true
	}
	for _, u := range units {
		if u.is(unitUnsure) {
			return true
		}
	}
	return false
}

// explained takes a reply that no known request asked for as that to one which
// its reader sent in a gap, and says whether that is possible. The call that its
// reader took it for waits on; not so one from after a gap of several processes,
// for which its client has read it, whosever it is.
func (s *Store) explained(st *sessionState, r *reply, own *unit) bool {
	g := s.openGap(st, r.proc, r.t)
	if g == nil || g.proc != r.proc && g.proc != NoProc {
		return false
	}
	g.left--
	if own != nil && (!st.row.Wire() || g.proc != NoProc || s.unsure(st, own)) {
		own.flags &^= unitTaken
	}
	s.orphan(st, r)
	return true
}

// passGap takes p's calls from before a gap as answered in it, when p asks again
// as call seq: a client of HTTP/1.1 waits for one reply before its next request.
func (s *Store) passGap(st *sessionState, p ProcID, seq int64) {
	g := &st.gap
	if g.until == 0 || !st.row.Wire() || g.proc != p && g.proc != NoProc {
		return
	}
	if g.closer == 0 {
		g.closer = seq + 1
	}
	for i := range st.queue {
		u := &st.queue[i]
		if u.proc == p && u.waits() && s.unsure(st, u) {
			u.flags |= unitTaken | unitMatched
			u.reader = p
			s.unanswered(st, u, st.row.Last)
		}
	}
}

// reached notes that call seq has its reply: on a connection where replies come
// in the order of the requests, all from before it have theirs.
func (g *gap) reached(seq int64) {
	if g.closer != 0 && seq >= g.closer-1 {
		g.left, g.closer = 0, 0
	}
}
