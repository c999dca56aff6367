package ui

import "github.com/sessiontop/sessiontop/model"

// selectedSession is the session of what is selected.
func (a *App) selectedSession() model.SessionID {
	if l, ok := a.top().(*ladder); ok {
		return l.session
	}
	l := a.list()
	if l.snap == nil || !l.picked.ok {
		return model.NoSession
	}
	switch a.screen {
	case model.ScreenSessions:
		return model.SessionID(l.picked.id)
	case model.ScreenCalls:
		if c := l.snap.Calls.At(l.picked.id); c != nil {
			return c.Session
		}
	case model.ScreenFindings:
		if f := l.snap.Finding(uint64(l.picked.id)); f != nil {
			return f.Session
		}
	}
	return model.NoSession
}

// selectedProcess is the process of what is selected.
func (a *App) selectedProcess() model.ProcID {
	l := a.list()
	if l.snap == nil || !l.picked.ok {
		return model.NoProc
	}
	if c := l.snap.Calls.At(a.selectedCall()); c != nil && (a.screen == model.ScreenCalls || a.top() != nil) {
		if c.Asker != model.NoProc {
			return c.Asker
		}
		return c.Reader
	}
	switch a.screen {
	case model.ScreenSessions:
		if s := l.snap.Session(model.SessionID(l.picked.id)); s != nil {
			return s.Owner
		}
	case model.ScreenProcesses:
		return model.ProcID(l.picked.id)
	case model.ScreenFindings:
		if f := l.snap.Finding(uint64(l.picked.id)); f != nil {
			return f.Reader
		}
	}
	return model.NoProc
}

// selectedCall is the Seq of the selected call, -1 where none is.
func (a *App) selectedCall() int64 {
	switch v := a.top().(type) {
	case *ladder:
		return v.at.seq
	case *evidence:
		if f := a.env().snap.Finding(v.finding); f != nil {
			return f.Call.Seq
		}
		return -1
	case *payload:
		return v.call
	}
	l := a.list()
	if l.snap == nil || !l.picked.ok {
		return -1
	}
	switch a.screen {
	case model.ScreenCalls:
		return l.picked.id
	case model.ScreenFindings:
		if f := l.snap.Finding(uint64(l.picked.id)); f != nil {
			return f.Call.Seq
		}
	}
	return -1
}

// redetail shows the detail of the row that is selected now.
func (a *App) redetail() {
	l := a.list()
	if l.snap == nil || !l.picked.ok {
		a.detail, a.onDetail, a.zoomDetail = nil, false, false
		return
	}
	switch a.screen {
	case model.ScreenSessions:
		a.detail = ladderOf(a.detail, model.SessionID(l.picked.id), l.picked.serial)
	case model.ScreenCalls:
		a.detail = payloadOf(a.detail, l.picked.id)
	case model.ScreenProcesses:
		a.detail = processDetailOf(a.detail, model.ProcID(l.picked.id))
	case model.ScreenFindings:
		a.detail = evidenceOf(a.detail, uint64(l.picked.id))
	case model.ScreenMethods:
		a.detail = &methodDetail{index: int(l.picked.id)}
	}
	a.detail.sync(a.env())
}

// syncViews brings everything that is open up to date.
func (a *App) syncViews() {
	e := a.env()
	if a.detail != nil {
		a.detail.sync(e)
	}
	for _, p := range a.pages {
		p.sync(e)
	}
}
