package ui

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/pretty"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// source is the text that is shown in parts: of a hex dump, the bytes.
func (v *payload) source(d *document) []byte {
	if v.format == asPretty {
		return d.text
	}
	return d.raw
}

// chunks is how many parts the message has.
func (v *payload) chunks() int {
	return max(1, (len(v.source(v.shown))+chunkBytes-1)/chunkBytes)
}

// load makes the lines of the part that is shown, if it is not here already.
func (v *payload) load(d *document, w int) {
	if v.shown == d && (v.format != asRaw || v.raw == w) {
		return
	}
	v.shown, v.raw = d, w
	all := v.source(d)
	from, to := v.chunk*chunkBytes, min(len(all), (v.chunk+1)*chunkBytes)
	if v.format != asHex {
		from, to = atBoundary(all, from), atBoundary(all, to)
	}
	v.text = all[from:to]
	switch v.format {
	case asPretty:
		v.starts = pretty.Lines(v.text)
	case asRaw:
		v.starts = wrapRaw(v.text, w)
	case asHex:
		v.starts = nil
		for i := 0; i < len(v.text); i += pretty.HexWidth {
			v.starts = append(v.starts, i)
		}
	}
	v.lines = len(v.starts)
}

// atBoundary moves a cut back to the end of a line that is near, else to the
// start of a rune.
func atBoundary(text []byte, at int) int {
	if at <= 0 || at >= len(text) {
		return max(0, min(at, len(text)))
	}
	if i := bytes.LastIndexByte(text[max(0, at-4096):at], '\n'); i >= 0 {
		return max(0, at-4096) + i + 1
	}
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

// wrapRaw is where each line of text starts when it is broken at w cells.
func wrapRaw(text []byte, w int) []int {
	starts := []int{0}
	used := 0
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		cells := 1
		if r >= utf8.RuneSelf || r < ' ' {
			cells = sanitize.Width(string(text[i : i+n]))
		}
		if used+cells > w && used > 0 {
			starts, used = append(starts, i), 0
		}
		used += cells
		i += n
		if r == '\n' && i < len(text) {
			starts, used = append(starts, i), 0
		}
	}
	return starts
}

// line is line i of the part that is shown.
func (v *payload) line(i int) []byte {
	end := len(v.text)
	if i+1 < len(v.starts) {
		end = v.starts[i+1]
	}
	return bytes.TrimRight(v.text[v.starts[i]:end], "\n")
}

func (v *payload) draw(e *env, r canvas.Region, on bool) {
	if len(v.parts) == 0 {
		r.Cut(1, 1, r.W-2, sDim, v.missing(e))
		return
	}
	if !on && r.W >= 76 {
		v.abreast(e, r)
		return
	}
	v.tabs(r, on)
	body := r.Sub(1, 2, r.W-2, r.H-2)
	v.height = body.H
	d := v.document(e)
	switch {
	case d == nil:
		body.Text(0, 0, sDim, "reading …")
		return
	case d.err != nil:
		for k, s := range wrapText("This message cannot be read: "+d.err.Error(), body.W) {
			body.Cut(0, k, body.W, sWarn, s)
		}
		return
	}
	v.load(d, body.W)
	v.top = max(0, min(v.top, v.lines-v.height))
	v.status(r, d)
	for y := range min(body.H, v.lines-v.top) {
		v.drawLine(body.Sub(0, y, body.W, 1), v.top+y)
	}
}

// abreast draws the messages beside each other, as far as there is room: what
// one sees of a call before opening it.
func (v *payload) abreast(e *env, r canvas.Region) {
	if c := e.snap.Calls.At(v.call); c != nil {
		r.Cut(1, 0, r.W-2, sDim, callStory(e.snap, c))
	}
	w := (r.W - 2 - 3) / 2
	for i, p := range v.parts {
		col := r.Sub(1+i*(w+3), 2, w, r.H-2)
		if i > 0 {
			r.Fill(col.X-r.X-2, 2, 1, r.H-2, sBorder, "│")
		}
		col.Cut(0, 0, w, laneStyle(p.who)|canvas.Bold, p.title)
		d := e.bodies.of(p.origin)
		switch {
		case d == nil:
			col.Text(0, 1, sDim, "reading …")
			continue
		case d.err != nil:
			for k, s := range wrapText("cannot be read: "+d.err.Error(), w) {
				col.Cut(0, k+1, w, sWarn, s)
			}
			continue
		}
		for k := range min(len(d.lines), col.H-1) {
			jsonLine(col.Sub(-2, k+1, w+2, 1), d.line(k), false, d.isJSON)
		}
	}
}

func (v *payload) missing(e *env) string {
	if e.snap.Calls.At(v.call) == nil {
		return "This call is no longer kept."
	}
	if !e.canRead {
		return "This source does not keep payloads."
	}
	return "There are no messages of this call."
}

// tabs draws the names of the messages.
func (v *payload) tabs(r canvas.Region, on bool) {
	x := 1
	for i, p := range v.parts {
		st := laneStyle(p.who)
		if i == v.sel {
			st |= canvas.Bold | canvas.Underline
			if on {
				st |= canvas.Reverse
			}
		}
		x = r.Cut(x, 0, r.W-x-1, st, p.title) + 3
	}
}

// status says how the message is shown, how long it is, and where one is.
func (v *payload) status(r canvas.Region, d *document) {
	text := v.format.String() + " · " + bytesText(int64(len(d.raw)))
	if !d.isJSON {
		text += " · not JSON"
	}
	if n := v.chunks(); n > 1 {
		text += " · part " + count(uint64(v.chunk+1), 6) + " of " + count(uint64(n), 6) + " [ ]"
	}
	if v.lines > v.height {
		text += " · line " + count(uint64(v.top+1), 12) + " of " + count(uint64(v.lines), 12)
	}
	r.Cut(1, 1, r.W-2, sDim, text)
}

func (v *payload) drawLine(r canvas.Region, i int) {
	line := string(v.line(i))
	switch v.format {
	case asPretty:
		jsonLine(r.Sub(-2, 0, r.W+2, 1), line, false, v.shown.isJSON)
	case asRaw:
		r.Text(0, 0, sText, line)
	case asHex:
		at := v.starts[i]
		text := pretty.Hex(v.text, at)
		r.Cut(0, 0, r.W, sText, text)
		r.Paint(0, 0, 8, 1, sDim)
	}
	if v.search == "" {
		return
	}
	lower, want := strings.ToLower(line), strings.ToLower(v.search)
	for at := 0; v.format != asHex; {
		k := strings.Index(lower[at:], want)
		if k < 0 || len(lower) != len(line) {
			break
		}
		at += k
		r.Paint(sanitize.Width(line[:at]), 0, sanitize.Width(line[at:at+len(want)]), 1, sMatch)
		at += len(want)
	}
	if i == v.match {
		r.Add(0, 0, r.W, 1, canvas.Bold)
	}
}
