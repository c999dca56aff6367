package ui

import (
	"context"
	"maps"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/table"
)

// list is one screen's list: a snapshot, the rows of it in their order, and
// where the user is in them. Snapshot and rows are always of one query.
type list struct {
	kind   kind
	snap   *model.Snapshot
	rows   model.Rows
	query  model.Query // what rows answer
	win    table.Window
	picked picked

	sort   string
	desc   bool
	tree   bool
	follow bool // stay at the last row
	home   bool // the user has not chosen a row yet: stay at the first
	hidden map[string]bool
	placed []table.Placed

	about   facts
	depths  []uint8 // of a tree: how deep each row stands in it
	running bool    // a query is under way
	serial  uint64
	cancel  context.CancelFunc
	err     error
}

// picked is the selected row by identity, so that it stays selected wherever
// it goes.
type picked struct {
	id     int64
	serial uint64 // tells the users of one slot apart
	ok     bool
}

func newList(s model.Screen) *list {
	k := kinds()[s]
	return &list{kind: k, tree: s == model.ScreenProcesses, follow: s == model.ScreenCalls, home: true, sort: k.sort, desc: k.desc, hidden: make(map[string]bool)}
}

// stable says that new rows of the list never come between old ones.
func (l *list) stable() bool { return l.sort == "" && l.kind.screen == model.ScreenCalls }

// take replaces snapshot and rows together and finds the selection again.
func (l *list) take(q model.Query, s *model.Snapshot, rows model.Rows) {
	l.query, l.snap, l.rows, l.err = q, s, rows, nil
	l.depths = treeDepths(q, s, &rows)
	n, sel := l.rows.Len(), -1
	if l.picked.ok && l.kind.serial(s, l.picked.id) == l.picked.serial {
		sel = l.rows.Find(l.picked.id)
	}
	switch {
	case l.follow:
		l.win.Replace(n, n-1)
		l.win.Select(n - 1)
	case l.home:
		l.win.Replace(n, 0)
		l.win.Select(0)
	case sel >= 0:
		l.win.Replace(n, sel)
	default:
		l.win.Replace(n, l.win.Sel)
	}
	l.pick()
}

// pick notes what is selected now.
func (l *list) pick() {
	if l.snap == nil || l.win.Sel >= l.rows.Len() {
		l.picked = picked{}
		return
	}
	id := l.rows.At(l.win.Sel)
	l.picked = picked{id, l.kind.serial(l.snap, id), true}
}

// choose selects row i.
func (l *list) choose(i int) {
	l.home = false
	l.win.Select(i)
	l.pick()
	if !l.win.AtEnd() {
		l.follow = false
	}
}

// find selects the row of that identity and says whether there is one.
func (l *list) find(id int64) bool {
	if l.snap == nil {
		return false
	}
	i := l.rows.Find(id)
	if i < 0 {
		return false
	}
	l.choose(i)
	return true
}

// move does what a key of movement means in a list.
func (l *list) move(act action) bool {
	page := max(1, l.win.Height-1)
	switch act {
	case actUp:
		l.choose(l.win.Sel - 1)
	case actDown, actNextMatch:
		l.choose(l.win.Sel + 1)
	case actPrevMatch:
		l.choose(l.win.Sel - 1)
	case actTop:
		l.choose(0)
	case actBottom:
		l.choose(l.win.Len - 1)
		l.follow = l.kind.screen == model.ScreenCalls || l.kind.screen == model.ScreenFindings && l.sort == "time" && !l.desc
	case actPageUp:
		l.choose(l.win.Sel - page)
	case actPageDown:
		l.choose(l.win.Sel + page)
	case actHalfUp:
		l.choose(l.win.Sel - page/2)
	case actHalfDown:
		l.choose(l.win.Sel + page/2)
	default:
		return false
	}
	return true
}

// draw draws the list; on says that keys go to it.
func (l *list) draw(e *env, r canvas.Region, on bool) {
	l.placed = table.Fit(l.kind.columns, r.W-2, l.without()) // a blank, and the scroll bar
	look := table.Look{Head: sHead, HeadSort: sHeadSort, Bar: sBorder, Selected: canvas.Reverse}
	if !on {
		look.Selected = canvas.Underline
	}
	table.Head(r, l.placed, look, l.sort, l.desc)
	body := r.Sub(0, 1, r.W, r.H-1)
	l.win.Resize(body.H)
	table.Body(body, l.placed, &l.win, look, func(cell canvas.Region, i int, c *table.Placed) {
		l.kind.cell(e, l, cell, i, c)
	})
}

// without is the columns that are not to be shown: those that the user hides,
// and those that say the same of every row.
func (l *list) without() map[string]bool {
	if l.kind.mute == nil || l.snap == nil {
		return l.hidden
	}
	all := maps.Clone(l.hidden)
	for _, key := range l.kind.mute(l.facts()) {
		all[key] = true
	}
	return all
}

// visible calls f with the identity of each row on the screen.
func (l *list) visible(f func(id int64)) {
	if l.snap == nil {
		return
	}
	for i := l.win.Top; i < min(l.win.Top+l.win.Height, l.rows.Len()); i++ {
		f(l.rows.At(i))
	}
}
