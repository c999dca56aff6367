package table

import "github.com/sessiontop/sessiontop/ui/canvas"

// Look is how a table looks.
type Look struct {
	Head     canvas.Style
	HeadSort canvas.Style // the column that the rows are sorted by
	Bar      canvas.Style // the scroll bar
	Selected canvas.Style // attributes added to the selected row
}

// Cell draws the cell of row i in column c. The region is that cell.
type Cell func(r canvas.Region, i int, c *Placed)

// Head draws the line of titles into the first line of r. sort is the key of
// the column that the rows are sorted by, "" where none is.
func Head(r canvas.Region, cols []Placed, look Look, sort string, desc bool) {
	for i := range cols {
		c := &cols[i]
		st, title := look.Head, c.Title
		if sort != "" && c.Key == sort {
			st, title = look.HeadSort, sorted(title, desc, c.W)
		}
		if c.Right {
			r.Right(c.X, 0, c.W, st, title)
		} else {
			r.Cut(c.X, 0, c.W, st, title)
		}
	}
}

// sorted is the title of the column that the rows are sorted by, in w cells: the
// arrow is what must be seen of it.
func sorted(title string, desc bool, w int) string {
	arrow := "▲"
	if desc {
		arrow = "▼"
	}
	r := []rune(title)
	return string(r[:max(0, min(len(r), w-1))]) + arrow
}

// Body draws the rows of w that are visible into r, one a line, and a scroll
// bar at the right edge where there are more. It returns how many it drew.
func Body(r canvas.Region, cols []Placed, w *Window, look Look, draw Cell) int {
	n := min(r.H, w.Len-w.Top)
	for line := range n {
		i := w.Top + line
		for k := range cols {
			c := &cols[k]
			draw(r.Sub(c.X, line, c.W, 1), i, c)
		}
		if i == w.Sel {
			r.Paint(0, line, r.W, 1, canvas.Plain)
			r.Add(0, line, r.W, 1, look.Selected)
		}
	}
	if w.Len > r.H && r.H > 2 {
		size := max(1, r.H*r.H/w.Len)
		top := 0
		if w.Len > r.H {
			top = (r.H - size) * w.Top / (w.Len - r.H)
		}
		r.Fill(r.W-1, top, 1, size, look.Bar, "▐")
	}
	return max(n, 0)
}
