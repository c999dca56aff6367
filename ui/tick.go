package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// How often the source is looked at: at once after something new, more slowly
// while nothing comes.
const (
	firstTick = 20 * time.Millisecond // until there is something to show
	quickTick = 50 * time.Millisecond
	idleTick  = 100 * time.Millisecond
	settle    = 700 * time.Millisecond // rows keep their order this long after the user moved
)

// tickMsg is the time to look at the source.
type tickMsg time.Time

// poll is the command of the next tick.
func (a *App) poll() tea.Cmd {
	d := idleTick
	switch l := a.list(); {
	case l.snap == nil:
		d = firstTick
	case l.running || l.snap != a.shown():
		d = quickTick
	}
	now := a.cfg.now
	return tea.Tick(d, func(time.Time) tea.Msg { return tickMsg(now()) })
}

// tick looks for a new snapshot and ends what has had its time. It marks the
// frame as changed only if something did.
func (a *App) tick(now time.Time) tea.Cmd {
	if a.cfg.Source != nil {
		if s := a.cfg.Source(); s != nil && (a.newest == nil || s.Generation != a.newest.Generation) {
			a.newest = s
			a.dirty = a.dirty || a.frozen != nil
		}
	}
	a.dirty = a.toEnd() || a.dirty
	if a.toast.text != "" && now.After(a.toast.until) {
		a.toast = toast{}
		a.dirty = true
	}
	if a.load.tick(a, now) {
		a.dirty = true
	}
	l := a.list()
	if l.snap != nil && l.snap.Live && a.frozen == nil && now.Unix() != a.load.second {
		a.load.second = now.Unix()
		a.dirty = true
		if a.filter.ages() && a.newest == l.snap && !l.running {
			return a.query()
		}
	}
	s := a.shown()
	if s == nil || s == l.snap || l.running {
		return nil
	}
	if l.snap != nil && now.Sub(a.moved) < settle && !l.stable() {
		return nil
	}
	return a.query()
}
