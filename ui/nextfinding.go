package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
)

// Keys that go from finding to finding stop at errors; at warnings only where
// there is no error to stop at.

// nextFinding goes to the next finding (d = 1), or the one before (d = -1),
// wherever it is; past the last it begins again with the first, and says so.
func (a *App) nextFinding(d int) tea.Cmd {
	least := a.worstListed()
	left := ""
	if v, ok := a.detail.(*ladder); ok {
		if s := a.env().snap.Session(v.session); s != nil && !v.fresh && a.list().facts().session(s.ID).Worst >= least {
			left = sessionLabel(s.Conn, leftWidth)
		}
		if v.onward(a.env(), d, least) {
			a.list().home = false
			return nil
		}
	}
	if !a.nextRow(d, left) {
		return nil
	}
	if v, ok := a.detail.(*ladder); ok && !v.edge(a.env(), d, least) {
		a.sayOfSession(v.session)
	}
	return nil
}

// leftWidth is how much of a session's name is told when it is left.
const leftWidth = 30

// worstListed is how bad the worst row of the list is, Warning at least.
func (a *App) worstListed() model.Severity {
	l := a.list()
	for i := range l.rows.Len() {
		if l.severity(l.rows.At(i)) == model.Error {
			return model.Error
		}
	}
	return model.Warning
}

// nextRow selects the next row with a finding, and says whether there is one;
// left is the session whose findings are all seen, if that is why. From a list
// that the user has not moved in, nothing is said of first and last; where such
// a list is at its end because it follows what comes, its beginning comes first.
func (a *App) nextRow(d int, left string) bool {
	l := a.list()
	n, from, untouched := l.rows.Len(), l.win.Sel, l.home
	if untouched && l.follow && d > 0 {
		from = -1
	}
	at, worst := nextWorst(from, d, n, func(i int) model.Severity { return l.severity(l.rows.At(i)) })
	if worst == model.SeverityNone {
		a.sayNoFinding()
		return false
	}
	i := (at + n) % n
	l.choose(i)
	a.moved = a.cfg.now()
	a.redetail()
	a.sayMoved(i != at && !untouched, d, worst, left)
	return true
}

// nextWorst looks from one of n places on, in steps of d, round to that place,
// for the first error, else for the first warning. at is below 0 or from n on
// where the way there goes round.
func nextWorst(from, d, n int, severity func(int) model.Severity) (at int, worst model.Severity) {
	for k := 1; k <= n && worst < model.Error; k++ {
		to := from + d*k
		if s := severity((to + n) % n); s > worst {
			at, worst = to, s
		}
	}
	return at, worst
}

// nextLadder puts the ladder of the next session with a finding in the place of
// the ladder that is open over the list.
func (a *App) nextLadder(v *ladder, d int) {
	e, known := a.env(), a.list().facts()
	n := e.snap.Sessions.Len()
	at, worst := nextWorst(int(v.session), d, n, func(i int) model.Severity {
		if id := model.SessionID(i); e.snap.Session(id) != nil {
			return known.session(id).Worst
		}
		return model.SeverityNone
	})
	if worst == model.SeverityNone {
		a.sayNoFinding()
		return
	}
	i := (at + n) % n
	s := e.snap.Session(model.SessionID(i))
	left := ""
	if x := e.snap.Session(v.session); x != nil && x.ID != s.ID && known.session(x.ID).Worst >= worst {
		left = sessionLabel(x.Conn, leftWidth)
	}
	next := &ladder{session: s.ID, serial: s.Serial, height: v.height, at: rungKey{seq: -1}}
	next.sync(e)
	a.pages[len(a.pages)-1] = next
	a.sayMoved(i != at, d, worst, left)
	if !next.edge(e, d, worst) {
		a.sayOfSession(s.ID)
	}
}

// sayMoved says that the way went beyond the last finding of all, or of the
// session that was left.
func (a *App) sayMoved(wrapped bool, d int, worst model.Severity, left string) {
	end, begin := "last", "first"
	if d < 0 {
		end, begin = begin, end
	}
	switch {
	case wrapped:
		a.say(sAccent, "that was the "+end+" "+worst.String()+"; here is the "+begin)
	case left != "":
		a.say(sAccent, "that was the "+end+" "+worst.String()+" of "+left+"; here is the next session")
	}
}

// sayOfSession says what is wrong with a session where none of its calls does.
func (a *App) sayOfSession(id model.SessionID) {
	s := a.env().snap
	for i := s.Findings.Len() - 1; i >= 0; i-- {
		f := s.Findings.At(i)
		if f.Void || f.Session != id || f.Severity() < a.list().facts().session(id).Worst {
			continue
		}
		sign, st := severity(f)
		a.say(st, sign+" "+f.Kind.String()+": "+brief(s, f))
		return
	}
}

func (a *App) sayNoFinding() {
	if t := a.env().snap.Totals; t.ErrorKinds+t.Warnings > 0 {
		a.say(sAccent, "no finding among these rows; 4 lists all "+count(t.ErrorKinds+t.Warnings, 12))
		return
	}
	a.say(sAccent, "no finding so far")
}

// severity is how bad the worst finding is that the row of that identity is
// marked with.
func (l *list) severity(id int64) model.Severity {
	s := l.snap
	switch l.kind.screen {
	case model.ScreenSessions:
		return l.facts().session(model.SessionID(id)).Worst
	case model.ScreenCalls:
		if c := s.Calls.At(id); c != nil {
			return severityOf(s.FindingOf(c))
		}
	case model.ScreenProcesses:
		return l.facts().process(model.ProcID(id)).Worst
	case model.ScreenMethods:
		if id >= 0 && id < int64(len(s.Methods)) && s.Methods[id].Mismatches > 0 {
			return model.Error
		}
	case model.ScreenFindings:
		return severityOf(s.Finding(uint64(id)))
	}
	return model.SeverityNone
}

// severityOf is the severity of a finding, which may be nil.
func severityOf(f *model.Finding) model.Severity {
	if f == nil {
		return model.SeverityNone
	}
	return f.Severity()
}
