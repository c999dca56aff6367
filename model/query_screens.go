package model

import "slices"

// What each screen lists. A query's restrictions come before its filter: they
// are the cheaper.

func (b *binder) runSessions(q *Query) Rows {
	keep := []test[Session]{func(s *Session) bool { return s.Serial != 0 }}
	if q.Session != NoSession {
		keep = append(keep, func(s *Session) bool { return s.ID == q.Session })
	}
	if q.Process != NoProc {
		keep = append(keep, onSession(func(p ProcID) bool { return p == q.Process }))
	}
	if q.FindingsOnly {
		keep = append(keep, func(s *Session) bool { return s.Findings > 0 })
	}
	keep = append(keep, compile(q.Filter.node(), b.sessionLeaf))
	ids := pick(b, b.snap.Sessions.Len(), b.snap.Sessions.At, both(keep...))
	return listed(0, order(b, sessionColumns, q, b.snap.Sessions.At, ids))
}

func (b *binder) runProcesses(q *Query) Rows {
	keep := []test[Process]{(*Process).Kept}
	if q.Session != NoSession {
		on := make(set, b.snap.Processes.Len())
		if s := b.snap.Session(q.Session); s != nil {
			on.addSession(s)
		}
		keep = append(keep, func(p *Process) bool { return on.has(int(p.ID)) })
	}
	if q.Process != NoProc {
		keep = append(keep, func(p *Process) bool { return p.ID == q.Process })
	}
	if q.FindingsOnly {
		keep = append(keep, func(p *Process) bool { return b.processNamed(p).Findings > 0 })
	}
	match := both(append(keep, compile(q.Filter.node(), b.processLeaf))...)
	ids := pick(b, b.snap.Processes.Len(), b.snap.Processes.At, match)
	if !q.Tree {
		return listed(0, order(b, processColumns, q, b.snap.Processes.At, ids))
	}
	b.tree = make(set, b.snap.Processes.Len())
	for _, id := range ids {
		b.tree.add(int(id))
	}
	return listed(0, b.byTree(order(b, processColumns, q, b.snap.Processes.At, ids)))
}

func (b *binder) runFindings(q *Query) Rows {
	keep := []test[Finding]{func(f *Finding) bool { return !f.Void }}
	if q.Session != NoSession {
		keep = append(keep, func(f *Finding) bool { return f.Session == q.Session })
	}
	if q.Process != NoProc {
		keep = append(keep, b.findingProcs(func(p ProcID) bool { return p == q.Process }))
	}
	keep = append(keep, compile(q.Filter.node(), b.findingLeaf))
	ids := pick(b, b.snap.Findings.Len(), b.snap.Findings.At, both(keep...))
	return listed(int64(b.snap.first), order(b, findingColumns, q, b.snap.Findings.At, ids))
}

func (b *binder) runMethods(q *Query) Rows {
	var keep []test[Method]
	if q.Session != NoSession || q.Process != NoProc {
		called := make(set, len(b.snap.names))
		b.selectCalls(q, b.callScope(q), func(_ int, c *Call) { called.add(int(c.Method)) })
		keep = append(keep, func(m *Method) bool { return called.has(int(m.Sym)) })
	}
	if q.FindingsOnly {
		keep = append(keep, func(m *Method) bool { return m.Mismatches > 0 })
	}
	keep = append(keep, compile(q.Filter.node(), b.methodLeaf))
	at := func(i int) *Method { return &b.snap.Methods[i] }
	ids := pick(b, len(b.snap.Methods), at, both(keep...))
	return listed(0, order(b, methodColumns, q, at, ids))
}

func (b *binder) runCalls(q *Query) Rows {
	calls := b.snap.Calls
	keep := []test[Call]{b.callScope(q)}
	if q.FindingsOnly {
		keep = append(keep, func(c *Call) bool { return c.Finding != 0 && b.snap.FindingOf(c) != nil })
	}
	match := both(append(keep, compile(q.Filter.node(), b.callLeaf))...)
	inTime := q.Sort == "" || q.Sort == "time"
	if match == nil && inTime && q.Session == NoSession {
		return Rows{base: calls.First(), n: calls.Len(), down: q.Desc}
	}
	var ids []uint32
	b.selectCalls(q, match, func(i int, _ *Call) { ids = append(ids, uint32(i)) })
	if inTime {
		if q.Desc {
			slices.Reverse(ids)
		}
		return listed(calls.First(), ids)
	}
	return listed(calls.First(), order(b, callColumns, q, calls.rows.At, ids))
}

// callScope is the test of q.Process; q.Session is selectCalls' own.
func (b *binder) callScope(q *Query) test[Call] {
	if q.Process == NoProc {
		return nil
	}
	return func(c *Call) bool { return c.Asker == q.Process || c.Reader == q.Process }
}

// selectCalls calls f, in order of Seq, for the kept calls of q.Session, or of
// all, that pass match. Those of one session are chained, so they alone are
// looked at.
func (b *binder) selectCalls(q *Query, match test[Call], f func(int, *Call)) {
	calls := b.snap.Calls
	if q.Session == NoSession {
		b.each(calls.Len(), func(i int) {
			if c := calls.rows.At(i); match == nil || match(c) {
				f(i, c)
			}
		})
		return
	}
	chain := b.chain(q.Session)
	b.each(len(chain), func(i int) {
		seq := chain[len(chain)-1-i]
		if c := calls.At(seq); match == nil || match(c) {
			f(int(seq-calls.First()), c)
		}
	})
}

// chain lists the Seq of the kept calls of a session, the newest first.
func (b *binder) chain(id SessionID) []int64 {
	s := b.snap.Session(id)
	if s == nil {
		return nil
	}
	var seqs []int64
	seq := s.LastCall
	for seq >= 0 {
		c := b.snap.Calls.At(seq)
		if c == nil || c.Session != id {
			break
		}
		seqs = append(seqs, seq)
		if c.Prev == 0 || len(seqs)%every == 0 && b.ctx.Err() != nil {
			break
		}
		seq -= int64(c.Prev)
	}
	return seqs
}
