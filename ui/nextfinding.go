package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
)

// nextFinding goes to the next finding (d = 1), or the one before (d = -1),
// wherever it is; past the last it begins again with the first, and says so.
func (a *App) nextFinding(d int) tea.Cmd {
	if a.screen == model.ScreenSessions {
		if v, ok := a.detail.(*ladder); ok && v.onward(a.env(), d) {
			a.list().home = false
			return nil
		}
	}
	a.nextRow(d)
	if v, ok := a.detail.(*ladder); ok {
		v.edge(a.env(), d)
	}
	return nil
}

// nextRow selects the next row with a finding. From a list that the user has not
// moved in, nothing is said of first and last; where such a list is at its end
// because it follows what comes, its beginning comes first.
func (a *App) nextRow(d int) {
	l := a.list()
	n, from, untouched := l.rows.Len(), l.win.Sel, l.home
	if untouched && l.follow && d > 0 {
		from = -1
	}
	for k := 1; k <= n; k++ {
		to := from + d*k
		i := (to + n) % n
		if !hasFinding(l.snap, a.screen, l.rows.At(i)) {
			continue
		}
		l.choose(i)
		a.moved = a.cfg.now()
		a.redetail()
		a.sayWrapped(i != to && !untouched, d)
		return
	}
	a.sayNoFinding()
}

// nextLadder puts the ladder of the next session with a finding in the place of
// the ladder that is open over the list.
func (a *App) nextLadder(v *ladder, d int) {
	e := a.env()
	n := e.snap.Sessions.Len()
	for k := 1; k <= n; k++ {
		to := int(v.session) + d*k
		i := (to + n) % n
		s := e.snap.Session(model.SessionID(i))
		if s == nil || s.Findings == 0 {
			continue
		}
		next := &ladder{session: s.ID, serial: s.Serial, height: v.height, at: rungKey{seq: -1}}
		next.sync(e)
		next.edge(e, d)
		a.pages[len(a.pages)-1] = next
		a.sayWrapped(i != to, d)
		return
	}
	a.sayNoFinding()
}

// beyond goes on from a ladder that has no further finding.
func (l *ladder) beyond(d int) outcome {
	return does(func(a *App) tea.Cmd {
		if len(a.pages) > 0 {
			a.nextLadder(l, d)
			return nil
		}
		return a.nextFinding(d)
	})
}

func (a *App) sayWrapped(wrapped bool, d int) {
	switch {
	case wrapped && d > 0:
		a.say(sAccent, "that was the last finding; here is the first")
	case wrapped:
		a.say(sAccent, "that was the first finding; here is the last")
	}
}

func (a *App) sayNoFinding() {
	if t := a.env().snap.Totals; t.ErrorKinds+t.Warnings > 0 {
		a.say(sAccent, "no finding among these rows; 4 lists all "+count(t.ErrorKinds+t.Warnings, 12))
		return
	}
	a.say(sAccent, "no finding so far")
}

func hasFinding(s *model.Snapshot, screen model.Screen, id int64) bool {
	switch screen {
	case model.ScreenSessions:
		x := s.Session(model.SessionID(id))
		return x != nil && x.Findings > 0
	case model.ScreenCalls:
		c := s.Calls.At(id)
		return c != nil && s.FindingOf(c) != nil
	case model.ScreenProcesses:
		p := s.Process(model.ProcID(id))
		return p != nil && p.Findings > 0
	case model.ScreenMethods:
		return id >= 0 && id < int64(len(s.Methods)) && s.Methods[id].Mismatches > 0
	}
	return true
}

// onward is jump, which begins with the session's first finding where the user
// has not moved yet: the ladder opens at its newest.
func (l *ladder) onward(e *env, d int) bool {
	if l.fresh && d > 0 {
		return l.edge(e, d)
	}
	return l.jump(e, d)
}

// jump goes to the session's next finding in the direction of d, and says
// whether there is one.
func (l *ladder) jump(e *env, d int) bool {
	i := l.chain.find(l.at.seq)
	return i >= 0 && l.seek(e, i+d, d)
}

// edge goes to the session's first finding, or with d = -1 to its last.
func (l *ladder) edge(e *env, d int) bool {
	if d < 0 {
		return l.seek(e, l.chain.len()-1, -1)
	}
	l.chain.extend(e.snap, maxChain)
	return l.seek(e, 0, 1)
}

// seek goes to the first finding from call i of the chain on.
func (l *ladder) seek(e *env, i, d int) bool {
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
		if !astray(e.snap, c, seq) {
			continue
		}
		l.at, l.follow = rungKey{seq, c.Replied != 0}, false
		l.line = l.height / 2
		l.window(e)
		return true
	}
}

// astray says that a finding is told at the call: its reply went to another
// process, or something else is wrong with it. A call whose process read
// another's reply is not: the finding is told at that reply.
func astray(s *model.Snapshot, c *model.Call, seq int64) bool {
	switch {
	case c.State == model.Orphan:
		return true
	case c.Reader != model.NoProc && c.Asker != model.NoProc && c.Reader != c.Asker:
		return true
	}
	f := s.FindingOf(c)
	return f != nil && (!f.Owner.Known() || f.Owner.Seq == seq || s.Calls.At(f.Owner.Seq) == nil)
}
