package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
)

// rearrange changes the order of the list, or what it is narrowed to.
func (a *App) rearrange(act action) tea.Cmd {
	l := a.list()
	switch act {
	case actSort:
		l.nextSort(1)
		a.saySort()
	case actSortBack:
		l.nextSort(-1)
		a.saySort()
	case actReverse:
		l.desc = !l.desc
		a.saySort()
	case actTree:
		if a.screen != model.ScreenProcesses {
			a.say(sAccent, "only processes have a tree: press 3")
			return nil
		}
		l.tree = !l.tree
	case actFollow:
		if l.follow = !l.follow; l.follow {
			l.win.Select(l.win.Len - 1)
			l.pick()
		}
		a.say(sAccent, "follow "+onOff(l.follow))
	case actFindingsOnly:
		a.only.findings = !a.only.findings
	case actOnlyProcess:
		return a.onlyProcess()
	case actOnlySession:
		return a.onlySession()
	}
	return a.requery()
}

func (a *App) saySort() {
	l := a.list()
	switch {
	case l.sort == "" && l.desc:
		a.say(sAccent, "the usual order, turned round")
	case l.sort == "":
		a.say(sAccent, "the usual order")
	case l.desc:
		a.say(sAccent, "sorted by "+l.sort+", the highest first")
	default:
		a.say(sAccent, "sorted by "+l.sort+", the lowest first")
	}
}

// sortBy sorts by a column, or turns the order round if it is that one already.
// It says whether the screen can be sorted by it.
func (l *list) sortBy(column string) bool {
	if !slices.Contains(model.SortColumns(l.kind.screen), column) {
		return false
	}
	if l.sort == column {
		l.desc = !l.desc
		return true
	}
	l.sort, l.desc = column, l.numeric(column)
	return true
}

// numeric says that a column is one of numbers, of which the highest matter.
func (l *list) numeric(column string) bool {
	for _, c := range l.kind.columns {
		if c.Key == column {
			return c.Right || c.Key == "finding" || c.Key == "severity"
		}
	}
	return false
}

// nextSort goes on to the next column on the screen that can be sorted by, and
// after the last to the usual order.
func (l *list) nextSort(d int) {
	can := model.SortColumns(l.kind.screen)
	keys := []string{""}
	for _, c := range l.kind.columns {
		if slices.Contains(can, c.Key) {
			keys = append(keys, c.Key)
		}
	}
	i := max(0, slices.Index(keys, l.sort))
	l.sort = keys[(i+d+len(keys))%len(keys)]
	l.desc = l.sort != "" && l.numeric(l.sort)
}

// onlyProcess narrows every screen to the selected process, or widens it again.
func (a *App) onlyProcess() tea.Cmd {
	if a.only.process != model.NoProc {
		a.only.process = model.NoProc
		return a.requery()
	}
	p := a.selectedProcess()
	if p == model.NoProc {
		a.say(sAccent, "no process is selected")
		return nil
	}
	a.only.process = p
	return a.requery()
}

// onlySession narrows every screen to the selected session, or widens it again.
func (a *App) onlySession() tea.Cmd {
	if a.only.session != model.NoSession {
		a.only.session = model.NoSession
		return a.requery()
	}
	s := a.env().snap.Session(a.selectedSession())
	if s == nil {
		a.say(sAccent, "no session is selected")
		return nil
	}
	a.only.session, a.only.serial = s.ID, s.Serial
	return a.requery()
}
