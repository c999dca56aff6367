package ui

import (
	"strings"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// docLine draws one line of a text that scrolls, into a region one line high.
type docLine func(r canvas.Region)

func textLine(st canvas.Style, s string) docLine {
	return func(r canvas.Region) { r.Cut(0, 0, r.W, st, s) }
}

func blankLine(canvas.Region) {}

// compose is the whole view as lines of w cells.
func (v *evidence) compose(e *env, f *model.Finding, w int, on bool) []docLine {
	x := e.snap.Explain(f)
	doc := []docLine{v.headline(e, f)}
	for _, s := range wrapText(x.Message, w) {
		doc = append(doc, textLine(sTitle, s))
	}
	doc = append(doc, blankLine)
	doc = append(doc, v.messages(e, f, w, on)...)
	doc = append(doc, reasons(e, f)...)
	doc = append(doc, labelled("Cause", sanitize.Text(x.Cause), w, sText)...)
	doc = append(doc, labelled("Do", x.Advice, w, sGood)...)
	return doc
}

// headline is the kind of the finding, how sure it is, when and where.
func (v *evidence) headline(e *env, f *model.Finding) docLine {
	return func(r canvas.Region) {
		sign, st := severity(f)
		x := r.Text(0, 0, st|canvas.Bold, sign+" "+f.Kind.String())
		x = r.Text(x, 0, sDim, " · ")
		x = r.Text(x, 0, certainty(f), f.Certainty.String())
		if names := f.Evidence.Names(); len(names) > 0 {
			x = r.Text(x, 0, sDim, " by "+strings.Join(names, ", "))
		}
		x = r.Text(x, 0, sDim, " · "+clock(f.Time, 4*b2i(r.W >= 76)))
		if f.Count > 1 {
			x = r.Cut(x, 0, r.W-x, sDim, " · "+count(uint64(f.Count), 9)+" times")
		}
		if s := e.snap.Session(f.Session); s != nil && r.W-x > 20 {
			r.Cut(x, 0, r.W-x, sDim, " · "+sessionLabel(s.Conn, max(20, r.W-x-3)))
		}
	}
}

// messages lays the messages side by side, as many as there is room for.
func (v *evidence) messages(e *env, f *model.Finding, w int, on bool) []docLine {
	const narrowest = 36
	var doc []docLine
	if len(v.parts) == 0 {
		return nil
	}
	abreast := max(1, min(len(v.parts), (w+3)/(narrowest+3)))
	colW := (w+3)/abreast - 3
	for i := 0; i < len(v.parts); i += abreast {
		row := v.parts[i:min(i+abreast, len(v.parts))]
		var cols [][]docLine
		tall := 0
		for k, p := range row {
			c := v.message(e, f, p, on && v.sel == i+k)
			cols = append(cols, c)
			tall = max(tall, len(c))
		}
		for y := range tall {
			doc = append(doc, func(r canvas.Region) {
				for k, c := range cols {
					if k > 0 {
						r.Text(k*(colW+3)-2, 0, sBorder, "│")
					}
					if y < len(c) {
						c[y](r.Sub(k*(colW+3), 0, colW, 1))
					}
				}
			})
		}
		doc = append(doc, blankLine)
	}
	return doc
}

// mostLines is how many lines of a message evidence shows; Enter shows all.
const mostLines = 200

// message is one message as lines: its title, then its JSON.
func (v *evidence) message(e *env, f *model.Finding, p part, selected bool) []docLine {
	out := []docLine{func(r canvas.Region) {
		st := laneStyle(p.who) | canvas.Bold
		if selected {
			st |= canvas.Reverse
		}
		r.Cut(0, 0, r.W, st, p.title)
	}}
	d := e.bodies.of(p.origin)
	switch {
	case d == nil:
		return append(out, textLine(sDim, "reading …"))
	case d.err != nil:
		return append(out, textLine(sWarn, "cannot be read: "+d.err.Error()))
	}
	flags := decisive(e, f, p.role, d)
	for i := range min(len(d.lines), mostLines) {
		line, flagged := d.line(i), flags[i]
		out = append(out, func(r canvas.Region) { jsonLine(r, line, flagged, d.isJSON) })
	}
	if more := len(d.lines) - mostLines; more > 0 {
		out = append(out, textLine(sDim, count(uint64(more), 12)+" more lines: Enter shows them"))
	}
	return out
}

// reasons says of each kind of evidence what it says of the reply.
func reasons(e *env, f *model.Finding) []docLine {
	if f.Evidence == 0 || !f.Call.Known() {
		return nil
	}
	says := func(kind model.Evidence, against, silent string) docLine {
		return func(r canvas.Region) {
			name := kind.Names()[0]
			if f.Evidence&kind != 0 {
				x := r.Text(0, 0, sBad, "✗ "+name)
				r.Cut(max(x+1, 8), 0, r.W-8, sText, against)
				return
			}
			x := r.Text(0, 0, sDim, "· "+name)
			r.Cut(max(x+1, 8), 0, r.W-8, sDim, silent)
		}
	}
	method := e.snap.Name(f.Call.Method)
	id := "the reply's id is " + idOf(f.ReplyID, "") + ", asked was " + idOf(f.Call.ID, "")
	sameID := "says nothing against it: the ids are equal"
	switch {
	case f.ReplyID != f.Call.ID:
		sameID = id
	case f.Owner.Known() && f.Owner.Proc != f.Reader:
		sameID = "says nothing: the ids are equal, for both processes count from the same number"
	}
	echo := "the result names something else than the request did"
	if f.Kind == model.WrongEcho && f.Certainty == model.Possible {
		echo = "the result is unlike what the endpoint had answered before"
	}
	return []docLine{
		says(model.EvidenceWire, "in the order of the connection this reply answers another request", "says nothing against it"),
		says(model.EvidenceID, id, sameID),
		says(model.EvidenceType, "this cannot be a result of "+method, "says nothing: this could be a result of "+method),
		says(model.EvidenceEcho, echo, "says nothing: the result names nothing to compare"),
		blankLine,
	}
}

// labelled is a label with a wrapped text beside it, whose line breaks are kept
// where they fit; nothing of no text.
func labelled(label, text string, w int, st canvas.Style) []docLine {
	if text == "" {
		return nil
	}
	var lines []string
	paragraphs := strings.Split(text, "\n")
	for _, p := range paragraphs {
		lines = append(lines, wrapText(p, w-8)...)
	}
	if len(lines) > len(paragraphs) { // its own line breaks no longer fit
		lines = wrapText(strings.Join(paragraphs, " "), w-8)
	}
	var out []docLine
	for i, s := range lines {
		out = append(out, func(r canvas.Region) {
			if i == 0 {
				r.Text(0, 0, sHeadSort, label)
			}
			r.Cut(8, 0, r.W-8, st, s)
		})
	}
	return out
}

// wrapText breaks text, made safe, into lines of at most w cells, at blanks where
// it can: a line break within it is a name's, and spelled out.
func wrapText(text string, w int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(sanitize.Text(text)) {
		switch {
		case line == "":
			line = word
		case sanitize.Width(line)+1+sanitize.Width(word) <= w:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
