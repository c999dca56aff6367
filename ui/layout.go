package ui

// The smallest and the usual terminal that the screens are made for.
const (
	minWidth  = 60
	minHeight = 15
)

// rect is a rectangle of the terminal, in cells.
type rect struct{ x, y, w, h int }

func (r rect) contains(x, y int) bool {
	return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h
}

// arrangement is what the user chose of the layout.
type arrangement struct {
	zoomList, zoomDetail bool
	page                 bool // one view takes the whole body
	noDetail             bool
	rows                 int // what the list has to show, -1: not known yet
}

// layout is where everything stands. A rectangle without height is not shown.
type layout struct {
	tooSmall bool
	status   rect
	tabs     rect
	list     rect
	rule     rect // the line between list and detail: below the list, or beside it
	detail   rect
	footer   rect
	beside   bool
}

// arrange is the layout of a terminal of w by h cells. It is a pure function.
func arrange(w, h int, a arrangement) layout {
	if w < minWidth || h < minHeight {
		return layout{tooSmall: true}
	}
	l := layout{
		status: rect{0, 0, w, 1},
		tabs:   rect{0, 1, w, 1},
		footer: rect{0, h - 1, w, 1},
	}
	body := rect{0, 2, w, h - 3}
	switch {
	case a.page || a.zoomDetail:
		l.detail = body
	case a.zoomList || a.noDetail:
		l.list = body
	case sideBySide(w, h):
		l.beside = true
		lw := min(w*11/20, 130)
		l.list = rect{0, body.y, lw, body.h}
		l.rule = rect{lw, body.y, 1, body.h}
		l.detail = rect{lw + 1, body.y, w - lw - 1, body.h}
	default:
		lh := max(4, body.h*2/5)
		if a.rows >= 0 { // what a short list leaves, the detail has
			lh = min(lh, max(4, a.rows+listSpare))
		}
		l.list = rect{0, body.y, w, lh}
		l.rule = rect{0, body.y + lh, w, 1}
		l.detail = rect{0, body.y + lh + 1, w, body.h - lh - 1}
	}
	return l
}

// listSpare is the list's head, and room for two rows more, so that the line
// below it does not move with every one that comes.
const listSpare = 3

// sideBySide says whether the shape of the terminal has more room beside the
// list than below it.
func sideBySide(w, h int) bool { return w >= 240 || w >= 160 && w > 4*h }
