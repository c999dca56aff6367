package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/ui/canvas"
)

// chooser is the overlay that switches columns on and off.
type chooser struct {
	list *list
	sel  int
}

func newChooser(l *list) *chooser { return &chooser{list: l} }

func (c *chooser) key(a *App, k tea.KeyPressMsg) tea.Cmd {
	cols := c.list.kind.columns
	switch k.String() {
	case "down", "j":
		c.sel = (c.sel + 1) % len(cols)
	case "up", "k":
		c.sel = (c.sel + len(cols) - 1) % len(cols)
	case "space", "x":
		if col := cols[c.sel]; col.Prio > 0 {
			c.list.hidden[col.Key] = !c.list.hidden[col.Key]
		}
	default:
		a.pop()
	}
	return nil
}

func (c *chooser) draw(_ *App, all canvas.Region) {
	cols := c.list.kind.columns
	r := box(all, 40, len(cols)+4, "Columns")
	for i, col := range cols {
		sign := "[x]"
		st := sPopup
		switch {
		case col.Prio == 0:
			sign, st = " · ", sPopupDim
		case c.list.hidden[col.Key]:
			sign = "[ ]"
		}
		r.Text(0, i, st, sign+" "+col.Title)
		if i == c.sel {
			r.Add(0, i, r.W, 1, canvas.Reverse)
		}
	}
	r.Right(0, r.H-1, r.W, sPopupKey, "Space on/off   Esc close")
}
