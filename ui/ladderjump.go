package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
)

// next goes on from a ladder: to its own next finding, or beyond it.
func (l *ladder) next(d int) outcome {
	return does(func(a *App) tea.Cmd {
		if len(a.pages) == 0 {
			return a.nextFinding(d)
		}
		if !l.jump(a.env(), d, a.list().facts().worstSession()) {
			a.nextLadder(l, d)
		}
		return nil
	})
}

// onward is jump, which begins with the session's first finding where the user
// has not moved yet: the ladder opens at its newest.
func (l *ladder) onward(e *env, d int, least model.Severity) bool {
	if l.fresh && d > 0 {
		return l.edge(e, d, least)
	}
	return l.jump(e, d, least)
}

// jump goes to the session's next finding in the direction of d, and says
// whether there is one.
func (l *ladder) jump(e *env, d int, least model.Severity) bool {
	i := l.chain.find(l.at.seq)
	return i >= 0 && l.seek(e, i+d, d, least)
}

// edge goes to the session's first finding, or with d = -1 to its last.
func (l *ladder) edge(e *env, d int, least model.Severity) bool {
	if d < 0 {
		return l.seek(e, l.chain.len()-1, -1, least)
	}
	l.chain.extend(e.snap, maxChain)
	return l.seek(e, 0, 1, least)
}

// seek goes to the first finding from call i of the chain on that is as bad as
// least.
func (l *ladder) seek(e *env, i, d int, least model.Severity) bool {
	l.fresh = false
	s := e.snap.Session(l.session)
	if s == nil || s.Findings == 0 {
		return false
	}
	for ; ; i += d {
		if i < 0 {
			i += l.chain.extend(e.snap, l.chain.len())
		}
		if i < 0 || i >= l.chain.len() {
			return false
		}
		seq := l.chain.seqs[i]
		c := e.snap.Calls.At(seq)
		if c == nil {
			return false
		}
		if toldAt(e.snap, c, seq) >= least && l.goTo(e, rungKey{seq, c.Replied != 0}) {
			return true
		}
	}
}

// goTo selects the rung of that key, and says whether there is one.
func (l *ladder) goTo(e *env, key rungKey) bool {
	was := *l
	l.at, l.line, l.follow = key, l.height/2, false
	l.window(e)
	if len(l.rungs) > 0 && l.rungs[l.position()].key == key {
		return true
	}
	*l = was
	return false
}

// toldAt is the severity of the finding that is told at the call: its reply went
// to another process, or something else is wrong with it. At a call whose
// process read another's reply none is: the finding is told at that reply.
func toldAt(s *model.Snapshot, c *model.Call, seq int64) model.Severity {
	switch {
	case c.State == model.Orphan:
		return model.Error
	case c.Reader != model.NoProc && c.Asker != model.NoProc && c.Reader != c.Asker:
		return model.Error
	}
	f := s.FindingOf(c)
	if f != nil && f.Owner.Known() && f.Owner.Seq != seq && s.Calls.At(f.Owner.Seq) != nil {
		return model.SeverityNone
	}
	return severityOf(f)
}
