package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// Update routes a message. What it changes is drawn by the next View.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := a.route(msg)
	if a.dirty || a.unread {
		a.unread = false
		cmd = both(cmd, a.fetch())
	}
	return a, cmd
}

func (a *App) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tickMsg:
		return both(a.tick(time.Time(msg)), a.poll())
	case queryDone:
		return a.landed(msg)
	case glimpsesRead:
		a.previews.add(msg)
	case bodyRead:
		a.bodies.add(msg)
		a.syncViews()
	case toastMsg:
		a.say(msg.style, msg.text)
	case verified:
		a.showVerified(msg)
	case tea.WindowSizeMsg:
		a.w, a.h = msg.Width, msg.Height
		a.canvas.Resize(a.w, a.h)
	case tea.BackgroundColorMsg:
		if a.dark == msg.IsDark() {
			return nil
		}
		a.dark = msg.IsDark()
		a.relook()
	case tea.KeyPressMsg:
		a.dirty = true
		return a.key(msg)
	case tea.PasteMsg:
		a.dirty = true
		return a.paste(msg)
	case tea.MouseClickMsg:
		a.dirty = true
		return a.click(msg.Mouse())
	case tea.MouseWheelMsg:
		a.dirty = true
		return a.wheel(msg.Mouse())
	default:
		return nil
	}
	a.dirty = true
	return nil
}

// key gives a key to whoever comes first: an overlay, a mark that waits for its
// letter, the view on top, the App.
func (a *App) key(k tea.KeyPressMsg) tea.Cmd {
	if k.String() == "ctrl+c" {
		return tea.Quit
	}
	if a.keys[k.String()] == actSuspend {
		return a.suspend()
	}
	if n := len(a.layers); n > 0 {
		return a.layers[n-1].key(a, k)
	}
	if a.pending != 0 {
		return a.markKey(k)
	}
	act := a.keys[k.String()]
	if act == actNone {
		return nil
	}
	return a.do(act)
}

// do does what a key means where the user is.
func (a *App) do(act action) tea.Cmd {
	if act.holds() {
		a.list().home = false
	}
	if v := a.top(); v != nil {
		e := a.env()
		if out := v.act(e, act); out.taken {
			return a.follow(out)
		}
	}
	return a.act(act)
}

// follow does what a view asked for.
func (a *App) follow(out outcome) tea.Cmd {
	if out.then == nil {
		return nil
	}
	return out.then(a)
}

// both is a command that runs a and b, either of which may be nil.
func both(a, b tea.Cmd) tea.Cmd {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return tea.Batch(a, b)
}
