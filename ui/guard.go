package ui

import (
	"runtime/debug"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"
)

// guard is a tea.Model around another that turns a panic in it, or in one of
// its commands, into an orderly end.
type guard struct {
	inner tea.Model
	quit  func()
	fail  atomic.Pointer[PanicError]
}

// failure is the panic that ended the program, nil if none did.
func (g *guard) failure() error {
	if p := g.fail.Load(); p != nil {
		return p
	}
	return nil
}

// caught is to be deferred around everything that can panic.
func (g *guard) caught() {
	if r := recover(); r != nil {
		g.fail.CompareAndSwap(nil, &PanicError{Value: r, Stack: debug.Stack()})
		if g.quit != nil {
			go g.quit()
		}
	}
}

// Init is the inner model's.
func (g *guard) Init() (cmd tea.Cmd) {
	defer g.caught()
	return g.wrap(g.inner.Init())
}

// Update is the inner model's; after a panic nothing reaches it any more.
func (g *guard) Update(msg tea.Msg) (self tea.Model, cmd tea.Cmd) {
	if g.fail.Load() != nil {
		return g, tea.Quit
	}
	self, cmd = g, tea.Quit // what a panic leaves behind
	defer g.caught()
	inner, next := g.inner.Update(msg)
	g.inner = inner
	return g, g.wrap(next)
}

// View is the inner model's.
func (g *guard) View() (v tea.View) {
	v.AltScreen = true
	if g.fail.Load() != nil {
		return v
	}
	defer g.caught()
	return g.inner.View()
}

// wrap guards a command, and those that it leads to.
func (g *guard) wrap(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer g.caught()
		msg = cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			guarded := make(tea.BatchMsg, len(batch))
			for i, c := range batch {
				guarded[i] = g.wrap(c)
			}
			return guarded
		}
		return msg
	}
}
