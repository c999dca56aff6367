package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/ui/table"
)

// doubleClick is the longest time between the clicks of a double one.
const doubleClick = 400 * time.Millisecond

// wheelRows is how many rows one notch of the wheel moves.
const wheelRows = 3

// clickMemory tells a double click from two.
type clickMemory struct {
	at   time.Time
	x, y int
}

// click does what a click means where it hit.
func (a *App) click(m tea.Mouse) tea.Cmd {
	if !a.mouse || m.Button != tea.MouseLeft {
		return nil
	}
	now := a.cfg.now()
	double := now.Sub(a.clicks.at) < doubleClick && m.X == a.clicks.x && m.Y == a.clicks.y
	a.clicks = clickMemory{now, m.X, m.Y}
	if double {
		a.clicks = clickMemory{}
	}
	if len(a.layers) > 0 {
		return nil
	}
	for _, z := range a.zones {
		if z.contains(m.X, m.Y) {
			return a.do(z.act)
		}
	}
	l := arrange(a.w, a.h, a.arrangement())
	switch {
	case l.list.contains(m.X, m.Y):
		return a.clickList(m.X-l.list.x, m.Y-l.list.y, double)
	case l.detail.contains(m.X, m.Y):
		return a.clickDetail(m.X-l.detail.x, m.Y-l.detail.y, double)
	}
	return nil
}

func (a *App) clickList(x, y int, double bool) tea.Cmd {
	a.onDetail = false
	l := a.list()
	if y == 0 {
		if key := table.At(l.placed, x); key != "" && l.sortBy(key) {
			return a.requery()
		}
		return nil
	}
	i := l.win.Top + y - 1
	if i >= l.win.Len {
		return nil
	}
	l.choose(i)
	a.moved = a.cfg.now()
	a.redetail()
	if double {
		return a.open()
	}
	return nil
}

func (a *App) clickDetail(x, y int, double bool) tea.Cmd {
	if len(a.pages) == 0 {
		a.onDetail, a.list().home = true, false
	}
	v := a.top()
	if v == nil {
		return nil
	}
	e := a.env()
	cmd := a.follow(v.click(e, x, y))
	if double {
		return both(cmd, a.do(actOpen))
	}
	return cmd
}

// wheel scrolls what is under the pointer.
func (a *App) wheel(m tea.Mouse) tea.Cmd {
	d := wheelRows
	switch m.Button {
	case tea.MouseWheelUp:
		d = -d
	case tea.MouseWheelDown:
	default:
		return nil
	}
	if len(a.layers) > 0 {
		return nil
	}
	l := arrange(a.w, a.h, a.arrangement())
	if l.list.contains(m.X, m.Y) {
		list := a.list()
		list.win.Scroll(d)
		list.pick()
		list.home = false
		list.follow = list.follow && list.win.AtEnd()
		a.moved = a.cfg.now()
		a.redetail()
		return nil
	}
	act := actDown
	if d < 0 {
		act = actUp
	}
	v := a.detail
	if n := len(a.pages); n > 0 {
		v = a.pages[n-1]
	}
	if v == nil || !l.detail.contains(m.X, m.Y) {
		return nil
	}
	var cmd tea.Cmd
	for range wheelRows {
		cmd = both(cmd, a.follow(v.act(a.env(), act)))
	}
	return cmd
}
