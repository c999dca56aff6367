package ui

import (
	"fmt"

	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// zone is a part of the frame that can be clicked for an action.
type zone struct {
	rect
	act action
}

// render draws the frame.
func (a *App) render() string {
	a.cursor, a.zones = nil, a.zones[:0]
	all := a.canvas.All()
	all.Clear()
	l := arrange(a.w, a.h, a.arrangement())
	if l.tooSmall {
		if a.w > 0 {
			text := fmt.Sprintf("sessiontop needs %d×%d, this terminal is %d×%d", minWidth, minHeight, a.w, a.h)
			for y, line := range wrapText(text, a.w) {
				all.Cut(0, y, a.w, sBad, line)
			}
		}
		return a.canvas.String(a.look)
	}
	e := a.env()
	a.drawStatus(sub(all, l.status))
	a.drawTabs(sub(all, l.tabs), e)
	if l.list.h > 0 {
		a.drawList(sub(all, l.list), e)
	}
	a.drawRule(sub(all, l.rule), l.beside)
	if l.detail.h > 0 {
		a.drawDetail(sub(all, l.detail), e)
	}
	a.drawFooter(sub(all, l.footer))
	for _, o := range a.layers {
		o.draw(a, all)
	}
	return a.canvas.String(a.look)
}

func sub(r canvas.Region, at rect) canvas.Region { return r.Sub(at.x, at.y, at.w, at.h) }

func (a *App) drawList(r canvas.Region, e *env) {
	l := a.list()
	l.draw(e, r, a.top() == nil)
	if l.snap == nil || l.rows.Len() == 0 {
		a.drawEmpty(r.Sub(0, 1, r.W, r.H-1), e)
	}
}

func (a *App) drawRule(r canvas.Region, beside bool) {
	st := sBorder
	if a.top() != nil {
		st = sBorderOn
	}
	if beside {
		r.Fill(0, 0, r.W, r.H, st, "│")
		return
	}
	r.Fill(0, 0, r.W, r.H, st, "─")
}

func (a *App) drawDetail(r canvas.Region, e *env) {
	if n := len(a.pages); n > 0 {
		a.pages[n-1].draw(e, r, true)
		return
	}
	a.detail.draw(e, r, a.onDetail)
}

func windowTitle(title string) string {
	if title == "" {
		return "sessiontop"
	}
	return "sessiontop · " + sanitize.Text(title)
}
