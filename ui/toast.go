package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/ui/canvas"
)

// toast is a line in the place of the footer for a few seconds.
type toast struct {
	text  string
	style canvas.Style
	until time.Time
}

// toastMsg asks for a toast; commands return it.
type toastMsg struct {
	style canvas.Style
	text  string
}

const toastTime = 4 * time.Second

// say shows a line for a few seconds.
func (a *App) say(st canvas.Style, text string) {
	a.toast = toast{text: text, style: st, until: a.cfg.now().Add(toastTime)}
	a.dirty = true
}

// said is say as the end of an action.
func said(st canvas.Style, text string) outcome {
	return does(func(a *App) tea.Cmd {
		a.say(st, text)
		return nil
	})
}
