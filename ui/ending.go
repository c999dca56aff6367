package ui

import (
	"path/filepath"

	"github.com/sessiontop/sessiontop/model"
)

// Ending is how the program that writes the logs ended.
type Ending struct {
	Text string // "python3 ended: exit status 2"; "" while it runs
	See  string // file that says more, "" where there is nothing to say
	Over bool   // nobody is left who could write
}

// toEnd looks whether the program has ended and says whether that is new.
func (a *App) toEnd() bool {
	if a.cfg.Ended == nil || a.ended.Over {
		return false
	}
	before := a.ended
	a.ended = a.cfg.Ended()
	return a.ended != before
}

// live says that something may still come.
func (a *App) live(s *model.Snapshot) bool {
	return s.Live && !a.ended.Over && !(a.cfg.Stream && allRead(s))
}

// allRead says that nothing more will come of any source.
func allRead(s *model.Snapshot) bool {
	for i := range s.Sources {
		if !s.Sources[i].Done {
			return false
		}
	}
	return len(s.Sources) > 0
}

// seeShort is the file to see, by its name.
func (e *Ending) seeShort() string { return "see …/" + filepath.Base(e.See) }

// pieces say it in the status line.
func (e *Ending) pieces() []piece {
	switch {
	case e.Text == "":
		return nil
	case e.See == "":
		return []piece{{clip(e.Text), sBarWarn, 1, false}}
	}
	return []piece{{clip(e.Text) + ";", sBarBad, 1, false}, {e.seeShort(), sBarBad, 1, true}}
}

// empty says it where there is nothing else to show.
func (e *Ending) empty() (string, []string) {
	leave := "Press i for the inputs, q to quit."
	if e.See == "" {
		return e.Text, []string{"It left no JSON-RPC messages.", leave}
	}
	return e.Text + "; " + e.seeShort(), []string{"What it said is in " + e.See + ".", leave}
}
