package model

import (
	"slices"
	"time"
)

// reuseSlack is by how much the stamps of two processes may be apart for them
// still to tell of one run of a PID (a parent stamps a fork after the child has
// begun to write).
const reuseSlack = int64(time.Second)

type procKey struct {
	host string
	pid  int32
}

// procState is what the writer alone knows of a process.
type procState struct {
	wire   []SessionID // connections it has used or holds, oldest first
	gap    gap
	seq    numbering
	execed bool
}

// recentProcs is the size of a direct-mapped cache before procByPID.
const recentProcs = 256

type recentProc struct {
	info *ProcInfo
	id   ProcID
}

// process finds the process that wrote ev, or makes it, and takes over what the
// line says of it.
func (s *Store) process(ev *Event) ProcID {
	slot := &s.procRecent[uint32(ev.Proc.PID)%recentProcs]
	if slot.info == ev.Proc {
		if p := s.procs.at(int(slot.id)); p.Exited == 0 && p.First <= ev.Time {
			if ev.Time > p.Last {
				s.procs.edit(int(slot.id)).Last = ev.Time
			}
			return slot.id
		}
	}
	id := s.findProcess(ev)
	*slot = recentProc{ev.Proc, id}
	return id
}

func (s *Store) findProcess(ev *Event) ProcID {
	info := ev.Proc
	key := procKey{info.Host, info.PID}
	id, ok := s.procByPID[key]
	if ok {
		p := s.procs.at(int(id))
		otherStart := info.Start != 0 && p.Info.Start != 0 && info.Start != p.Info.Start
		gone := p.Exited != 0 && ev.Time > p.Exited+reuseSlack
		if otherStart || gone {
			ok = false
		}
	}
	if !ok {
		id = s.newProcess(key, ev.Time)
	}
	p := s.procs.at(int(id))
	if ev.Time > p.Last || s.learns(p, info) {
		s.meet(id, info, ev.Time)
	}
	if !ok {
		s.adopt(key, id)
	}
	return id
}

// learns says whether info tells something of p that is not known yet.
func (s *Store) learns(p *Process, info *ProcInfo) bool {
	return info.Start != 0 && p.Info.Start == 0 ||
		info.Comm != "" && p.Info.Comm != info.Comm ||
		info.PPID != 0 && p.Info.PPID != info.PPID ||
		info.NSPID != 0 && p.Info.NSPID != info.NSPID
}

func (s *Store) meet(id ProcID, info *ProcInfo, t int64) {
	p := s.procs.edit(int(id))
	p.First = min(p.First, t)
	p.Last = max(p.Last, t)
	if info.Start != 0 {
		p.Info.Start = info.Start
	}
	if info.Comm != "" {
		p.Info.Comm = info.Comm
	}
	if info.NSPID != 0 {
		p.Info.NSPID = info.NSPID
	}
	if info.PPID != 0 && p.Info.PPID != info.PPID {
		s.awaitNoMore(procKey{info.Host, p.Info.PPID}, id)
		p.Info.PPID = info.PPID
		key := procKey{info.Host, info.PPID}
		parent, ok := s.procByPID[key]
		switch {
		case p.Parent != NoProc || parent == id && ok:
		case ok:
			p.Parent = parent
		default:
			s.awaited[key] = append(s.awaited[key], id)
		}
	}
}

// awaitNoMore forgets that the process waits for that parent: it has another.
func (s *Store) awaitNoMore(parent procKey, id ProcID) {
	children, ok := s.awaited[parent]
	if !ok {
		return
	}
	if children = without(children, id); len(children) == 0 {
		delete(s.awaited, parent)
		return
	}
	s.awaited[parent] = children
}

// adopt gives a process that was seen for the first time its children, whose
// lines came before any of its own.
func (s *Store) adopt(key procKey, parent ProcID) {
	began := s.procs.at(int(parent)).Info.Start
	for _, id := range s.awaited[key] {
		c := s.procs.at(int(id))
		of := c.Kept() && c.Parent == NoProc && id != parent && c.Info.PPID == key.pid && c.Info.Host == key.host
		if of && (began == 0 || c.Info.Start == 0 || began <= c.Info.Start) { // else of one that had the PID before
			s.procs.edit(int(id)).Parent = parent
		}
	}
	delete(s.awaited, key)
}

// forgetAwaited lets go of the children that are no longer kept.
func (s *Store) forgetAwaited() {
	for key, children := range s.awaited {
		children = slices.DeleteFunc(children, func(id ProcID) bool { return s.procs.at(int(id)).Info.PPID != key.pid })
		if s.awaited[key] = children; len(children) == 0 {
			delete(s.awaited, key)
		}
	}
}

func (s *Store) newProcess(key procKey, t int64) ProcID {
	id := NoProc
	if n := len(s.freeProcs); n > 0 {
		id = s.freeProcs[n-1]
		s.freeProcs = s.freeProcs[:n-1]
	} else {
		id = ProcID(s.procs.add())
		s.procState = append(s.procState, procState{})
	}
	*s.procs.edit(int(id)) = Process{
		Info: ProcInfo{Host: key.host, PID: key.pid}, ID: id, Parent: NoProc, First: t, Last: t,
	}
	s.procByPID[key] = id
	s.procRecent[uint32(key.pid)%recentProcs] = recentProc{}
	s.totals.Processes++
	return id
}

// forked notes the child of a fork, and that it holds all its parent's
// connections.
func (s *Store) forked(ev *Event, parent ProcID) {
	key := procKey{ev.Proc.Host, int32(ev.N)}
	child, ok := s.procByPID[key]
	if ok {
		c := s.procs.at(int(child))
		ours := c.Parent == NoProc || c.Parent == parent
		if c.Exited != 0 && c.Exited+reuseSlack < ev.Time || !ours || c.First < ev.Time-reuseSlack || child == parent {
			ok = false
		}
	}
	if !ok {
		child = s.newProcess(key, ev.Time)
		s.adopt(key, child)
	}
	c := s.procs.edit(int(child))
	if c.Parent = parent; ev.Flags&Before == 0 {
		c.Forked = ev.Time
	}
	c.Info.PPID = ev.Proc.PID
	if c.Info.Comm == "" {
		c.Info.Comm = s.procs.at(int(parent)).Info.Comm
	}
	s.procs.edit(int(parent)).Children++
	for _, id := range s.procState[parent].wire {
		if st := s.heldBy(id, parent); st != nil && !st.row.Is(SessionClosed) {
			s.inherit(id, child, ev)
		}
	}
}

// execed notes that the process became another program: what it inherited and
// has not used is taken to be closed on exec.
func (s *Store) execed(_ *Event, p ProcID) {
	s.procState[p].execed = true
	for _, id := range slices.Clone(s.procState[p].wire) {
		if s.heldBy(id, p) != nil {
			s.unhold(id, p)
		}
	}
}

func (s *Store) exited(ev *Event, p ProcID) {
	row := s.procs.edit(int(p))
	row.Exited, row.Code = ev.Time, ev.N
	for _, id := range s.procState[p].wire {
		if s.heldBy(id, p) != nil {
			s.gone(id, p, ev.Time)
		}
	}
	s.procState[p].wire = nil
}
