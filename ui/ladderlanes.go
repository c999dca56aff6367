package ui

import "github.com/sessiontop/sessiontop/model"

// lanes are the processes of the session: its owner, who else used it, and
// whoever else is on the screen. Where there are far more than fit, those with
// something on the screen come first.
func (d *drawing) lanes(fit int) []model.ProcID {
	all := newProcList(len(d.s.Sharers) + 1)
	all.add(d.s.Owner)
	for _, p := range d.s.Sharers {
		all.add(p)
	}
	for i := range d.l.rungs {
		all.add(d.l.rungs[i].call.Asker)
		all.add(d.l.rungs[i].call.Reader)
	}
	if len(all.procs) == 0 {
		return []model.ProcID{model.NoProc}
	}
	if len(all.procs) <= 2*fit {
		return all.procs
	}
	return d.busyFirst(all.procs)
}

// busyFirst puts the processes of the rungs on the screen before the others;
// among themselves both keep their order.
func (d *drawing) busyFirst(procs []model.ProcID) []model.ProcID {
	seen := newProcList(d.l.height)
	for i := d.l.top; i < min(d.l.top+d.l.height, len(d.l.rungs)); i++ {
		seen.add(d.l.rungs[i].call.Asker)
		seen.add(d.l.rungs[i].call.Reader)
	}
	out := make([]model.ProcID, 0, len(procs))
	for _, busy := range []bool{true, false} {
		for _, p := range procs {
			if seen.has[p] == busy {
				out = append(out, p)
			}
		}
	}
	return out
}

// procList is processes in the order in which they were added, each once.
type procList struct {
	procs []model.ProcID
	has   map[model.ProcID]bool
}

func newProcList(n int) *procList {
	return &procList{make([]model.ProcID, 0, n), make(map[model.ProcID]bool, n)}
}

func (l *procList) add(p model.ProcID) {
	if p != model.NoProc && !l.has[p] {
		l.has[p] = true
		l.procs = append(l.procs, p)
	}
}
