package ui

import (
	"bytes"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
)

// payload is the view of whole messages: one at a time, as indented JSON, as it
// came, or in hex. Long ones are shown in parts.
type payload struct {
	call   int64 // Seq of the call whose messages these are, -1: a finding's
	parts  []part
	sel    int
	format format
	chunk  int // of the text
	top    int
	height int
	lines  int // of the chunk
	search string
	match  int // line of the match, -1: none
	shown  *document
	text   []byte // of the chunk, as it is shown
	starts []int
	raw    int // width that raw text was wrapped at
}

// format is how a payload is shown.
type format uint8

const (
	asPretty format = iota
	asRaw
	asHex
	formats
)

func (f format) String() string { return [...]string{"pretty", "raw", "hex"}[f] }

// chunkBytes is how much of a text is shown at once.
const chunkBytes = 256 << 10

// newPayload shows parts, beginning with number sel.
func newPayload(parts []part, sel int) *payload {
	return &payload{call: -1, parts: parts, sel: sel, match: -1}
}

// payloadOf shows the messages of a call.
func payloadOf(old view, seq int64) view {
	if v, ok := old.(*payload); ok && v.call == seq {
		return v
	}
	v := &payload{call: seq, match: -1}
	if p, ok := old.(*payload); ok {
		v.sel, v.format = p.sel, p.format
	}
	return v
}

func (v *payload) where() place { return inPayload }

func (v *payload) sync(e *env) {
	if v.call >= 0 {
		v.parts = callParts(e, v.call)
	}
	v.sel = max(0, min(v.sel, len(v.parts)-1))
}

func callParts(e *env, seq int64) []part {
	c := e.snap.Calls.At(seq)
	if c == nil {
		return nil
	}
	var parts []part
	if c.Ask.Len > 0 {
		parts = append(parts, part{pidText(e.snap, c.Asker) + " asked " + e.snap.Name(c.Method), c.Asker, c.Ask, seq, partAsked})
	}
	if c.Reply.Len > 0 {
		parts = append(parts, part{pidText(e.snap, c.Reader) + " got", c.Reader, c.Reply, seq, partGot})
	}
	return parts
}

func (v *payload) act(e *env, a action) outcome {
	switch a {
	case actUp:
		v.top--
	case actDown:
		v.top++
	case actPageUp:
		v.top -= max(1, v.height-1)
	case actPageDown:
		v.top += max(1, v.height-1)
	case actHalfUp:
		v.top -= v.height / 2
	case actHalfDown:
		v.top += v.height / 2
	case actTop:
		v.top = 0
	case actBottom:
		v.top = v.lines
	case actLeft, actRight, actOpen:
		v.turn(1 - 2*b2i(a == actLeft))
	case actFormat:
		v.format = (v.format + 1) % formats
		v.chunk, v.top, v.shown, v.match = 0, 0, nil, -1
	case actPrevScreen, actNextScreen:
		return v.part(1 - 2*b2i(a == actPrevScreen))
	default:
		return v.use(e, a)
	}
	v.top = max(0, min(v.top, v.lines-v.height))
	return taken
}

// turn shows the next message.
func (v *payload) turn(d int) {
	if n := len(v.parts); n > 0 {
		v.sel = (v.sel + d + n) % n
		v.chunk, v.top, v.shown, v.match = 0, 0, nil, -1
	}
}

// part shows the next part of a long message; a short one leaves the key to
// the App.
func (v *payload) part(d int) outcome {
	if v.shown == nil || v.chunks() <= 1 {
		return outcome{}
	}
	v.chunk = max(0, min(v.chunk+d, v.chunks()-1))
	v.top, v.shown, v.match = 0, nil, -1
	return taken
}

// use does the keys that do something with the message.
func (v *payload) use(e *env, a action) outcome {
	switch a {
	case actFilter:
		return does(func(a *App) tea.Cmd {
			p := newPrompt("search: ", v.search)
			p.accept = func(a *App, text string) tea.Cmd {
				v.search = text
				return a.follow(v.find(1, true))
			}
			a.layers = append(a.layers, p)
			return nil
		})
	case actNextMatch:
		return v.find(1, false)
	case actPrevMatch:
		return v.find(-1, false)
	case actCopy, actPager:
		return v.take(e, a)
	}
	return outcome{}
}

// take copies the message, or shows it in the pager.
func (v *payload) take(e *env, act action) outcome {
	d := v.document(e)
	if d == nil || d.err != nil {
		return said(sAccent, "the message has not been read")
	}
	title := v.parts[v.sel].title
	return does(func(a *App) tea.Cmd {
		if act == actPager {
			return a.page(d.text)
		}
		if v.format == asPretty {
			return a.copy(string(d.text), title)
		}
		return a.copy(string(d.raw), title)
	})
}

// document is the message that is shown, nil while it has not been read.
func (v *payload) document(e *env) *document {
	if len(v.parts) == 0 {
		return nil
	}
	return e.bodies.of(v.parts[v.sel].origin)
}

// find goes to the next line that holds what was searched for; from the first
// on the screen if again.
func (v *payload) find(d int, again bool) outcome {
	if v.search == "" {
		return said(sAccent, "press / to search")
	}
	want := bytes.ToLower([]byte(v.search))
	from := v.match
	if again || from < 0 {
		from = v.top - d
	}
	for n := range v.lines {
		i := ((from+d*(n+1))%v.lines + v.lines) % v.lines
		if bytes.Contains(bytes.ToLower(v.line(i)), want) {
			v.match = i
			v.top = max(0, min(i-v.height/2, v.lines-v.height))
			return taken
		}
	}
	v.match = -1
	return said(sWarn, quoteOr(v.search, "")+" is not in this message")
}

func (v *payload) click(_ *env, x, y int) outcome { return taken }

func (v *payload) wants(*env) (whole, glimpses []model.Origin) {
	for _, p := range v.parts {
		whole = append(whole, p.origin)
	}
	return whole, nil
}
