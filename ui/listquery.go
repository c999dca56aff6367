package ui

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
)

// queryDone brings the rows of a query, with the snapshot that they are of.
type queryDone struct {
	screen model.Screen
	serial uint64
	query  model.Query
	snap   *model.Snapshot
	rows   model.Rows
	err    error
}

// restriction is what the user narrowed every screen to.
type restriction struct {
	session  model.SessionID
	serial   uint64 // of that session
	process  model.ProcID
	findings bool
}

func unrestricted() restriction {
	return restriction{session: model.NoSession, process: model.NoProc}
}

// query starts the query of the current list on the snapshot to be shown. One
// that is under way is given up: what it would bring is out of date.
func (a *App) query() tea.Cmd {
	s, l := a.shown(), a.list()
	if s == nil {
		return nil
	}
	if l.cancel != nil {
		l.cancel()
	}
	q := model.NewQuery(a.screen)
	q.Filter, q.Sort, q.Desc = a.filter.live, l.sort, l.desc
	q.Session, q.Process, q.FindingsOnly = a.only.session, a.only.process, a.only.findings
	q.Tree = l.tree && a.screen == model.ScreenProcesses
	if s.Live {
		q.Now = a.moment().UnixNano()
	}
	ctx, cancel := context.WithCancel(context.Background())
	l.serial++
	l.cancel, l.running = cancel, true
	done := queryDone{screen: a.screen, serial: l.serial, query: q, snap: s}
	return func() tea.Msg {
		done.rows, done.err = done.snap.Run(ctx, done.query)
		cancel()
		return done
	}
}

// landed takes the rows of a query, unless a later one is under way.
func (a *App) landed(m queryDone) tea.Cmd {
	l := a.lists[m.screen]
	if m.serial != l.serial {
		return nil
	}
	l.running, l.cancel = false, nil
	if m.err != nil {
		if !errors.Is(m.err, context.Canceled) {
			l.err = m.err
			a.dirty = true
		}
		return nil
	}
	l.take(m.query, m.snap, m.rows)
	if m.screen == a.screen {
		a.dirty = true
		a.redetail()
		a.syncViews()
	}
	return nil
}

// requery is query after the user changed what the list is to show.
func (a *App) requery() tea.Cmd {
	a.moved = a.moved.Add(-settle)
	return a.query()
}
