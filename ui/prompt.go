package ui

import (
	"strconv"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// prompt is a line of input in the place of the footer, with what can be
// completed above it.
type prompt struct {
	sign    string
	input   textinput.Model
	options []model.Completion
	pick    int // the option to be taken by Tab, -1: none yet

	complete func(text string, cursor int) []model.Completion
	change   func(a *App, text string) tea.Cmd // the text changed; may be nil
	accept   func(a *App, text string) tea.Cmd
	cancel   func(a *App) tea.Cmd // may be nil
	check    func(text string) *model.FilterError
}

// shownOptions is how many completions are shown at once.
const shownOptions = 8

func newPrompt(sign, text string) *prompt {
	p := &prompt{sign: sign, input: textinput.New(), pick: -1}
	p.input.Prompt, p.input.CharLimit = "", 4096
	p.input.Focus()
	p.input.SetValue(text)
	p.input.CursorEnd()
	return p
}

func (p *prompt) key(a *App, k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "esc":
		a.pop()
		if p.cancel != nil {
			return p.cancel(a)
		}
		return nil
	case "enter":
		a.pop()
		return p.accept(a, p.input.Value())
	case "tab":
		return p.take(a)
	case "down", "ctrl+n":
		p.pick = min(p.pick+1, len(p.options)-1)
		return nil
	case "up", "ctrl+p":
		p.pick = max(p.pick-1, -1)
		return nil
	}
	return p.feed(a, k)
}

// feed gives the input line a key or a paste.
func (p *prompt) feed(a *App, msg tea.Msg) tea.Cmd {
	before := p.input.Value()
	p.input, _ = p.input.Update(msg)
	return p.changed(a, before)
}

// changed brings completions and the live result up to date.
func (p *prompt) changed(a *App, before string) tea.Cmd {
	p.renew()
	if p.change != nil && p.input.Value() != before {
		return p.change(a, p.input.Value())
	}
	return nil
}

func (p *prompt) renew() {
	p.pick, p.options = -1, nil
	if p.complete != nil {
		p.options = p.complete(p.input.Value(), p.byteCursor())
	}
}

// byteCursor is the cursor in bytes: the input counts runes.
func (p *prompt) byteCursor() int {
	runes := []rune(p.input.Value())
	return len(string(runes[:min(p.input.Position(), len(runes))]))
}

// take puts in the option that is picked, the first where none is.
func (p *prompt) take(a *App) tea.Cmd {
	if len(p.options) == 0 {
		return nil
	}
	o := p.options[max(p.pick, 0)]
	text := p.input.Value()
	if o.From < 0 || o.To > len(text) || o.From > o.To {
		return nil
	}
	p.input.SetValue(text[:o.From] + o.Text + text[o.To:])
	p.input.SetCursor(len([]rune(text[:o.From] + o.Text)))
	return p.changed(a, text)
}

func (p *prompt) draw(a *App, all canvas.Region) {
	y := all.H - 1
	r := all.Sub(0, y, all.W, 1)
	r.Clear()
	text := p.input.Value()
	var wrong *model.FilterError
	if p.check != nil {
		wrong = p.check(text)
	}
	st := sInput
	if wrong != nil {
		st = sBad
	}
	x := r.Text(1, 0, sKey, p.sign)
	from := p.from(r.W - x - 2)
	r.Text(x, 0, st, text[from:])
	if wrong != nil {
		at := x + sanitize.Width(text[from:max(from, min(wrong.Pos, len(text)))])
		n := max(1, sanitize.Width(text[min(wrong.Pos, len(text)):min(wrong.Pos+wrong.Len, len(text))]))
		r.Add(at, 0, n, 1, canvas.Underline|canvas.Reverse)
	}
	a.cursor = tea.NewCursor(x+sanitize.Width(text[from:p.byteCursor()]), y)
	p.drawAbove(all.Sub(0, 0, all.W, y), x+sanitize.Width(text[from:p.byteCursor()]), wrong)
}

// from is the byte from which the text is shown so that the cursor is in the
// w cells there are.
func (p *prompt) from(w int) int {
	text, cursor := p.input.Value(), p.byteCursor()
	for i := range text {
		if sanitize.Width(text[i:cursor]) < w {
			return i
		}
	}
	return 0
}

// drawAbove draws what is wrong, or what the text can go on with.
func (p *prompt) drawAbove(r canvas.Region, x int, wrong *model.FilterError) {
	y := r.H - 1
	if wrong != nil {
		r.Sub(0, y, r.W, 1).Clear()
		column := len([]rune(p.input.Value()[:min(wrong.Pos, len(p.input.Value()))])) + 1
		end := r.Cut(1, y, r.W-2, sBad, "✗ column "+strconv.Itoa(column)+": "+wrong.Msg)
		if wrong.Hint != "" {
			r.Cut(end, y, r.W-end-1, sDim, "; "+wrong.Hint)
		}
		y--
	}
	n := min(len(p.options), shownOptions, y-3)
	if n <= 0 {
		return
	}
	top := max(0, min(p.pick-n+1, len(p.options)-n))
	wide := 0
	for _, o := range p.options[top : top+n] {
		wide = max(wide, sanitize.Width(o.Text))
	}
	w := min(r.W-2, max(56, wide+30))
	wide = min(wide, w/2)
	b := frame(r.Sub(max(0, min(x-2, r.W-w-1)), y-n-1, w, n+2))
	for i, o := range p.options[top : top+n] {
		b.Cut(1, i, wide, sPopupKey, o.Text)
		b.Cut(wide+3, i, b.W-wide-4, sPopupDim, o.Help)
		if top+i == p.pick {
			b.Add(0, i, b.W, 1, canvas.Reverse)
		}
	}
}

// newFilterPrompt edits the filter; the list follows while it is typed.
func newFilterPrompt(a *App) *prompt {
	before := a.filter
	p := newPrompt("/", a.filter.text)
	p.complete = func(text string, cursor int) []model.Completion {
		return model.Complete(text, cursor, a.shown())
	}
	p.check = func(string) *model.FilterError { return a.filter.err }
	p.change = func(a *App, text string) tea.Cmd {
		a.filter.typing(text)
		return a.requery()
	}
	p.accept = func(a *App, text string) tea.Cmd {
		if a.filter.set(text); a.filter.err != nil {
			a.layers = append(a.layers, p)
			return nil
		}
		return a.requery()
	}
	p.cancel = func(a *App) tea.Cmd {
		a.filter = before
		return a.requery()
	}
	p.renew()
	return p
}

// paste gives a paste to the line that is being typed, if there is one.
func (a *App) paste(m tea.PasteMsg) tea.Cmd {
	if n := len(a.layers); n > 0 {
		if p, ok := a.layers[n-1].(*prompt); ok {
			return p.feed(a, m)
		}
	}
	return nil
}
