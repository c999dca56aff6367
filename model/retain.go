package model

import (
	"slices"
	"unsafe"
)

// What the model holds for one row of each kind, in bytes: the row itself, the
// writer's own state of it, and what it points to, measured with a heap profile
// and rounded up.
const (
	callBytes    = int64(unsafe.Sizeof(Call{}))
	findingBytes = int64(unsafe.Sizeof(Finding{}))
	processBytes = int64(unsafe.Sizeof(Process{})+unsafe.Sizeof(procState{})) + 192
	sessionBytes = int64(unsafe.Sizeof(Session{})+unsafe.Sizeof(sessionState{})) + 1024
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
		int64(len(s.sessState)-len(s.freeSessions))*sessionBytes + int64(s.procs.n)*processBytes +
		int64(s.strings.size())
}

// retain keeps the model within its memory: the oldest calls go first, then
// sessions and processes of which no call is kept.
func (s *Store) retain() {
	limit := s.opt.Memory - s.opt.Memory/8 // what is under way besides the rows
	if int64(s.findings.n)*findingBytes > limit/findingShare {
		s.dropFindings()
	}
	if live := int64(len(s.sessState) - len(s.freeSessions)); live*sessionBytes > limit/sessionShare && live > s.sweepAt {
		s.dropCalls(s.calls.n / 4)
		s.dropSessions()
		s.sweepAt = int64(len(s.sessState)-len(s.freeSessions)) + live/8
	}
	if over := s.memory() - limit; over > 0 {
		s.dropCalls(int(over/callBytes) + s.calls.n/16)
	}
}

// dropCalls lets go of at least n of the oldest calls, in whole chunks.
func (s *Store) dropCalls(n int) {
	n = s.calls.dropFront(n)
	s.firstCall += int64(n)
	s.totals.LetGo.Calls += uint64(n)
}

func (s *Store) dropFindings() {
	n := s.findings.dropFront(s.findings.n / 4)
	s.firstFinding += uint64(n)
	s.totals.LetGo.Findings += uint64(n)
}

// dropSessions lets go of the sessions that nothing which is kept names: no
// call, no finding, nothing in flight.
func (s *Store) dropSessions() {
	named := make(map[SessionID]bool)
	for i := range s.findings.n {
		named[s.findings.at(i).Session] = true
	}
	for i, st := range s.sessState {
		idle := st != nil && st.row.LastCall < s.firstCall && len(st.queue) == 0 && len(st.group.replies) == 0
		if idle && !named[SessionID(i)] && s.now-st.row.Last > sessionIdle {
			s.dropSession(SessionID(i))
		}
	}
}

// sessionIdle is how long a session must have been silent to be let go, in
// nanoseconds.
const sessionIdle = int64(10e9)

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
	if st.ep != nil {
		st.ep.sessions = without(st.ep.sessions, id)
	}
	if !st.row.Is(SessionClosed) {
		s.totals.Live--
	}
	s.sessState[id] = nil
	s.freeSessions = append(s.freeSessions, id)
	*s.sessions.edit(int(id)) = Session{}
	s.open = slices.DeleteFunc(s.open, func(o SessionID) bool { return o == id })
	s.totals.LetGo.Sessions++
}
