// Package canvas is the grid of cells that a frame is drawn on. Everything that
// reaches the terminal goes through Region.Text, which sanitises it, so no
// string from a log can do more than fill cells; and through Canvas.String,
// which writes one escape sequence for each run of equal style.
//
// A Canvas belongs to one goroutine.
package canvas

import "github.com/sessiontop/sessiontop/ui/sanitize"

// Style is a role, which a Palette gives its look, and attributes.
type Style uint16

// Attributes of a Style; the low byte is the role.
const (
	Reverse Style = 1 << (8 + iota)
	Bold
	Underline
	Faint
	attrs = iota

	roleMask Style = 0xff
)

// Plain is the terminal's own look.
const Plain Style = 0

// cell is one cell. A wide cluster stands in its first cell; the second is
// empty with width 0.
type cell struct {
	text  string
	style Style
	width uint8
}

// Canvas is a grid of cells.
type Canvas struct {
	w, h  int
	cells []cell
}

// New returns a blank canvas of w by h cells.
func New(w, h int) *Canvas {
	c := &Canvas{}
	c.Resize(w, h)
	return c
}

// Resize makes the canvas w by h and blank; it keeps its memory where it can.
func (c *Canvas) Resize(w, h int) {
	c.w, c.h = max(w, 0), max(h, 0)
	if n := c.w * c.h; cap(c.cells) < n {
		c.cells = make([]cell, n)
	} else {
		c.cells = c.cells[:n]
	}
	for i := range c.cells {
		c.cells[i] = blank
	}
}

var blank = cell{text: " ", width: 1}

// All is the region of the whole canvas.
func (c *Canvas) All() Region { return Region{c: c, W: c.w, H: c.h} }

// set writes one cell, and mends a wide neighbour that it cuts in half.
func (c *Canvas) set(x, y int, text string, w int, s Style) {
	i := y*c.w + x
	if c.cells[i].width == 0 && x > 0 {
		c.cells[i-1].text, c.cells[i-1].width = " ", 1
	}
	if end := i + w; end < (y+1)*c.w && c.cells[end].width == 0 {
		c.cells[end].text, c.cells[end].width = " ", 1
	}
	c.cells[i] = cell{text, s, uint8(w)}
	if w == 2 {
		c.cells[i+1] = cell{"", s, 0}
	}
}

// Region is a rectangle of a canvas. Coordinates are the region's own; what
// falls outside of it is cut off.
type Region struct {
	c    *Canvas
	X, Y int // of its corner on the canvas
	W, H int
}

// Sub is the part of the region at x, y that is w by h, as far as it lies in it.
func (r Region) Sub(x, y, w, h int) Region {
	x0, y0 := max(x, 0), max(y, 0)
	x1, y1 := min(x+w, r.W), min(y+h, r.H)
	return Region{r.c, r.X + x0, r.Y + y0, max(x1-x0, 0), max(y1-y0, 0)}
}

// Text writes s at x, y and returns the x after it.
func (r Region) Text(x, y int, st Style, s string) int {
	if y < 0 || y >= r.H {
		return x
	}
	sanitize.Each(s, func(t string, w int) bool {
		if x+w > r.W {
			return false
		}
		if x >= 0 {
			r.c.set(r.X+x, r.Y+y, t, w, st)
		}
		x += w
		return true
	})
	return x
}

// Cut writes s at x, y in at most w cells, with … where it had to be cut, and
// returns the x after it.
func (r Region) Cut(x, y, w int, st Style, s string) int {
	w = min(w, r.W-x)
	if w <= 0 {
		return x
	}
	if fits(s, w) {
		return r.Sub(0, 0, x+w, r.H).Text(x, y, st, s)
	}
	end := r.Sub(0, 0, x+w-1, r.H).Text(x, y, st, s)
	return r.Text(end, y, st, "…")
}

// fits says whether s takes at most w cells, without measuring all of it.
func fits(s string, w int) bool {
	sanitize.Each(s, func(_ string, n int) bool {
		w -= n
		return w >= 0
	})
	return w >= 0
}

// Right writes s so that it ends before x+w, cut with … if it is wider than w.
func (r Region) Right(x, y, w int, st Style, s string) {
	n := sanitize.Width(s)
	if n >= w {
		r.Cut(x, y, w, st, s)
		return
	}
	r.Text(x+w-n, y, st, s)
}

// Fill writes t, one cell wide, into each cell of a rectangle.
func (r Region) Fill(x, y, w, h int, st Style, t string) {
	s := r.Sub(x, y, w, h)
	for j := range s.H {
		for i := range s.W {
			s.c.set(s.X+i, s.Y+j, t, 1, st)
		}
	}
}

// Add sets attributes on each cell of a rectangle.
func (r Region) Add(x, y, w, h int, a Style) {
	s := r.Sub(x, y, w, h)
	for j := range s.H {
		row := s.c.cells[(s.Y+j)*s.c.w+s.X:]
		for i := range s.W {
			row[i].style |= a
		}
	}
}

// Paint gives each cell of a rectangle a role and keeps its attributes.
func (r Region) Paint(x, y, w, h int, role Style) {
	s := r.Sub(x, y, w, h)
	for j := range s.H {
		row := s.c.cells[(s.Y+j)*s.c.w+s.X:]
		for i := range s.W {
			row[i].style = row[i].style&^roleMask | role&roleMask
		}
	}
}

// Clear makes the region blank.
func (r Region) Clear() { r.Fill(0, 0, r.W, r.H, Plain, " ") }
