package ui

import (
	"strconv"
	"strings"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// drawTabs draws the second line: the screens, and what narrows the list.
func (a *App) drawTabs(r canvas.Region, e *env) {
	x := 0
	for i, l := range a.lists {
		text := strings.TrimRight(" "+strconv.Itoa(i+1)+" "+a.tabName(l, r.W), " ") + " "
		st := sTab
		if model.Screen(i) == a.screen {
			st = sTabOn
		}
		end := r.Text(x, 0, st, text)
		a.zones = append(a.zones, zone{rect{x, 1, end - x, 1}, actScreen1 + action(i)})
		x = end
	}
	a.drawNarrowing(r.Sub(x+1, 0, r.W-x-2, 1), e)
}

// tabName is what a screen is called in a line of w cells: where that is short,
// what narrows the list needs the room.
func (a *App) tabName(l *list, w int) string {
	switch {
	case w >= 76 || l == a.list():
		return l.kind.title
	case a.filter.text != "" || a.only != unrestricted():
		return ""
	}
	return l.kind.short
}

// drawNarrowing draws, from the right: position, filter, restrictions.
func (a *App) drawNarrowing(r canvas.Region, e *env) {
	x := r.W
	put := func(st canvas.Style, text string) {
		n := min(sanitize.Width(text), max(x, 0))
		if x -= n; n > 0 {
			r.Cut(x, 0, n, st, text)
			x -= 2
		}
	}
	l := a.list()
	if n := l.rows.Len(); l.snap != nil && n > 0 {
		put(sDim, count(uint64(l.win.Sel+1), 12)+"/"+count(uint64(n), 12))
	}
	if a.filter.text != "" {
		st := sWarn
		if a.filter.err != nil {
			st = sInputBad
		}
		put(st, "filter: "+a.filter.text)
	}
	for _, text := range a.only.texts(e.snap) {
		put(sWarn, text)
	}
}

// texts is what the list is narrowed to, in words.
func (o *restriction) texts(s *model.Snapshot) []string {
	var out []string
	if o.findings {
		out = append(out, "! findings only")
	}
	if o.process != model.NoProc {
		out = append(out, "only "+pidText(s, o.process))
	}
	if x := s.Session(o.session); x != nil {
		out = append(out, "only "+sessionLabel(x.Conn, 20))
	}
	return out
}
