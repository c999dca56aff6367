package model

// settleReply gives the reply to the unit that was picked for it and says what
// is wrong, if anything is.
func (s *Store) settleReply(st *sessionState, r *reply, units []*unit, p choice) {
	own := st.unit(r.call)
	if p.unit < 0 {
		st.passed(r, nil)
		s.ownerless(st, r, own)
		return
	}
	owner := units[p.unit]
	if own != nil && owner.twin(own) {
		own.flags &^= unitTaken
		owner.flags |= unitTaken
		own = owner
	}
	if st.row.Wire() {
		for _, u := range units[:p.unit] {
			if !u.is(unitMatched) {
				u.pass(owner, r.t)
			}
		}
	}
	st.passed(r, owner)
	s.match(st, owner, r)
	switch {
	case r.anonymous() && s.damaged(st, own, r):
	case owner == own:
		s.settleOwn(st, own, r)
	default:
		s.astray(st, owner, own, r, p)
	}
}

// unit is the queued unit of that Seq, nil if there is none.
func (st *sessionState) unit(seq int64) *unit {
	if seq < 0 {
		return nil
	}
	for i := range st.queue {
		if st.queue[i].seq == seq {
			return &st.queue[i]
		}
	}
	return nil
}

// match notes that r is the unit's reply.
func (s *Store) match(st *sessionState, u *unit, r *reply) {
	u.flags |= unitMatched
	u.reader = r.proc
	if st.row.Wire() {
		st.gap.reached(u.seq)
	}
	st.past.add(u.proc, u.id, u.seq)
	isError := r.kind == ErrorReply || r.kind == Invalid
	if u.items == nil || r.items == nil {
		for i := range u.calls() {
			s.answered(st, u.seq+int64(i), r.proc, r.t, r.origin, isError)
		}
		return
	}
	for i := range r.items {
		m := &r.items[i]
		k := u.item(m.ID)
		if k < 0 {
			continue
		}
		at := r.origin
		at.Offset += int64(m.At) - int64(r.items[0].At)
		at.Len = m.Len
		s.answered(st, u.seq+int64(k), r.proc, r.t, at, m.Kind == ErrorReply)
	}
}

// settleOwn checks a reply that its own asker read.
func (s *Store) settleOwn(st *sessionState, u *unit, r *reply) {
	switch {
	case u.items != nil && r.items != nil:
		s.checkBatch(st, u, r)
	case r.kind == Result && u.items == nil:
		s.learn(u.ep, &u.ask, &r.print, u.method, r.t)
	}
}

// damaged reports bytes that answer no call by name, and says whether they are
// a fault: whose reply they were to be does not matter then. An error whose id
// the server did not repeat, or a proxy's own error page, is an ordinary failure.
func (s *Store) damaged(st *sessionState, own *unit, r *reply) bool {
	f := s.newFinding(st, r, own)
	f.Certainty, f.Detail, f.Code = Inferred, r.why, r.code
	switch {
	case r.torn():
		f.Kind, f.Other = TornMessage, r.other
	case r.kind == Invalid && r.why != WhyHTTP:
		f.Kind, f.Certainty, f.Evidence = BadMessage, Proven, EvidenceID
	default:
		return false
	}
	if own == nil {
		f.row = s.orphan(st, r)
	}
	s.addFinding(st, f)
	return true
}

// torn says that the reply shows bytes of several messages mixed up.
func (r *reply) torn() bool {
	switch {
	case r.kind == ErrorReply:
		return r.code == codeParse || r.code == codeInvalidRequest
	case r.why == WhyHTTP:
		return r.status == httpBadRequest
	}
	return r.why == WhyNotJSON || r.why == WhyPartial
}

const (
	codeParse          = -32700 // JSON-RPC 2.0, 5.1: invalid JSON was received
	codeInvalidRequest = -32600 // … or no valid request
	httpBadRequest     = 400
)

// checkBatch holds a batch's reply against its request: every id once.
func (s *Store) checkBatch(st *sessionState, u *unit, r *reply) {
	ok := len(r.items) == len(u.items)
	seen := make(map[ID]int, len(u.items))
	for i := range u.items {
		seen[u.items[i].id]++
	}
	for i := range r.items {
		if seen[r.items[i].ID]--; seen[r.items[i].ID] < 0 {
			ok = false
		}
	}
	if ok {
		return
	}
	f := s.newFinding(st, r, u)
	f.Kind, f.Certainty, f.Evidence = BatchMismatch, Proven, EvidenceID
	s.addFinding(st, f)
}

// astray reports a reply that another than its asker, or another call, took.
func (s *Store) astray(st *sessionState, owner, own *unit, r *reply, p choice) {
	f := s.newFinding(st, r, own)
	f.Kind, f.Owner, f.Other = SwappedReply, owner.ref(), owner.proc
	if owner.proc == r.proc {
		f.Kind, f.Other = StaleReply, NoProc
		if own != nil {
			f.Lag = s.lag(st, owner, own)
		}
	}
	f.Certainty, f.Evidence = s.certainty(st, owner, own, r, p)
	s.addFinding(st, f)
	if owner.is(unitGaveUp) && owner.proc != r.proc {
		s.lost(st, owner, r.proc, r.t)
	}
}

// certainty is how sure the owner is, and by what evidence.
func (s *Store) certainty(st *sessionState, owner, own *unit, r *reply, p choice) (Certainty, Evidence) {
	var e Evidence
	if own != nil {
		e = s.judge(own, r).against
	} else if !r.anonymous() {
		e = EvidenceID
	}
	if st.row.Wire() {
		e |= EvidenceWire
	}
	v := s.judge(owner, r)
	switch {
	case p.wire, p.lone && !p.cut && v.agrees && e&^EvidenceWire != 0:
		return Proven, e
	case p.margin < tie, p.cut, p.order < stampTie,
		p.full && r.mono == 0: // by stamps that may be coarse, so many requests have more assignments than are kept
		return Possible, e
	}
	return Inferred, e
}

// lag is how many of the process's calls lie between the owner and the call
// that took its reply.
func (s *Store) lag(st *sessionState, owner, own *unit) int32 {
	lag := int32(0)
	for i := range st.queue {
		u := &st.queue[i]
		if u.proc == own.proc && u.seq > owner.seq && u.seq <= own.seq {
			lag++
		}
	}
	return lag
}

// ownerless reports a reply that no request in flight asked for.
func (s *Store) ownerless(st *sessionState, r *reply, own *unit) {
	if own == nil {
		s.unasked(st, r)
		return
	}
	against := s.judge(own, r).against
	passedOver := against == 0 && st.row.Wire() && st.gap.shared(r.t) // the order has given its call another reply
	if (against&EvidenceID != 0 || passedOver) && s.explained(st, r, own) {
		return
	}
	if against == 0 || own.is(unitTwin) && against&EvidenceID == 0 { // nothing speaks against it but the order: let it be
		if !own.is(unitMatched) {
			s.match(st, own, r)
			s.settleOwn(st, own, r)
		}
		return
	}
	f := s.newFinding(st, r, own)
	f.Evidence, f.Certainty = against, Inferred
	switch {
	case against&EvidenceID != 0 && st.repeats(r):
		f.Kind = DuplicateReply
	case against&EvidenceID != 0:
		f.Kind = WrongID
	case against&EvidenceType != 0:
		f.Kind = WrongType
	default:
		f.Kind = WrongEcho
	}
	switch {
	case f.Kind == WrongEcho && own.ask.Echo(&r.print) != EchoContradicts:
		f.Certainty = Possible // only unlike what the endpoint answered before
		own.ep.doubt(&own.ask, &r.print, own.method)
	case f.Kind != WrongEcho && st.row.alone():
		f.Certainty = Proven
	}
	s.addFinding(st, f)
	s.stray(st, own, r)
}

// repeats says that the reply's id is one that its reader has had its reply to.
// Where several processes count ids alike that means nothing.
func (st *sessionState) repeats(r *reply) bool {
	return st.row.alone() && st.past.find(r.proc, r.id) >= 0
}

// stray shows a reply at the call that took it, until a better one is known.
func (s *Store) stray(st *sessionState, own *unit, r *reply) {
	if own.is(unitMatched) {
		return
	}
	for i := range own.calls() {
		s.answered(st, own.seq+int64(i), r.proc, r.t, r.origin, r.kind == ErrorReply)
	}
}

// unasked reports a reply whose reader waits for none.
func (s *Store) unasked(st *sessionState, r *reply) {
	if r.anonymous() && s.damaged(st, nil, r) || s.explained(st, r, nil) {
		return
	}
	f := s.newFinding(st, r, nil)
	f.Kind, f.Certainty, f.Evidence = UnsolicitedReply, Inferred, EvidenceID
	if st.repeats(r) {
		f.Kind = DuplicateReply
		f.Call = s.refOf(st.past.find(r.proc, r.id))
	}
	f.row = s.orphan(st, r)
	s.addFinding(st, f)
}
