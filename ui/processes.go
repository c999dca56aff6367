package ui

import (
	"strconv"
	"time"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/sanitize"
	"github.com/sessiontop/sessiontop/ui/table"
)

// processesScreen lists processes, as a tree by fork.
func processesScreen() kind {
	return kind{
		screen: model.ScreenProcesses, title: "Processes", short: "Procs", one: "process",
		columns: []table.Column{
			{Key: "finding", Title: "!", Min: 1},
			{Key: "pid", Title: "PID", Min: 18, Max: 32},
			{Key: "host", Title: "HOST", Min: 8, Max: 16, Prio: 7},
			{Key: "age", Title: "AGE", Min: 6, Right: true, Prio: 5},
			{Key: "owned", Title: "OWNS", Min: 4, Right: true},
			{Key: "inherited", Title: "INHERITS", Min: 8, Right: true},
			{Key: "calls", Title: "CALLS", Min: 6, Max: 10, Right: true},
			{Key: "err", Title: "ERR", Min: 4, Right: true, Prio: 2},
			{Key: "mism", Title: "MISM", Min: 5, Right: true},
			{Key: "findings", Title: "FIND", Min: 5, Right: true, Prio: 1},
			{Key: "exited", Title: "STATE", Min: 12, Max: 24, Prio: 3},
		},
		draw: processCell, serial: bySlot,
		mute: func(f *facts) []string {
			if f.oneHost() {
				return []string{"host"}
			}
			return nil
		},
	}
}

func processCell(e *env, l *list, r canvas.Region, i int, col string) {
	p := l.snap.Process(model.ProcID(l.rows.At(i)))
	if p == nil {
		return
	}
	base := sText
	if !p.Alive() {
		base = sDim
	}
	switch col {
	case "finding":
		mark, st := processMark(l, p)
		r.Text(0, 0, st, mark)
	case "pid":
		processNameCell(l, p, r, i)
	case "host":
		r.Cut(0, 0, r.W, base, hostOf(p))
	case "age":
		r.Right(0, 0, r.W, base, span(processEnd(e, p)-p.Began()))
	case "owned":
		number(r, base, uint64(p.Owned))
	case "inherited":
		number(r, sWarn, uint64(p.Inherited))
	case "calls":
		number(r, base, p.Calls)
	case "err":
		number(r, sWarn, p.Errors)
	case "mism":
		number(r, sBad, p.Mismatches)
	case "findings":
		number(r, sBad, l.facts().process(p.ID).Findings)
	case "exited":
		state := processState(e, p)
		if sanitize.Width(state) > r.W {
			state = shortState(p)
		}
		r.Cut(0, 0, r.W, sDim, state)
	}
}

// processMark is what is wrong with a process, in a letter.
func processMark(l *list, p *model.Process) (string, canvas.Style) {
	switch named := l.facts().process(p.ID).Worst; {
	case p.Mismatches > 0:
		return string(model.SwappedReply.Mark()), sBad
	case l.facts().sharing(p.ID):
		return string(model.SharedSession.Mark()), sBad
	case named == model.Error:
		return "!", sBad
	case p.Inherited > 0:
		return string(model.InheritedSession.Mark()), sWarn
	case named == model.Warning:
		return "!", sWarn
	}
	return " ", sText
}

// processNameCell draws the tree before row i, the PID, and the name.
func processNameCell(l *list, p *model.Process, r canvas.Region, i int) {
	st, base := laneStyle(p.ID), sText
	if !p.Alive() {
		st, base = sDim, sDim
	}
	pid := strconv.Itoa(int(p.Info.PID))
	x := r.Text(0, 0, sBorder, lastCells(l.branch(i), r.W-len(pid)))
	x = r.Cut(x, 0, r.W-x, st, pid)
	if n := p.Info.NSPID; n != 0 {
		x = r.Cut(x+1, 0, r.W-x-1, sDim, "("+strconv.Itoa(int(n))+")")
	}
	r.Cut(x+1, 0, r.W-x-1, base, p.Info.Comm)
}

// recent is how old the events may be that the first look at a log finds, for
// their process to be taken for one that lives: it may have begun a moment
// before the screens did.
const recent = 10 * time.Second

// seenAlive says that the process did something while the logs were followed,
// and was not seen to end. That a log does not tell of an end says nothing: who
// is killed writes none.
func seenAlive(e *env, p *model.Process) bool {
	return p.Alive() && e.live && p.Last >= e.since
}

// processEnd is until when the process is known to have been there.
func processEnd(e *env, p *model.Process) int64 {
	switch {
	case !p.Alive():
		return p.Exited
	case seenAlive(e, p):
		return e.now
	}
	return p.Last
}

// processState is how the process does, in a word or two.
func processState(e *env, p *model.Process) string {
	switch {
	case seenAlive(e, p):
		return "alive"
	case p.Alive():
		return "no exit seen"
	case p.Code == model.NoCode:
		return "gone, no exit logged"
	case p.Code < 0:
		return "killed by signal " + strconv.FormatInt(-p.Code, 10)
	}
	return "exited " + strconv.FormatInt(p.Code, 10)
}

// shortState is how a process that has ended did so, in as few words.
func shortState(p *model.Process) string {
	switch {
	case p.Code == model.NoCode:
		return "gone"
	case p.Code < 0:
		return "signal " + strconv.FormatInt(-p.Code, 10)
	}
	return "exit " + strconv.FormatInt(p.Code, 10)
}
