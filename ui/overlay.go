package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// overlay is something on top of all views. The last one sees every key first,
// and alone.
type overlay interface {
	key(a *App, k tea.KeyPressMsg) tea.Cmd
	draw(a *App, all canvas.Region)
}

// pop closes the overlay on top.
func (a *App) pop() { a.layers = a.layers[:len(a.layers)-1] }

// box draws an empty window with a title in the middle and returns its inside.
func box(all canvas.Region, w, h int, title string) canvas.Region {
	w, h = min(w, all.W-2), min(h, all.H-2)
	r := all.Sub((all.W-w)/2, (all.H-h)/2, w, h)
	frame(r)
	r.Cut(2, 0, w-4, sPopupTitle, " "+title+" ")
	return r.Sub(2, 1, w-4, h-2)
}

// frame draws an empty window that takes all of r and returns its inside.
func frame(r canvas.Region) canvas.Region {
	w, h := r.W, r.H
	r.Fill(0, 0, w, h, sPopup, " ")
	r.Fill(0, 0, w, 1, sPopupDim, "─")
	r.Fill(0, h-1, w, 1, sPopupDim, "─")
	r.Fill(0, 0, 1, h, sPopupDim, "│")
	r.Fill(w-1, 0, 1, h, sPopupDim, "│")
	for _, c := range []struct {
		x, y int
		s    string
	}{{0, 0, "╭"}, {w - 1, 0, "╮"}, {0, h - 1, "╰"}, {w - 1, h - 1, "╯"}} {
		r.Text(c.x, c.y, sPopupDim, c.s)
	}
	return r.Sub(1, 1, w-2, h-2)
}

// notice is a window with lines to read; any key closes it, unless it asks:
// then it waits for an answer.
type notice struct {
	title string
	lines []string
	yes   func(a *App) tea.Cmd // a question: what y and Enter do
}

func (n *notice) key(a *App, k tea.KeyPressMsg) tea.Cmd {
	if n.yes == nil {
		a.pop()
		return nil
	}
	switch k.String() {
	case "y", "Y", "enter":
		a.pop()
		return n.yes(a)
	case "n", "N", "esc", "q":
		a.pop()
	}
	return nil
}

func (n *notice) draw(_ *App, all canvas.Region) {
	w := sanitize.Width(n.title) + 6
	for _, s := range n.lines {
		w = max(w, sanitize.Width(s)+4)
	}
	r := box(all, w, len(n.lines)+4, n.title)
	for i, s := range n.lines {
		r.Cut(0, i, r.W, sPopup, s)
	}
	foot := "any key closes"
	if n.yes != nil {
		foot = "y Enter yes   n Esc no"
	}
	r.Right(0, r.H-1, r.W, sPopupKey, foot)
}
