package model

// addCalls adds a row for each request of ev and returns the Seq of the first.
func (s *Store) addCalls(st *sessionState, ev *Event, p ProcID, msgs []Message) int64 {
	first := int64(-1)
	for i := range msgs {
		if msgs[i].Kind != Request {
			continue
		}
		seq := s.addCall(st, ev, p, &msgs[i])
		if first < 0 {
			first = seq
		}
	}
	return first
}

func (s *Store) addCall(st *sessionState, ev *Event, p ProcID, m *Message) int64 {
	c, seq := s.addRow(st)
	c.Asked, c.Ask, c.ID, c.Asker, c.Method = ev.Time, ev.Origin.of(m), m.ID, p, m.Method
	c.Flags = callFlags(ev)
	row := &st.row
	row.Calls++
	row.InFlight++
	row.LastMethod = m.Method
	row.Rate.add(ev.Time)
	s.rate.add(min(ev.Time, s.now))
	s.totals.Calls++
	s.totals.InFlight++
	s.procs.edit(int(p)).Calls++
	me := s.method(m.Method)
	me.Calls++
	me.Last = max(me.Last, ev.Time)
	return seq
}

// addRow appends an empty row of the session.
func (s *Store) addRow(st *sessionState) (*Call, int64) {
	i := s.calls.add()
	seq := s.firstCall + int64(i)
	c := s.calls.edit(i)
	*c = Call{Session: st.row.ID, Asker: NoProc, Reader: NoProc, Mark: NoFinding.Mark()}
	if back := seq - st.row.LastCall; st.row.LastCall >= s.firstCall && back <= 1<<31 {
		c.Prev = uint32(back)
	}
	st.row.LastCall = seq
	return c, seq
}

func callFlags(ev *Event) CallFlags {
	var f CallFlags
	if ev.Flags&IsBatch != 0 {
		f |= CallBatch
	}
	if ev.Flags&Late != 0 {
		f |= CallLate
	}
	return f
}

// call is the row of that Seq, to write; nil where it has been let go.
func (s *Store) call(seq int64) *Call {
	if seq < s.firstCall || seq-s.firstCall >= int64(s.calls.n) {
		return nil
	}
	return s.calls.edit(int(seq - s.firstCall))
}

func (s *Store) method(sym Sym) *Method {
	for int(sym) >= len(s.methods) {
		s.methods = append(s.methods, nil)
	}
	if s.methods[sym] == nil {
		s.methods[sym] = &Method{Sym: sym}
	}
	return s.methods[sym]
}

// answered notes that the call has its reply, which reader read at t.
func (s *Store) answered(st *sessionState, seq int64, reader ProcID, t int64, reply Origin, isError bool) {
	c := s.call(seq)
	if c == nil {
		return
	}
	s.unflight(st, c)
	failed := c.State == Failed
	if !failed {
		c.State, c.Replied = Answered, t
	}
	c.Reader, c.Reply = reader, reply
	if isError {
		c.Flags |= CallError
		s.countError(st, c)
		s.totals.Errors++
	}
	if us := c.Latency() / 1000; us >= 0 && !failed {
		us = min(us, 1<<32-1)
		st.latency.Add(uint32(us))
		s.method(c.Method).Latency.Add(uint32(us))
	}
}

// unflight notes that the call is no longer in flight.
func (s *Store) unflight(st *sessionState, c *Call) {
	if c.inFlight() {
		st.row.InFlight--
		s.totals.InFlight--
		s.mark(st)
	}
}

// inFlight says that the call has neither a reply nor been given up.
func (c *Call) inFlight() bool { return c.State == Pending && c.Reader == NoProc && c.Reply.Len == 0 }

func (s *Store) countError(st *sessionState, c *Call) {
	st.row.Errors++
	s.procs.edit(int(c.Asker)).Errors++
	s.method(c.Method).Errors++
}

// failed notes that the client gave up on the unit's calls.
func (s *Store) failed(st *sessionState, u *unit, ev *Event) {
	for i := range u.calls() {
		c := s.call(u.seq + int64(i))
		if c == nil {
			continue
		}
		s.unflight(st, c)
		c.State, c.Err, c.Replied = Failed, ev.Err, ev.Time
		s.countError(st, c)
		s.totals.Failed++
	}
}

// unsent notes that a call of p failed before it was sent: to a server that p
// has no connection to.
func (s *Store) unsent(st *sessionState, p ProcID) {
	if st.row.Calls > 0 || st.row.Conn.oneConnection() {
		return
	}
	st.row.Errors++
	s.procs.edit(int(p)).Errors++
	s.totals.Failed++
}

// orphan adds a row for a reply that answers no known call.
func (s *Store) orphan(st *sessionState, r *reply) int64 {
	c, seq := s.addRow(st)
	c.Asked, c.Replied, c.Reply, c.ID = r.t, r.t, r.origin, r.id
	c.Reader, c.State = r.proc, Orphan
	if r.kind == ErrorReply {
		c.Flags |= CallError
	}
	return seq
}
