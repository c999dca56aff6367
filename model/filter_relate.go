package model

import "iter"

// This file asks a row by what it is related to. A leaf is the field's own
// test where the row has the field, else the relation to the field's home.

func (b *binder) sessionLeaf(t *term) test[Session] {
	if own := t.field.tests.session; own != nil {
		return own(b, t)
	}
	if t.field.home == entityProcess {
		return onSession(b.processes(t))
	}
	found := make(set, b.snap.Sessions.Len())
	if t.field.home == entityFinding {
		b.scanFindings(t, func(f *Finding) { found.add(int(f.Session)) })
	} else {
		b.scanCalls(t, func(c *Call) { found.add(int(c.Session)) })
	}
	return func(s *Session) bool { return found.has(int(s.ID)) }
}

// onSession says whether one of the session's processes is in.
func onSession(in func(ProcID) bool) test[Session] {
	return func(s *Session) bool {
		if in(s.Owner) {
			return true
		}
		for _, p := range s.Sharers {
			if in(p) {
				return true
			}
		}
		for _, p := range s.Holders {
			if in(p) {
				return true
			}
		}
		return false
	}
}

func (b *binder) callLeaf(t *term) test[Call] {
	if own := t.field.tests.call; own != nil {
		return own(b, t)
	}
	switch t.field.home {
	case entitySession:
		in := b.sessions(t)
		return func(c *Call) bool { return in(c.Session) }
	case entityProcess:
		in := b.processes(t)
		return func(c *Call) bool { return in(c.Asker) || c.Reader != c.Asker && in(c.Reader) }
	}
	match := b.findingLeaf(t)
	return func(c *Call) bool {
		if c.Finding == 0 {
			return false
		}
		f := b.snap.FindingOf(c)
		return f != nil && match(f)
	}
}

func (b *binder) processLeaf(t *term) test[Process] {
	if own := t.field.tests.process; own != nil {
		return own(b, t)
	}
	found := make(set, b.snap.Processes.Len())
	switch t.field.home {
	case entitySession:
		match := b.sessionLeaf(t)
		b.each(b.snap.Sessions.Len(), func(i int) {
			if s := b.snap.Sessions.At(i); s.Serial != 0 && match(s) {
				found.addSession(s)
			}
		})
	case entityFinding:
		b.scanFindings(t, func(f *Finding) {
			for p := range b.snap.named(f) {
				found.add(int(p))
			}
		})
	default:
		b.scanCalls(t, func(c *Call) {
			found.add(int(c.Asker))
			found.add(int(c.Reader))
		})
	}
	return func(p *Process) bool { return found.has(int(p.ID)) }
}

// addSession adds the processes of s.
func (s set) addSession(of *Session) {
	s.add(int(of.Owner))
	for _, p := range of.Sharers {
		s.add(int(p))
	}
	for _, p := range of.Holders {
		s.add(int(p))
	}
}

// named are the processes that the finding names, some of them NoProc: of one
// about a session, all that hold it.
func (s *Snapshot) named(f *Finding) iter.Seq[ProcID] {
	return func(yield func(ProcID) bool) {
		for _, p := range [...]ProcID{f.Reader, f.Other, f.Call.Proc, f.Owner.Proc} {
			if !yield(p) {
				return
			}
		}
		for _, p := range s.Users(f) {
			if !yield(p) {
				return
			}
		}
	}
}

func (b *binder) findingLeaf(t *term) test[Finding] {
	if own := t.field.tests.finding; own != nil {
		return own(b, t)
	}
	switch t.field.home {
	case entitySession:
		in := b.sessions(t)
		return func(f *Finding) bool { return in(f.Session) }
	case entityProcess:
		return b.findingProcs(b.processes(t))
	}
	match := b.callLeaf(t)
	return func(f *Finding) bool {
		for _, ref := range [...]*CallRef{&f.Call, &f.Owner} {
			if c := b.snap.Calls.At(ref.Seq); c != nil && ref.Known() && match(c) {
				return true
			}
		}
		return false
	}
}

func (b *binder) findingProcs(in func(ProcID) bool) test[Finding] {
	return func(f *Finding) bool {
		for p := range b.snap.named(f) {
			if in(p) {
				return true
			}
		}
		return false
	}
}

func (b *binder) methodLeaf(t *term) test[Method] {
	if own := t.field.tests.method; own != nil {
		return own(b, t)
	}
	found := make(set, len(b.snap.names))
	b.scanCalls(t, func(c *Call) { found.add(int(c.Method)) })
	return func(m *Method) bool { return found.has(int(m.Sym)) }
}
