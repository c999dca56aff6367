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
	name := sourceName(r.W)
	drawSource(r.Sub(1, 1, r.W-2, 1), name, nil)
	s.height = r.H - 2
	y := 2
	for i := s.top; i < len(all) && y < r.H; i++ {
		y += sourceLines(r.Sub(1, y, r.W-2, r.H-y), &all[i], name)
	}
}

// sourceLines draws one source and returns how many lines it took.
func sourceLines(r canvas.Region, s *model.SourceStat, name int) int {
	drawSource(r, name, s)
	n := 1
	note := func(st canvas.Style, text string) {
		for i, line := range wrapText(text, r.W-4) {
			if i == 0 {
				r.Text(2, n, st, "└")
			}
			r.Cut(4, n, r.W-4, st, line)
			n++
		}
	}
	if s.Malformed > 0 && s.BadReason != "" {
		note(sWarn, "first bad line at byte "+count(uint64(max(s.BadOffset, 0)), 20)+": "+s.BadReason)
	}
	if s.Lost > 0 {
		note(sWarn, plural(s.Lost, "event")+" missing; nothing that this could explain is a finding")
	}
	if s.Waiting && s.Read > 0 {
		note(sWarn, "nothing in it so far says whose log it is; --format does, if you know")
	}
	if s.Err != "" {
		note(sBad, s.Err)
	}
	return n
}

// sourceColumns are the columns between a source's name and its state.
func sourceColumns() []sourceColumn {
	return []sourceColumn{
		{"READ", 10, false, func(s *model.SourceStat) string { return bytesText(s.Read) }, sText},
		{"%", 5, true, func(s *model.SourceStat) string {
			if s.Size <= 0 {
				return ""
			}
			return count(uint64(100*min(s.Read, s.Size)/s.Size), 3) + "%"
		}, sDim},
		{"LINES", 11, true, func(s *model.SourceStat) string { return count(s.Lines, 11) }, sText},
		{"BAD", 6, true, func(s *model.SourceStat) string { return count(s.Malformed, 6) }, sWarn},
		{"LOST", 6, false, func(s *model.SourceStat) string { return count(s.Lost, 6) }, sBad},
	}
}

type sourceColumn struct {
	title  string
	w      int
	narrow bool // shown on a narrow terminal, too
	text   func(*model.SourceStat) string
	style  canvas.Style
}

// narrowSources is the width below which columns are left out.
const narrowSources = 76

// sourceName is how wide names are in a view of w cells.
func sourceName(w int) int {
	name := w - 15
	for _, c := range sourceColumns() {
		if c.narrow || w >= narrowSources {
			name -= c.w + 1
		}
	}
	return min(40, name)
}

// drawSource draws the line of a source, of nil the heads.
func drawSource(r canvas.Region, name int, s *model.SourceStat) {
	x := name + 1
	for _, c := range sourceColumns() {
		if !c.narrow && r.W+2 < narrowSources {
			continue
		}
		st, text := sHead, c.title
		if s != nil {
			if st, text = c.style, c.text(s); text == "0" {
				st = sDim
			}
		}
		r.Right(x, 0, c.w, st, text)
		x += c.w + 1
	}
	if s == nil {
		r.Text(0, 0, sHead, "INPUT")
		r.Text(x+1, 0, sHead, "STATE")
		return
	}
	label := s.Name
	if label == "" {
		label = s.Path
	}
	r.Cut(0, 0, name, sText, label)
	state, st := sourceState(s)
	r.Text(x+1, 0, st, state)
}

func sourceState(s *model.SourceStat) (string, canvas.Style) {
	switch {
	case s.Err != "":
		return "failed", sBad
	case s.Waiting && s.Read > 0:
		return "not known yet", sWarn
	case s.Waiting:
		return "waiting for it", sWarn
	case s.Done:
		return "read", sDim
	case s.Size > 0 && s.Read < s.Size:
		return "reading", sWarn
	}
	return "following", sGood
}
