package ui

import (
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
)

// sources is the view of the inputs: how far each was read, and what in it
// could not be, where and why.
type sources struct{ top, height int }

func (s *sources) where() place { return inView }

func (s *sources) sync(*env) {}

func (s *sources) click(*env, int, int) outcome { return taken }

func (s *sources) wants(*env) (whole, glimpses []model.Origin) { return nil, nil }

func (s *sources) act(e *env, a action) outcome {
	switch a {
	case actUp:
		s.top--
	case actDown:
		s.top++
	case actPageUp, actHalfUp:
		s.top -= s.height
	case actPageDown, actHalfDown:
		s.top += s.height
	case actTop:
		s.top = 0
	case actBottom:
		s.top = len(e.snap.Sources)
	default:
		return outcome{}
	}
	s.top = max(0, min(s.top, len(e.snap.Sources)-1))
	return taken
}

func (s *sources) draw(e *env, r canvas.Region, _ bool) {
	all := e.snap.Sources
	r.Text(1, 0, sTitle, plural(uint64(len(all)), "input"))
	if len(all) == 0 {
		r.Cut(1, 2, r.W-2, sDim, "Nothing has been opened. Name a log file, a folder, or - for standard input.")
		return
	}
	name := min(40, r.W-57)
	head := r.Sub(1, 1, r.W-2, 1)
	for _, c := range []struct {
		x, w int
		s    string
	}{{name + 1, 10, "READ"}, {name + 12, 5, "%"}, {name + 18, 11, "LINES"}, {name + 30, 6, "BAD"}, {name + 37, 6, "LOST"}} {
		head.Right(c.x, 0, c.w, sHead, c.s)
	}
	head.Text(0, 0, sHead, "INPUT")
	head.Text(name+45, 0, sHead, "STATE")
	s.height = r.H - 2
	y := 2
	for i := s.top; i < len(all) && y < r.H; i++ {
		y += sourceLines(r.Sub(1, y, r.W-2, r.H-y), &all[i], name)
	}
}

// sourceLines draws one source and returns how many lines it took.
func sourceLines(r canvas.Region, s *model.SourceStat, name int) int {
	label := s.Name
	if label == "" {
		label = s.Path
	}
	r.Cut(0, 0, name, sText, label)
	r.Right(name+1, 0, 10, sText, bytesText(s.Read))
	if s.Size > 0 {
		r.Right(name+12, 0, 5, sDim, count(uint64(100*min(s.Read, s.Size)/s.Size), 3)+"%")
	}
	r.Right(name+18, 0, 11, sText, count(s.Lines, 11))
	number(r.Sub(name+30, 0, 6, 1), sWarn, s.Malformed)
	number(r.Sub(name+37, 0, 6, 1), sBad, s.Lost)
	state, st := "following", sGood
	switch {
	case s.Err != "":
		state, st = "failed", sBad
	case s.Done:
		state, st = "read", sDim
	case s.Size > 0 && s.Read < s.Size:
		state, st = "reading", sWarn
	}
	r.Text(name+45, 0, st, state)
	n := 1
	if s.Malformed > 0 && s.BadReason != "" {
		r.Cut(2, n, r.W-2, sWarn, "└ first bad line at byte "+count(uint64(max(s.BadOffset, 0)), 20)+": "+s.BadReason)
		n++
	}
	if s.Err != "" {
		r.Cut(2, n, r.W-2, sBad, "└ "+s.Err)
		n++
	}
	return n
}
