package model

import (
	"cmp"
	"slices"
	"time"
)

// A group is replies of one session that are judged together, because which of
// them answers which request can only be said of all. It is judged when nothing
// that could still come would change it, which is told by the time of the
// events alone, so that it does not depend on when they are read:
//
//   - nothing is in flight any more, and quiet has passed;
//   - the session said nothing for patience;
//   - there are groupMax replies: all but the newest are settled.
type group struct {
	replies []reply
	last    int64 // time of the newest event on the session since
}

const (
	// quiet is more than the stamps of one host's processes are apart.
	quiet = int64(200 * time.Microsecond)
	// patience is more than a process waits for a processor between a read
	// and its stamp.
	patience = int64(250 * time.Millisecond)
	groupMax = 64
	// overlap is how many replies only lend their evidence to those before.
	overlap = 16
	// stillMax is groupMax where the clock stands still and offsets alone tell
	// the order: the processes' lines then come one process after the other.
	stillMax = 4096
	// maxQueue bounds the requests of a session whose reply is not known.
	maxQueue = 4096
)

// gather adds a reply that can only be judged with others of its connection.
func (s *Store) gather(st *sessionState, r reply) {
	g := &st.group
	g.replies = append(g.replies, r)
	g.last = max(g.last, r.t)
	if (!r.hasOff || !st.row.Wire()) && !st.row.Is(SessionShared) && st.certain(r.t) {
		s.judgeGroup(st, len(g.replies))
		return
	}
	s.pool(st)
	limit := groupMax
	if r.hasOff && g.replies[0].t == r.t {
		limit = stillMax
	}
	if len(g.replies) >= limit {
		s.judgeGroup(st, len(g.replies)-overlap)
	}
}

// certain says that at t one process alone is on the session, so its own order of
// reading and writing is the wire's and nothing later can change a verdict.
func (st *sessionState) certain(t int64) bool { return len(st.row.Holders) == 0 && !st.gap.shared(t) }

// pool notes that the session has an open group.
func (s *Store) pool(st *sessionState) {
	if !st.pooled {
		st.pooled = true
		s.open = append(s.open, st.row.ID)
	}
}

// settleDue judges the session's group if its time has come at t.
func (s *Store) settleDue(st *sessionState, t int64) {
	if st.ep != nil && len(st.ep.weak.replies) > 0 {
		s.settleWeak(st.ep, t)
	}
	g := &st.group
	if len(g.replies) == 0 {
		return
	}
	wait := patience
	if st.idle() && !st.gap.shared(t) { // in a gap, others may wait
		wait = quiet
	}
	if !st.row.Wire() { // only a line of nearly the same time is waited for
		wait, g.last = quiet, g.replies[0].t
	}
	if t > g.last && (t-g.last > wait || t-g.last < 0) { // less than 0: the end of time
		s.judgeGroup(st, len(g.replies))
	}
	g.last = max(g.last, t)
}

// idle says that nothing is in flight: by the readers, each of whom has read
// something for what it asked, or by the count of what passed on the wire.
func (st *sessionState) idle() bool {
	waiting, unmatched := 0, 0
	for i := range st.queue {
		if st.queue[i].waits() {
			waiting++
		}
		if st.queue[i].flags&(unitMatched|unitGaveUp) == 0 {
			unmatched++
		}
	}
	return waiting == 0 || unmatched == len(st.group.replies)
}

// settleAll judges all groups whose time has come at now.
func (s *Store) settleAll(now int64) {
	keep := s.open[:0]
	for _, id := range s.open {
		st := s.sessState[id]
		if st == nil {
			continue
		}
		last := st.group.last
		s.settleDue(st, now)
		st.group.last = last
		if st.pooled = len(st.group.replies) > 0; st.pooled {
			keep = append(keep, id)
		}
	}
	s.open = keep
	weak := s.weakOpen[:0]
	for _, ep := range s.weakOpen {
		s.settleWeak(ep, now)
		if ep.pooled = len(ep.weak.replies) > 0; ep.pooled {
			weak = append(weak, ep)
		}
	}
	s.weakOpen = weak
}

// judgeGroup finds out which requests the group's replies answer and settles
// the first n of them in the order of the wire.
func (s *Store) judgeGroup(st *sessionState, n int) {
	s.changed = true
	g := &st.group
	slices.SortStableFunc(g.replies, func(a, b reply) int { return compareStamps(&a.stamp, &b.stamp) })
	units := s.candidates(st, g.replies[0].t)
	n = min(n, len(g.replies))
	opt := solveOptions{ordered: st.row.Wire(), gap: s.gapped(st, units, &g.replies[0]), before: st.gap.before}
	if opt.ordered {
		st.sync(units)
		st.place(units, g.replies)
	}
	for done := 0; done < n; {
		settle := 0
		opt.asked = st.asked
		if opt.synced = st.synced && !opt.gap; opt.synced {
			settle = s.countOff(st, units, g.replies[done:n])
		}
		if settle == 0 {
			settle = s.search(st, units, g.replies[done:], n-done, opt)
		}
		units = slices.DeleteFunc(units, func(u *unit) bool { return u.is(unitMatched) || u.passed > passedMax })
		done += settle
	}
	st.synced = opt.ordered && (opt.synced || len(units) == 0)
	g.replies = slices.Delete(g.replies, 0, n)
	s.prune(st)
}

// search settles the first of the replies, at most most of them, by the
// assignment that costs least, and returns how many.
func (s *Store) search(st *sessionState, units []*unit, replies []reply, most int, opt solveOptions) int {
	part := replies[:min(groupMax, len(replies))]
	settle := min(most, len(part))
	if len(part) < len(replies) {
		settle = min(settle, groupMax-overlap) // the rest of part only lends its evidence
	}
	fit := s.plausible(units, part)
	picks := s.solver.solve(s, fit, part, opt)
	for i := range settle {
		s.settleReply(st, &part[i], fit, picks[i])
	}
	return settle
}

// candidates are the session's units that a reply read at t may answer, in the
// order of the wire.
func (s *Store) candidates(st *sessionState, t int64) []*unit {
	units := s.solver.units[:0]
	for i := range st.queue {
		u := &st.queue[i]
		if u.is(unitMatched) || u.over(t) {
			continue
		}
		if s.unsure(st, u) {
			u.flags |= unitUnsure
		}
		units = append(units, u)
	}
	slices.SortStableFunc(units, func(a, b *unit) int {
		if c := compareStamps(&a.stamp, &b.stamp); c != 0 || a.proc == b.proc {
			return c
		}
		return s.comparePIDs(a.proc, b.proc)
	})
	s.solver.units = units
	return units
}

// compareStamps orders two messages of one direction by the best that both
// know: the wire's offset, the monotonic clock, the wall clock.
func compareStamps(a, b *stamp) int {
	switch {
	case a.placed() && b.placed() && a.off != b.off:
		return cmp.Compare(a.off, b.off)
	case a.mono != 0 && b.mono != 0:
		return cmp.Compare(a.mono, b.mono)
	}
	return cmp.Compare(a.t, b.t)
}

func (s *Store) comparePIDs(a, b ProcID) int {
	return cmp.Compare(s.procs.at(int(a)).Info.PID, s.procs.at(int(b)).Info.PID)
}

// after is by how many nanoseconds b passed after a, in either clock.
func (a *stamp) after(b *stamp) int64 {
	if a.mono != 0 && b.mono != 0 {
		return b.mono - a.mono
	}
	return b.t - a.t
}

// prune lets go of units of which nothing more is to be learnt: those that are
// both matched and taken, and those which nobody waits for and the wire has
// passed.
func (s *Store) prune(st *sessionState) {
	keep := st.queue[:0]
	for i := range st.queue {
		u := &st.queue[i]
		if u.waits() || !u.is(unitMatched) && !u.over(st.row.Last) {
			keep = append(keep, *u)
			continue
		}
		s.units -= u.weight()
		s.unanswered(st, u, st.row.Last)
	}
	if len(keep) > maxQueue {
		n := len(keep) - maxQueue*3/4 // room for more, so that not each one prunes
		for i := range n {
			s.units -= keep[i].weight()
		}
		keep = slices.Delete(keep, 0, n)
	}
	clear(st.queue[len(keep):])
	st.queue = keep
}

// passedMax is how many later requests of a connection may have been answered
// before an earlier one is taken never to be.
const passedMax = 32
