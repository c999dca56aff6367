package table

// Window is the part of n rows that is on the screen, and the one of them that
// is selected. The zero value is the top of an empty table.
type Window struct {
	Len    int // rows there are
	Height int // rows that fit
	Top    int // first row on the screen
	Sel    int // selected row
}

// margin is how many rows stay visible beyond the selection where there are.
const margin = 2

// Move selects the row d rows further, and shows it.
func (w *Window) Move(d int) { w.Select(w.Sel + d) }

// Select selects row i, the nearest where there is none, and shows it.
func (w *Window) Select(i int) {
	w.Sel = max(0, min(i, w.Len-1))
	m := min(margin, (w.Height-1)/2)
	w.Top = max(min(w.Top, w.Sel-m), w.Sel-w.Height+1+m)
	w.clamp()
}

// Scroll moves the rows under the selection by d; the selection moves only
// where it would leave the screen.
func (w *Window) Scroll(d int) {
	w.Top += d
	w.clamp()
	w.Sel = max(w.Top, min(w.Sel, w.Top+w.Height-1, w.Len-1))
	w.Sel = max(0, w.Sel)
}

// Resize sets how many rows fit and keeps the selection on the screen.
func (w *Window) Resize(height int) {
	if w.Height = height; w.Sel >= w.Top+height || w.Sel < w.Top {
		w.Select(w.Sel)
	}
	w.clamp()
}

// Replace says that there are n rows now and that the selected one is at sel.
// It stays on the line of the screen where it was, so that nothing jumps under
// the eye.
func (w *Window) Replace(n, sel int) {
	line := w.Sel - w.Top
	w.Len = n
	w.Sel = max(0, min(sel, n-1))
	w.Top = w.Sel - line
	w.clamp()
}

// AtEnd says that the last row is selected.
func (w *Window) AtEnd() bool { return w.Sel >= w.Len-1 }

func (w *Window) clamp() {
	w.Top = max(0, min(w.Top, w.Len-w.Height))
}
