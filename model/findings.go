package model

// finding is a Finding on its way into the table, with the row it marks where
// that is not its call's.
type finding struct {
	Finding
	row int64 // Seq of that row, -1: the call's
}

// newFinding begins a finding about r, which its reader took for own.
func (s *Store) newFinding(st *sessionState, r *reply, own *unit) finding {
	f := finding{row: -1, Finding: Finding{
		Time: r.t, Last: r.t, Call: noCall, Owner: noCall, Reply: r.origin, ReplyID: r.id,
		Session: st.row.ID, Reader: r.proc, Other: NoProc, Count: 1,
	}}
	if own != nil {
		f.Call = own.ref()
	}
	switch {
	case st.row.Is(SessionShared):
		f.Cause = SharedSession
	case st.row.Is(SessionInherited) && len(st.row.Sharers) > 0:
		f.Cause = InheritedSession
	}
	return f
}

// addFinding puts the finding into the table and on its call, its session, its
// reader and its method.
func (s *Store) addFinding(st *sessionState, f finding) {
	i := s.findings.add()
	f.Seq = s.firstFinding + uint64(i)
	*s.findings.edit(i) = f.Finding
	s.count(f.Kind, 1)
	st.row.Findings++
	s.mark(st)
	reader := s.procs.edit(int(f.Reader))
	reader.Findings++
	row := f.row
	if row < 0 {
		row = f.Call.Seq
	}
	c := s.call(row)
	if c != nil && (c.Finding == 0 || f.Kind != LostReply) {
		c.Finding = uint32(f.Seq) + 1
		c.Mark = f.Kind.Mark()
	}
	if f.Kind.Misread() {
		st.row.Mismatches++
		reader.Mismatches++
		if c != nil {
			c.Flags |= CallMismatched
			s.method(c.Method).Mismatches++
		}
		s.bump(st, f.Time)
	}
}

// bump counts a reply that went astray at the session's own finding.
func (s *Store) bump(st *sessionState, t int64) {
	if f := s.findingOf(st); f != nil {
		f.Count++
		f.Last = max(f.Last, t)
	}
}

// findingOf is the session's shared- or inherited-session finding, to write.
func (s *Store) findingOf(st *sessionState) *Finding {
	if st.finding == 0 || st.finding-1 < s.firstFinding {
		return nil
	}
	return s.findings.edit(int(st.finding - 1 - s.firstFinding))
}

func (s *Store) count(k FindingKind, n int) {
	s.totals.Findings[k] += uint64(n)
	switch k.Severity() {
	case Error:
		s.totals.ErrorKinds += uint64(n)
	case Warning:
		s.totals.Warnings += uint64(n)
	}
}

// sessionFinding reports that the session is shared or inherited, once; a
// session that proves to be shared is no longer reported as inherited.
func (s *Store) sessionFinding(st *sessionState, kind FindingKind, p ProcID, ev *Event) {
	if st.finding != 0 && s.findingOf(st) == nil && (st.found == kind || st.found == SharedSession) {
		return // it was reported, and let go of since
	}
	if f := s.findingOf(st); f != nil && !f.Void {
		if f.Kind == kind || f.Kind == SharedSession {
			f.Last = max(f.Last, ev.Time)
			return
		}
		s.voidSessionFinding(st)
	}
	f := finding{row: -1, Finding: Finding{
		Time: ev.Time, Last: ev.Time, Call: noCall, Owner: noCall, Session: st.row.ID, Kind: kind,
		Reader: p, Other: st.row.Owner, Certainty: Proven, Evidence: EvidenceWire, Reply: Origin{},
	}}
	if !st.row.Is(SessionWire) {
		f.Certainty, f.Evidence = Possible, 0
	}
	s.addFinding(st, f)
	st.finding, st.found = s.firstFinding+uint64(s.findings.n), kind
}

// voidSessionFinding takes the session's own finding back.
func (s *Store) voidSessionFinding(st *sessionState) {
	f := s.findingOf(st)
	if f == nil || f.Void {
		return
	}
	f.Void = true
	s.count(f.Kind, -1)
	st.row.Findings--
	s.procs.edit(int(f.Reader)).Findings--
	st.finding = 0
	s.mark(st)
}

// lost reports a call whose reply another process swallowed, or which can get
// none any more (thief is NoProc).
func (s *Store) lost(st *sessionState, u *unit, thief ProcID, t int64) {
	r := reply{stamp: stamp{t: t}, proc: u.proc}
	f := s.newFinding(st, &r, u)
	f.Kind, f.Other, f.Certainty = LostReply, thief, Inferred
	if thief != NoProc {
		f.Evidence = EvidenceWire
		if c := s.call(u.seq); c != nil {
			f.Reply = c.Reply
		}
	}
	s.addFinding(st, f)
}

// abandon notes what p can no longer get on the session because it closed it
// or ended.
func (s *Store) abandon(st *sessionState, p ProcID, t int64) {
	for i := range st.queue {
		u := &st.queue[i]
		if u.proc != p {
			continue
		}
		s.unanswered(st, u, t)
		if !u.waits() { // it read something for it, of which there is a finding
			continue
		}
		u.flags |= unitGaveUp
		if s.unsure(st, u) {
			continue
		}
		thief := NoProc
		if u.is(unitMatched) {
			thief = u.reader
		}
		s.lost(st, u, thief, t)
	}
	s.prune(st)
}

// unanswered shows the unit's calls that have no reply as without one for good.
func (s *Store) unanswered(st *sessionState, u *unit, t int64) {
	for k := range u.calls() {
		if c := s.call(u.seq + int64(k)); c != nil && c.State == Pending {
			s.unflight(st, c)
			c.State, c.Replied = LostCall, t
		}
	}
}

// duplicateIDs reports ids that u shares with a call in flight on a multiplexed
// connection, or within its own batch. On HTTP/1.1 they are no fault.
func (s *Store) duplicateIDs(st *sessionState, u *unit) {
	dup := u.repeatsID()
	if dup {
		u.flags |= unitTwin
	}
	if st.row.Transport.Multiplexed() && st.row.Is(SessionWire) && u.items == nil {
		for i := range st.queue {
			if v := &st.queue[i]; v.waits() && v.proc == u.proc && v.items == nil && v.id == u.id {
				v.flags |= unitTwin
				u.flags |= unitTwin
				dup = dup || st.row.Transport != HTTP2
			}
		}
	}
	if !dup {
		return
	}
	r := reply{stamp: u.stamp, proc: u.proc}
	f := s.newFinding(st, &r, u)
	f.Kind, f.Certainty, f.Evidence = DuplicateID, Proven, EvidenceID
	s.addFinding(st, f)
}

// badRequest reports a message that a process sent and that is no JSON-RPC.
func (s *Store) badRequest(st *sessionState, ev *Event, p ProcID, m *Message) {
	if m.Why == WhyPartial {
		return // a message in several writes; the rest follows
	}
	r := reply{stamp: stampOf(ev), proc: p, origin: ev.Origin.of(m), id: m.ID, kind: Invalid, why: m.Why}
	f := s.newFinding(st, &r, nil)
	f.Kind, f.Certainty, f.Detail = BadMessage, Proven, m.Why
	s.addFinding(st, f)
}

// refOf is what a finding keeps of a call that has its reply.
func (s *Store) refOf(seq int64) CallRef {
	c := s.call(seq)
	if c == nil {
		return noCall
	}
	return CallRef{Seq: seq, Time: c.Asked, Origin: c.Ask, ID: c.ID, Proc: c.Asker, Method: c.Method}
}
