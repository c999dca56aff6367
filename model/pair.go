package model

// send takes in a line with which p wrote a request, a notification or a batch.
func (s *Store) send(ev *Event, p ProcID, msgs []Message) {
	st := s.session(ev, p)
	s.use(st, p, ev)
	s.settleDue(st, ev.Time)
	first, n := -1, 0
	for i := range msgs {
		switch msgs[i].Kind {
		case Request:
			if first < 0 {
				first = i
			}
			n++
		case Invalid:
			s.badRequest(st, ev, p, &msgs[i])
		}
	}
	if first < 0 {
		return
	}
	seq := s.addCalls(st, ev, p, msgs)
	s.passGap(st, p, seq)
	u := unitOf(ev, p, msgs, seq)
	if first > 0 { // a batch that begins with notifications
		m := &msgs[first]
		u.id, u.ask, u.method, u.origin = m.ID, m.Print, m.Method, ev.Origin.of(m)
	}
	u.ep = s.endpointOf(st)
	s.duplicateIDs(st, &u)
	st.queue = append(st.queue, u)
	s.units += u.weight()
	if len(st.queue) > maxQueue {
		s.prune(st)
	}
}

// recv takes in a line with which p read a reply, a notification or a batch.
func (s *Store) recv(ev *Event, p ProcID, msgs []Message) {
	st := s.session(ev, p)
	s.use(st, p, ev)
	s.settleDue(st, ev.Time)
	if len(msgs) == 0 || msgs[0].Kind == Notification || msgs[0].Kind == Request {
		return // the server's own messages answer nothing
	}
	s.totals.Replies += uint64(len(msgs))
	if ev.Flags&IsBatch == 0 && s.plain(st, ev, p, &msgs[0]) {
		return
	}
	r := replyOf(ev, p, msgs)
	if ev.Flags&Rest != 0 {
		s.rest(st, &r)
		return
	}
	if u := s.take(st, &r); u != nil {
		r.call = u.seq
	}
	switch {
	case st.row.Wire():
		s.gather(st, r)
	case st.row.Is(SessionWire):
		s.matchByID(st, r)
	default:
		s.matchWeak(st, r)
	}
}

// rest notes who read the rest of a reply, which is no reply of its own. Nothing
// is known of one whose beginning is not waiting to be judged.
func (s *Store) rest(st *sessionState, r *reply) {
	for i := len(st.group.replies) - 1; i >= 0; i-- {
		if g := &st.group.replies[i]; g.part && g.after(&r.stamp) >= 0 && (!g.hasOff || g.off < r.off) {
			g.other = r.proc
			return
		}
	}
}

// plain is the path of nearly every reply of a healthy client: one reader, the
// oldest request of the session, its id and nothing that speaks against it.
func (s *Store) plain(st *sessionState, ev *Event, p ProcID, m *Message) bool {
	if len(st.queue) == 0 || len(st.group.replies) > 0 || m.Kind == Invalid || st.row.Is(SessionShared) ||
		ev.Flags&(HasOff|Partial) != 0 || st.gap.shared(ev.Time) { // by its offset it may not be the first; a part says less
		return false
	}
	i := 0
	if !st.row.Wire() {
		i = st.newest(p, m.ID)
	}
	u := &st.queue[i]
	if u.proc != p || u.id != m.ID || u.flags != 0 || u.items != nil || m.ID.Kind <= IDNull {
		return false
	}
	if m.Kind == Result && !s.agrees(u.ep, &u.ask, &m.Print, u.method, ev.Time) {
		return false
	}
	s.answered(st, u.seq, p, ev.Time, ev.Origin.of(m), m.Kind == ErrorReply)
	st.gap.reached(u.seq)
	s.learn(u.ep, &u.ask, &m.Print, u.method, ev.Time)
	st.past.add(p, u.id, u.seq)
	s.dequeue(st, i)
	st.synced = len(st.queue) == 0 && st.row.Wire()
	return true
}

// newest finds p's unit with that id among the newest, where order means
// nothing and old ones may never be answered; 0 where there is none.
func (st *sessionState) newest(p ProcID, id ID) int {
	for i := len(st.queue) - 1; i >= max(0, len(st.queue)-window); i-- {
		if u := &st.queue[i]; u.proc == p && u.id == id && u.flags == 0 {
			return i
		}
	}
	return 0
}

// take finds the unit that the reader takes the reply for: the one with its id,
// else the one of its thread, else its oldest.
func (s *Store) take(st *sessionState, r *reply) *unit {
	var byThread, oldest *unit
	for i := range st.queue {
		u := &st.queue[i]
		if u.proc != r.proc || !u.waits() {
			continue
		}
		if u.names(r) {
			u.flags |= unitTaken
			return u
		}
		if byThread == nil && u.tid != 0 && u.tid == r.tid {
			byThread = u
		}
		if oldest == nil {
			oldest = u
		}
	}
	if byThread == nil {
		byThread = oldest
	}
	if st.row.Transport.Multiplexed() && !r.anonymous() {
		return nil // a client of many calls in flight goes by the id alone
	}
	if byThread != nil {
		byThread.flags |= unitTaken
	}
	return byThread
}

// names says whether the reply's id, or one of its batch's, is the unit's.
func (u *unit) names(r *reply) bool {
	if u.items == nil && r.items == nil {
		return u.id == r.id
	}
	if u.items == nil || r.items == nil {
		return false
	}
	for k := range r.items {
		if u.item(r.items[k].ID) >= 0 {
			return true
		}
	}
	return false
}

// fail notes that p gave up on a call.
func (s *Store) fail(ev *Event, p ProcID, msgs []Message) {
	st := s.session(ev, p)
	s.touch(st, ev)
	s.settleDue(st, ev.Time)
	var id ID
	if len(msgs) > 0 {
		id = msgs[0].ID
	}
	i := st.waiting(p, id, ev.TID)
	if i < 0 {
		s.unsent(st, p)
		return
	}
	u := &st.queue[i]
	u.flags |= unitGaveUp
	s.failed(st, u, ev)
	if u.is(unitMatched) {
		s.lost(st, u, u.reader, ev.Time)
		s.dequeue(st, i)
		return
	}
	if !st.row.Wire() {
		s.forgive(st)
	}
}

// forgive drops the oldest given-up unit where there are many and no order says
// which reply is theirs.
func (s *Store) forgive(st *sessionState) {
	n, oldest := 0, -1
	for i := range st.queue {
		if st.queue[i].is(unitGaveUp) {
			n++
			if oldest < 0 {
				oldest = i
			}
		}
	}
	if n > passedMax {
		s.dequeue(st, oldest)
	}
}

// waiting finds the unit on which p gives up: the one with that id, else the
// one of that thread, else its oldest; -1 if it waits for none.
func (st *sessionState) waiting(p ProcID, id ID, tid int32) int {
	best := -1
	for i := range st.queue {
		u := &st.queue[i]
		if u.proc != p || !u.waits() {
			continue
		}
		if id.Kind != IDAbsent && u.id == id {
			return i
		}
		if id.Kind == IDAbsent && (best < 0 || tid != 0 && u.tid == tid && st.queue[best].tid != tid) {
			best = i
		}
	}
	return best
}

// dequeue removes the unit at i.
func (s *Store) dequeue(st *sessionState, i int) {
	s.units -= st.queue[i].weight()
	copy(st.queue[i:], st.queue[i+1:])
	st.queue[len(st.queue)-1] = unit{}
	st.queue = st.queue[:len(st.queue)-1]
}

// history remembers what a session answered last, to know a second reply.
type history struct {
	ring [8]answeredID
	next uint8
}

type answeredID struct {
	id   ID
	seq  int64
	proc ProcID
}

func (h *history) add(p ProcID, id ID, seq int64) {
	h.ring[h.next%uint8(len(h.ring))] = answeredID{id, seq, p}
	h.next++
}

// find is the Seq of p's answered call with that id, -1 if none is remembered.
func (h *history) find(p ProcID, id ID) int64 {
	for i := range h.ring {
		if a := &h.ring[i]; a.id.Kind > IDNull && a.id == id && a.proc == p {
			return a.seq
		}
	}
	return -1
}
