package model

import (
	"slices"
	"unsafe"
)

// What the model holds for one row of each kind, in bytes: the row itself, the
// writer's own state of it, and what it points to, measured with a heap profile
// and rounded up.
const (
	unitBytes    = int64(unsafe.Sizeof(unit{}))
	callBytes    = int64(unsafe.Sizeof(Call{}))
	findingBytes = int64(unsafe.Sizeof(Finding{}))
	processBytes = int64(unsafe.Sizeof(Process{})+unsafe.Sizeof(procState{})) + 192
	sessionBytes = int64(unsafe.Sizeof(Session{})+unsafe.Sizeof(sessionState{})) + 640
)

// The shares of the memory cap that sessions and processes may fill before
// those of which nothing is kept any more are let go; calls and findings have
// what is left.
const (
	sessionShare = 3 // one part in three
	processShare = 8
	findingShare = 8
)

// memory is what the model holds, in bytes.
func (s *Store) memory() int64 {
	return int64(s.calls.n)*callBytes + int64(s.findings.n)*findingBytes +
		int64(s.keptSessions())*sessionBytes + int64(s.keptProcs())*processBytes +
		int64(s.units)*unitBytes + int64(s.strings.size())
}

// retain keeps the model within its memory: the oldest calls go first, then
// sessions and processes of which no call is kept.
func (s *Store) retain() {
	limit := s.opt.Memory - s.opt.Memory/8 // what is under way besides the rows
	if int64(s.findings.n)*findingBytes > limit/findingShare {
		s.dropFindings()
	}
	sessions := func() bool { return int64(s.keptSessions())*sessionBytes > limit/sessionShare }
	if sessions() && s.keptSessions() > s.sweepAt.sessions {
		s.sweep(sessions)
	}
	processes := func() bool { return int64(s.keptProcs())*processBytes > limit/processShare }
	if processes() && s.keptProcs() > s.sweepAt.processes {
		s.sweep(processes)
	}
	if over := s.memory() - limit; over > 0 {
		s.dropCalls(int(over/callBytes) + s.calls.n/16)
	}
	if n := s.keptSessions() + s.keptProcs(); s.memory() > limit && n > s.sweepAt.all {
		s.dropUnnamed(0)
		s.sweepAt.all = (s.keptSessions() + s.keptProcs()) * 9 / 8
	}
}

// sweep lets go of calls, and of the sessions and processes which only they
// named, until there are no longer too many of these.
func (s *Store) sweep(tooMany func() bool) {
	for tooMany() {
		before := s.calls.n
		s.dropCalls(before / 4)
		s.dropUnnamed(idleEnough)
		if s.calls.n == before {
			break
		}
	}
	s.sweepAt.sessions = s.keptSessions() * 9 / 8
	s.sweepAt.processes = s.keptProcs() * 9 / 8
}

func (s *Store) dropUnnamed(idle int64) {
	s.dropSessions(idle)
	s.dropProcesses(idle)
}

// sweepAt is how many sessions and processes there must be for the next sweep,
// so that one which frees little is not repeated at once.
type sweepAt struct{ sessions, processes, all int }

func (s *Store) keptSessions() int { return len(s.sessState) - len(s.freeSessions) }
func (s *Store) keptProcs() int    { return s.procs.n - len(s.freeProcs) }

// dropCalls lets go of at least n of the oldest calls, in whole chunks.
func (s *Store) dropCalls(n int) {
	for i := range s.calls.frontRows(n) {
		if c := s.calls.at(i); c.inFlight() {
			s.totals.InFlight--
			if st := s.sessState[c.Session]; st != nil {
				st.row.InFlight--
				s.mark(st)
			}
		}
	}
	n = s.calls.dropFront(n)
	s.firstCall += int64(n)
	s.totals.LetGo.Calls += uint64(n)
}

func (s *Store) dropFindings() {
	n := s.findings.dropFront(s.findings.n / 4)
	s.firstFinding += uint64(n)
	s.totals.LetGo.Findings += uint64(n)
}

// dropSessions lets go of the sessions that nothing which is kept names, no call
// and no finding, and which were silent for idle, in
// nanoseconds.
func (s *Store) dropSessions(idle int64) {
	named := make(map[SessionID]bool)
	for i := range s.findings.n {
		named[s.findings.at(i).Session] = true
	}
	for _, ep := range s.weakOpen {
		for i := range ep.weak.replies {
			named[ep.weak.replies[i].session] = true
		}
	}
	for i, st := range s.sessState {
		unused := st != nil && st.row.LastCall < s.firstCall && len(st.group.replies) == 0
		if unused && !named[SessionID(i)] && s.now-st.row.Last >= idle {
			s.dropSession(SessionID(i))
		}
	}
	gone := func(id SessionID) bool { return s.sessState[id] == nil }
	s.open = slices.DeleteFunc(s.open, gone)
	for _, ep := range s.endpoints {
		ep.sessions = slices.DeleteFunc(ep.sessions, gone)
	}
}

// idleEnough is how long a session or a process should have been silent to be
// let go, in nanoseconds; where memory needs it, it need not have been.
const idleEnough = int64(10e9)

func (s *Store) dropSession(id SessionID) {
	st := s.sessState[id]
	for _, key := range st.bound {
		if s.sessByKey[key] == id {
			delete(s.sessByKey, key)
		}
		s.sessRecent[key.Digest%recentSessions] = recentSession{}
	}
	for _, p := range append(append([]ProcID{st.row.Owner}, st.row.Sharers...), st.row.Holders...) {
		s.procState[p].wire = without(s.procState[p].wire, id)
	}
	if !st.row.Is(SessionClosed) {
		s.totals.Live--
	}
	s.sessState[id] = nil
	s.freeSessions = append(s.freeSessions, id)
	*s.sessions.edit(int(id)) = Session{}
	for i := range st.queue {
		s.units -= st.queue[i].weight()
	}
	s.totals.LetGo.Sessions++
}

// dropProcesses lets go of the processes that nothing which is kept names and
// that were silent for idle.
func (s *Store) dropProcesses(idle int64) {
	named := s.namedProcesses()
	s.procRecent = [recentProcs]recentProc{}
	for i := range s.procs.n {
		p := s.procs.at(i)
		if p.Kept() && !named[i] && s.now-p.Last >= idle {
			key := procKey{p.Info.Host, p.Info.PID}
			if s.procByPID[key] == p.ID {
				delete(s.procByPID, key)
			}
			s.freeProcs = append(s.freeProcs, p.ID)
			s.procState[i] = procState{}
			*s.procs.edit(i) = Process{ID: NoProc, Parent: NoProc}
			s.totals.LetGo.Processes++
		}
	}
	s.forgetAwaited()
	for i := range s.procs.n {
		if p := s.procs.at(i); p.Parent != NoProc && !s.procs.at(int(p.Parent)).Kept() {
			s.procs.edit(i).Parent = NoProc
		}
	}
}

// namedProcesses marks the processes that calls, sessions and findings name.
func (s *Store) namedProcesses() []bool {
	named := make([]bool, s.procs.n)
	mark := func(ids ...ProcID) {
		for _, p := range ids {
			if p != NoProc {
				named[p] = true
			}
		}
	}
	for i := range s.calls.n {
		c := s.calls.at(i)
		mark(c.Asker, c.Reader)
	}
	for i := range s.findings.n {
		f := s.findings.at(i)
		mark(f.Reader, f.Other, f.Call.Proc, f.Owner.Proc)
	}
	for _, ep := range s.weakOpen {
		for i := range ep.weak.replies {
			mark(ep.weak.replies[i].proc)
		}
	}
	for _, st := range s.sessState {
		if st == nil {
			continue
		}
		for i := range st.group.replies {
			mark(st.group.replies[i].proc)
		}
		mark(st.left...)
		mark(st.row.Owner)
		mark(st.row.Sharers...)
		mark(st.row.Holders...)
		for i := range st.queue {
			mark(st.queue[i].proc, st.queue[i].reader)
		}
		for i := range st.past.ring {
			if st.past.ring[i].id.Kind != IDAbsent {
				mark(st.past.ring[i].proc)
			}
		}
	}
	return named
}
