package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// help is the overlay of all keys and marks.
type help struct{ top, lines, height int }

func newHelp() *help { return &help{} }

func (h *help) key(a *App, k tea.KeyPressMsg) tea.Cmd {
	switch a.keys[k.String()] {
	case actDown:
		h.top++
	case actUp:
		h.top--
	case actPageDown, actHalfDown:
		h.top += h.height
	case actPageUp, actHalfUp:
		h.top -= h.height
	default:
		a.pop()
	}
	h.top = max(0, min(h.top, h.lines-h.height))
	return nil
}

// helpLine is a line of the overlay: a heading, or a key and what it does.
type helpLine struct{ key, text string }

func helpLines() []helpLine {
	var out []helpLine
	group := ""
	for _, b := range bindings() {
		if b.help == "" {
			continue
		}
		if b.group != group {
			if group != "" {
				out = append(out, helpLine{})
			}
			group = b.group
			out = append(out, helpLine{text: group})
		}
		out = append(out, helpLine{b.show, b.help})
	}
	out = append(out, helpLine{}, helpLine{text: "Marks"})
	for _, m := range [][2]string{
		{"S", "session shared by processes"}, {"s", "session inherited, not used yet"}, {"R", "reply of another call"},
		{"I", "wrong id"}, {"T", "wrong type of result"}, {"E", "result names something else"}, {"A", "stale: reply of an earlier call"},
		{"d", "id used twice in flight"}, {"D", "second reply to one call"}, {"O", "reply that nobody asked for"}, {"L", "reply lost"},
		{"X", "torn: bytes of two messages"}, {"B", "not JSON-RPC"}, {"b", "batch reply does not match"},
	} {
		out = append(out, helpLine{m[0], m[1]})
	}
	return out
}

func (h *help) draw(_ *App, all canvas.Region) {
	lines := helpLines()
	columns := 1
	if all.W >= 130 {
		columns = 2
	}
	per := (len(lines) + columns - 1) / columns
	r := box(all, min(columns*64+4, all.W-4), min(per+3, all.H-2), "Keys")
	h.lines, h.height = per, r.H-1
	h.top = max(0, min(h.top, h.lines-h.height))
	w := r.W / columns
	for i, l := range lines {
		y := i%per - h.top
		if y < 0 || y >= h.height {
			continue
		}
		c := r.Sub(i/per*w, y, w-1, 1)
		if l.key == "" {
			c.Text(0, 0, sPopupTitle, l.text)
			continue
		}
		c.Right(0, 0, 9, sPopupKey, l.key)
		c.Cut(11, 0, c.W-11, sPopup, l.text)
	}
	foot := "any key closes"
	if h.lines > h.height {
		foot = "↑ ↓ more   " + foot
	}
	r.Text(r.W-sanitize.Width(foot), r.H-1, sPopupDim, foot)
}
