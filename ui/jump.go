package ui

import (
	"unicode"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
)

// mark is a place that the user can come back to.
type mark struct {
	screen model.Screen
	picked picked
}

// markKey takes the letter after m or '.
func (a *App) markKey(k tea.KeyPressMsg) tea.Cmd {
	what := a.pending
	a.pending = 0
	letter := []rune(k.Text)
	if len(letter) != 1 || !unicode.IsLetter(letter[0]) && !unicode.IsDigit(letter[0]) {
		return nil
	}
	if what == 'm' {
		a.marks[letter[0]] = mark{a.screen, a.list().picked}
		a.say(sAccent, "marked "+string(letter)+"; '"+string(letter)+" comes back here")
		return nil
	}
	m, ok := a.marks[letter[0]]
	if !ok {
		a.say(sAccent, "there is no mark "+string(letter))
		return nil
	}
	cmd := a.goTo(m.screen)
	l := a.list()
	l.follow = false
	l.picked = m.picked
	if l.snap != nil && l.kind.serial(l.snap, m.picked.id) == m.picked.serial && l.find(m.picked.id) {
		a.redetail()
	}
	return cmd
}
