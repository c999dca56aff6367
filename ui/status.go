package ui

import (
	"slices"
	"strconv"
	"time"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// piece is a part of the status line. Those of the highest prio are left out
// first where the line is short.
type piece struct {
	text  string
	style canvas.Style
	prio  int
	glue  bool // stands close to the piece before
}

// drawStatus draws the first line: what is looked at, how much there is, how
// it does.
func (a *App) drawStatus(r canvas.Region) {
	r.Fill(0, 0, r.W, 1, sBar, " ")
	state, st := a.state()
	right := sanitize.Width(state) + 1
	r.Text(r.W-right, 0, st, state)
	x := 1
	for i, p := range fitting(a.statusPieces(), r.W-right-2) {
		if i > 0 && !p.glue {
			x += 2
		} else if i > 0 {
			x++
		}
		x = r.Cut(x, 0, r.W-right-x-1, p.style, p.text)
	}
}

// namePrio is how soon the program's name gives way to what there is to say.
func (a *App) namePrio() int {
	switch {
	case a.frozen != nil:
		return 5
	case a.ended.Text != "":
		return 2
	}
	return 0
}

// fitting is those of the pieces that there is room for, of the lowest prio
// first.
func fitting(pieces []piece, room int) []piece {
	order := make([]int, len(pieces))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return pieces[i].prio - pieces[j].prio })
	kept, used := make(map[int]bool), 1
	for _, i := range order {
		w := sanitize.Width(pieces[i].text) + 2 - b2i(pieces[i].glue)
		if kept[i] = pieces[i].prio == 0 || used+w <= room; kept[i] {
			used += w
		}
	}
	out := make([]piece, 0, len(pieces))
	for i, p := range pieces {
		if kept[i] {
			out = append(out, p)
		}
	}
	return out
}

func (a *App) statusPieces() []piece {
	all := []piece{{"sessiontop", sBarTitle, a.namePrio(), false}}
	if a.cfg.Title != "" {
		all = append(all, piece{shortened(a.cfg.Title, max(24, a.w/4)), sBar, 3, false})
	}
	all = append(all, a.ended.pieces()...)
	s := a.shown()
	if s == nil {
		return all
	}
	t := &s.Totals
	all = append(all,
		piece{"procs " + count(t.Processes, 9), sBar, 5, false},
		piece{"sessions " + count(t.Sessions, 9), sBar, 4, false},
		piece{"calls " + count(t.Calls, 9), sBar, 7, false},
		piece{"calls/s " + short(a.rate(s)), sBar, 6, false},
	)
	if t.Failed > 0 {
		all = append(all, piece{"failed " + count(t.Failed, 9), sBarWarn, 5, false})
	}
	all = append(all, findingsPieces(t)...)
	return append(all, a.lossPieces(s)...)
}

// shortened is a text, made safe, in at most w cells.
func shortened(text string, w int) string {
	if text = sanitize.Text(clip(text)); sanitize.Width(text) <= w {
		return text
	}
	end, used := 0, 1 // the mark that it goes on
	sanitize.Each(text, func(cell string, width int) bool {
		if used += width; used > w {
			return false
		}
		end += len(cell)
		return true
	})
	return text[:end] + "…"
}

// rateLasts is how long the rate of calls stands without a new event.
const rateLasts = 5 * time.Second

// rate is the calls per second: none where a live source has been silent.
func (a *App) rate(s *model.Snapshot) float64 {
	if s.Live && a.moment().UnixNano()-s.Now > int64(rateLasts) {
		return 0
	}
	return s.Totals.Rate
}

func findingsPieces(t *model.Totals) []piece {
	n := t.ErrorKinds + t.Warnings
	if n == 0 {
		return []piece{{"findings 0", sBarGood, 0, false}}
	}
	out := []piece{{"findings", sBar, 0, false}}
	if t.ErrorKinds > 0 {
		out = append(out, piece{count(t.ErrorKinds, 9) + " ✗", sBarBad, 0, true})
	}
	if t.Warnings > 0 {
		out = append(out, piece{count(t.Warnings, 9) + " !", sBarWarn, 1, true})
	}
	return out
}

// lossPieces says what is behind, and what did not come.
func (a *App) lossPieces(s *model.Snapshot) []piece {
	var out []piece
	p := readSoFar(s)
	if a.load.done {
		lag := p.Size - p.Bytes
		out = append(out, piece{"lag " + bytesText(lag), warnIf(lag > 1<<20, sBarWarn), 8, false})
	}
	t := &s.Totals
	out = append(out, piece{"lost " + count(t.Lost, 9), warnIf(t.Lost > 0, sBarBad), 2 + 7*b2i(t.Lost == 0), false})
	if n := failedInputs(s); n > 0 {
		out = append(out, piece{plural(n, "input") + " failed", sBarBad, 2, false})
	}
	if t.Malformed > 0 {
		out = append(out, piece{"bad lines " + count(t.Malformed, 9), sBarWarn, 2, false})
	}
	if n := t.LetGo.Calls; n > 0 {
		out = append(out, piece{"let go " + short(float64(n)) + " calls", sBarWarn, 2, false})
	}
	return out
}

// failedInputs counts the sources that can't be read.
func failedInputs(s *model.Snapshot) (n uint64) {
	for i := range s.Sources {
		if s.Sources[i].Err != "" {
			n++
		}
	}
	return n
}

func warnIf(bad bool, st canvas.Style) canvas.Style {
	if bad {
		return st
	}
	return sBarDim
}

// state is the word at the right: live, frozen, loading,
// ended, or read to the end.
func (a *App) state() (string, canvas.Style) {
	s := a.shown()
	switch {
	case a.frozen != nil:
		text := "■ FROZEN"
		if n := a.newest.Totals.Calls - a.frozen.Totals.Calls; n > 0 {
			text += " +" + count(n, 9)
		}
		return text, sBarWarn
	case !a.load.done && a.load.at.Size > 0:
		return "○ LOADING " + strconv.Itoa(a.load.percent()) + " %", sBarWarn
	case s == nil:
		return "○ OPENING", sBarDim
	case a.live(s):
		return "● LIVE", sBarGood
	case s.Live:
		return "● ENDED", sBarWarn
	}
	return "● READ", sBarGood
}
