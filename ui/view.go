package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
)

// env is what views draw from. The App sets it before it calls one.
type env struct {
	snap     *model.Snapshot // never nil while a view is called
	now      int64           // "now" for ages: Unix nanoseconds
	wall     time.Time
	since    int64 // events from here on were seen as they happened: Unix nanoseconds
	live     bool  // something may still come
	loading  bool  // the sources are being read for the first time
	bodies   *bodyCache
	previews *previewCache
	canRead  bool // there are Bodies
	verify   bool // Verify is available
}

// outcome is what a view made of an action.
type outcome struct {
	taken bool               // the action is done with
	then  func(*App) tea.Cmd // what the App is to do about it, if anything
}

var taken = outcome{taken: true}

func does(f func(*App) tea.Cmd) outcome { return outcome{taken: true, then: f} }

// view is a pane that shows one thing: a session's ladder, a finding's
// evidence, a payload.
type view interface {
	// sync brings the view up to date with the snapshot.
	sync(e *env)
	// draw draws it; on says that keys go to it. It may not do I/O.
	draw(e *env, r canvas.Region, on bool)
	// act does what a key means here.
	act(e *env, a action) outcome
	// click selects what is at x, y of the region it was drawn into.
	click(e *env, x, y int) outcome
	// wants lists the messages that it needs to read: whole, and as previews.
	wants(e *env) (whole, glimpses []model.Origin)
	where() place
}

// laneStyle is the colour of a process, the same on every screen.
func laneStyle(p model.ProcID) canvas.Style {
	if p < 0 {
		return sDim
	}
	return sLane + canvas.Style(p%laneColours)
}
