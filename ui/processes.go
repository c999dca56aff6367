package ui

import (
	"strconv"
	"time"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/table"
)

// processesScreen lists processes, as a tree by fork.
func processesScreen() kind {
	return kind{
		screen: model.ScreenProcesses, title: "Processes", short: "Procs", one: "process",
		columns: []table.Column{
			{Key: "mark", Title: "!", Min: 1},
			{Key: "pid", Title: "PID", Min: 18, Max: 32},
			{Key: "host", Title: "HOST", Min: 8, Max: 16, Prio: 7},
			{Key: "age", Title: "AGE", Min: 6, Right: true, Prio: 5},
			{Key: "owned", Title: "OWNS", Min: 4, Right: true},
			{Key: "inherited", Title: "INHERITS", Min: 8, Right: true},
			{Key: "calls", Title: "CALLS", Min: 6, Max: 10, Right: true},
			{Key: "err", Title: "ERR", Min: 5, Right: true, Prio: 2},
			{Key: "mism", Title: "MISM", Min: 5, Right: true},
			{Key: "findings", Title: "FIND", Min: 5, Right: true, Prio: 1},
			{Key: "exited", Title: "STATE", Min: 12, Max: 24, Prio: 3},
		},
		draw: processCell, serial: bySlot,
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
	case "mark":
		if p.Mismatches > 0 {
			r.Text(0, 0, sBad, string(model.SwappedReply.Mark()))
		} else if l.sharing(p.ID) {
			r.Text(0, 0, sBad, string(model.SharedSession.Mark()))
		} else if p.Inherited > 0 {
			r.Text(0, 0, sWarn, string(model.InheritedSession.Mark()))
		}
	case "pid":
		x := 0
		if l.query.Tree {
			x = r.Text(0, 0, sBorder, branch(l, i))
		}
		st := laneStyle(p.ID)
		if !p.Alive() {
			st = sDim
		}
		x = r.Text(x, 0, st, strconv.Itoa(int(p.Info.PID)))
		if n := p.Info.NSPID; n != 0 {
			x = r.Text(x+1, 0, sDim, "("+strconv.Itoa(int(n))+")")
		}
		r.Cut(x+1, 0, r.W-x-1, base, p.Info.Comm)
	case "host":
		if p.Info.Host == "" {
			r.Text(0, 0, sDim, "-")
		}
		r.Cut(0, 0, r.W, base, p.Info.Host)
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
		number(r, sBad, p.Findings)
	case "exited":
		r.Cut(0, 0, r.W, sDim, processState(e, p))
	}
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

// lookAhead bounds how far branch looks for a later sibling.
const lookAhead = 1000

// branch is the piece of the tree before row i: which of its ancestors have
// later children.
func branch(l *list, i int) string {
	depth := func(i int) int { return treeDepth(l.snap, model.ProcID(l.rows.At(i))) }
	d := depth(i)
	if d == 0 {
		return ""
	}
	open := make([]bool, d+1) // open[k]: at depth k another one follows
	low := d + 1
	for j := i + 1; j < min(l.rows.Len(), i+lookAhead) && low > 1; j++ {
		if k := depth(j); k < low {
			if low = k; k > 0 {
				open[k] = true
			}
		}
	}
	text := ""
	for k := 1; k < d; k++ {
		if open[k] {
			text += "│ "
		} else {
			text += "  "
		}
	}
	if open[d] {
		return text + "├─"
	}
	return text + "└─"
}

// maxDepth bounds the tree that is drawn.
const maxDepth = 8

func treeDepth(s *model.Snapshot, id model.ProcID) int {
	d := 0
	for p := s.Process(id); p != nil && p.Parent != model.NoProc && d < maxDepth; p = s.Process(p.Parent) {
		d++
	}
	return d
}
