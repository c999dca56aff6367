package model

import "context"

// Named is what the kept findings say of one session or process: how many name
// it, and how bad the worst of them is.
type Named struct {
	Findings uint64
	Worst    Severity
}

// NamedProcesses is what the findings say of each process, by its slot. One about
// a reply names its reader and its owner; one about a shared session those that
// use it, but not who opened it for the others alone; one about an inherited
// session who holds it and who opened it. It takes time in proportion to the
// findings. Any goroutine may call it.
func (s *Snapshot) NamedProcesses() []Named {
	b := binder{ctx: context.Background(), snap: s}
	return b.namedProcesses()
}

// NamedSessions is NamedProcesses for sessions.
func (s *Snapshot) NamedSessions() []Named {
	named := make([]Named, s.Sessions.Len())
	b := binder{ctx: context.Background(), snap: s}
	b.eachFinding(func(f *Finding) {
		if uint(f.Session) < uint(len(named)) {
			named[f.Session].add(f)
		}
	})
	return named
}

func (n *Named) add(f *Finding) {
	n.Findings++
	n.Worst = max(n.Worst, f.Severity())
}

// eachFinding calls f for the findings that stand.
func (b *binder) eachFinding(f func(*Finding)) {
	b.each(b.snap.Findings.Len(), func(i int) {
		if x := b.snap.Findings.At(i); !x.Void {
			f(x)
		}
	})
}

func (b *binder) namedProcesses() []Named {
	named := make([]Named, b.snap.Processes.Len())
	last := make([]uint64, len(named)) // the finding that was counted last, from 1: one may name a process twice
	var f *Finding
	count := func(p ProcID) {
		if uint(p) < uint(len(named)) && last[p] != f.Seq+1 {
			last[p] = f.Seq + 1
			named[p].add(f)
		}
	}
	b.eachFinding(func(x *Finding) {
		f = x
		b.snap.blamed(f, count)
	})
	for i := range named {
		p, n := b.snap.Processes.At(i), &named[i]
		if p.Mismatches > 0 {
			n.Worst = Error
		}
		if b.snap.Totals.LetGo.Findings > 0 {
			n.Findings = max(n.Findings, p.Findings)
		}
	}
	return named
}

// blamed calls yield for those that the finding is about.
func (s *Snapshot) blamed(f *Finding, yield func(ProcID)) {
	if f.Kind != SharedSession || s.Session(f.Session) == nil {
		yield(f.Reader)
		yield(f.Other)
		yield(f.Call.Proc)
		yield(f.Owner.Proc)
	}
	s.eachUser(f, yield)
}

// processNamed is namedProcesses, found once for a query.
func (b *binder) processNamed(p *Process) Named {
	if b.named == nil {
		b.named = b.namedProcesses()
	}
	return b.named[p.ID]
}
