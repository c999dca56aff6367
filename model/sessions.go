package model

import (
	"slices"
)

// recentSessions is the size of a direct-mapped cache before sessByKey.
const recentSessions = 1024

type recentSession struct {
	key SessionKey
	id  SessionID
}

// sessionState is what the writer alone knows of a session. The row is the
// working copy of what the table shows at the next snapshot.
type sessionState struct {
	row       Session
	latency   Hist
	queue     []unit  // requests whose reply is not known yet, in order of arrival
	group     group   // replies that wait to be judged
	past      history // what was answered last
	bound     []SessionKey
	gap       gap
	ep        *endpoint
	left      []ProcID // others than the owner that have closed it or ended, usersMax at most
	ownerGone bool
	finding   uint64      // 1 + Seq of its shared- or inherited-session finding
	found     FindingKind // and its kind
	dirty     bool
	synced    bool  // which reply answers which request can be counted (see place)
	pooled    bool  // stands in Store.open
	asked     int64 // offset up to which requests are settled, where offsets are proved here
	answered  int64 // … and replies
}

// session finds the session of ev, or makes it.
func (s *Store) session(ev *Event, p ProcID) *sessionState {
	key := ev.Conn.Key
	slot := &s.sessRecent[key.Digest%recentSessions]
	if slot.key == key {
		return s.sessState[slot.id]
	}
	id, ok := s.sessByKey[key]
	if !ok {
		id, ok = s.byAlias(ev.Conn)
	}
	if !ok {
		id = s.newSession(ev, p)
	}
	*slot = recentSession{key, id}
	return s.sessState[id]
}

// byAlias finds a session that was only known by the weaker of the line's names
// so far, and makes it known by the stronger.
func (s *Store) byAlias(c *ConnInfo) (SessionID, bool) {
	id, ok := s.sessByKey[c.Alias]
	if !ok || c.Alias.By == ByNothing {
		return NoSession, false
	}
	st := s.sessState[id]
	if st.row.Conn.Key != c.Alias || st.row.Is(SessionClosed) {
		return NoSession, false
	}
	s.bind(st, c.Key)
	st.row.Conn = c
	return id, true
}

// heldBy is the session, if it is still kept and names p: the lists of both are
// bounded, each by itself.
func (s *Store) heldBy(id SessionID, p ProcID) *sessionState {
	st := s.sessState[id]
	if st == nil || p != st.row.Owner && !slices.Contains(st.row.Sharers, p) && !slices.Contains(st.row.Holders, p) {
		return nil
	}
	return st
}

func (s *Store) newSession(ev *Event, p ProcID) SessionID {
	id := NoSession
	if n := len(s.freeSessions); n > 0 {
		id = s.freeSessions[n-1]
		s.freeSessions = s.freeSessions[:n-1]
	} else {
		id = SessionID(s.sessions.add())
		s.sessState = append(s.sessState, nil)
	}
	s.serial++
	st := &sessionState{row: Session{
		Serial: s.serial, ID: id, Conn: ev.Conn, Owner: s.opener(ev, p),
		Transport: ev.Conn.Transport(), First: ev.Time, LastCall: -1,
	}}
	if ev.Conn.oneConnection() {
		st.row.Flags |= SessionWire
	}
	st.openedAt(ev)
	s.sessState[id] = st
	s.bind(st, ev.Conn.Key)
	s.bind(st, ev.Conn.Alias)
	s.totals.Sessions++
	s.totals.Live++
	owner := st.row.Owner
	s.procs.edit(int(owner)).Owned++
	if st.row.Is(SessionWire) {
		s.holds(owner, id)
	}
	s.touch(st, ev)
	return id
}

// heldMax bounds the connections that a process is known to hold; a log without
// close events would gather them for ever.
const heldMax = 256

// holds notes that p holds the session's connection.
func (s *Store) holds(p ProcID, id SessionID) {
	ps := &s.procState[p]
	if slices.Contains(ps.wire, id) {
		return
	}
	if len(ps.wire) == heldMax {
		ps.wire = slices.Delete(ps.wire, 0, 1)
	}
	ps.wire = append(ps.wire, id)
}

// bind makes key lead to the session from now on.
func (s *Store) bind(st *sessionState, key SessionKey) {
	if key.By == ByNothing {
		return
	}
	s.sessByKey[key] = st.row.ID
	st.bound = append(st.bound, key)
	s.sessRecent[key.Digest%recentSessions] = recentSession{}
}

// opener is the process that opened the connection of ev: as the line says,
// else the one that is seen on it first.
func (s *Store) opener(ev *Event, p ProcID) ProcID {
	pid := ev.Conn.Opener
	if pid == 0 || pid == ev.Proc.PID {
		return p
	}
	key := procKey{ev.Proc.Host, pid}
	if id, ok := s.procByPID[key]; ok {
		return id
	}
	return s.newProcess(key, ev.Time)
}

// touch notes that something happened on the session.
func (s *Store) touch(st *sessionState, ev *Event) {
	st.row.First = min(st.row.First, ev.Time)
	st.row.Last = max(st.row.Last, ev.Time)
	s.mark(st)
}

// mark has the session's row written at the next snapshot.
func (s *Store) mark(st *sessionState) {
	if !st.dirty {
		st.dirty = true
		s.dirty = append(s.dirty, st.row.ID)
	}
}

// use notes that p sent or received on the session, and whether it is shared.
func (s *Store) use(st *sessionState, p ProcID, ev *Event) {
	s.touch(st, ev)
	if ev.Conn.Client != "" && st.row.Conn.Client == "" { // what said first that it exists did not know
		c := *st.row.Conn
		c.Client = ev.Conn.Client
		st.row.Conn = &c
	}
	if ev.Conn.Opener != 0 && st.row.Owner == p && ev.Conn.Opener != ev.Proc.PID {
		s.reown(st, s.opener(ev, p), p)
	}
	switch {
	case p == st.row.Owner && st.row.ownerUsed, p != st.row.Owner && slices.Contains(st.row.Sharers, p):
	case p == st.row.Owner:
		s.joinGap(st, p, ev)
		st.row.ownerUsed = true
		if len(st.row.Sharers) > 0 {
			s.shared(st, p, ev)
		}
	default:
		s.joinGap(st, p, ev)
		st.row.Sharers = joined(st.row.Sharers, p)
		st.row.Holders = without(st.row.Holders, p)
		s.procs.edit(int(p)).Inherited++
		s.shared(st, p, ev)
	}
}

// reown corrects the owner when a later line names the opener.
func (s *Store) reown(st *sessionState, owner, p ProcID) {
	s.procs.edit(int(p)).Owned--
	s.procs.edit(int(owner)).Owned++
	wasUsed := st.row.ownerUsed
	st.row.Owner, st.row.ownerUsed = owner, slices.Contains(st.row.Sharers, owner)
	st.row.Sharers = without(st.row.Sharers, owner)
	st.row.Holders = without(st.row.Holders, owner)
	if wasUsed && !slices.Contains(st.row.Sharers, p) {
		st.row.Sharers = joined(st.row.Sharers, p)
	}
}

// shared says what it means that p is on the session too.
func (s *Store) shared(st *sessionState, p ProcID, ev *Event) {
	if !st.row.Is(SessionWire) {
		if st.row.Conn.Key.By == ByName {
			st.row.Flags |= SessionInherited
			s.sessionFinding(st, InheritedSession, p, ev)
		}
		return
	}
	s.holds(p, st.row.ID)
	if st.row.users() < 2 { // handed over by its opener, for all that is seen
		st.row.Flags |= SessionInherited
		s.sessionFinding(st, InheritedSession, p, ev)
		return
	}
	st.row.Flags = st.row.Flags&^SessionInherited | SessionShared
	s.sessionFinding(st, SharedSession, p, ev)
}

// alone says that one process uses the session, for all that is seen.
func (r *Session) alone() bool { return r.users() < 2 }

// users counts the processes that have used the session.
func (r *Session) users() int {
	n := len(r.Sharers)
	if r.ownerUsed {
		n++
	}
	return n
}

// inherit notes that a forked child holds the session's connection.
func (s *Store) inherit(id SessionID, child ProcID, ev *Event) {
	st := s.sessState[id]
	if slices.Contains(st.left, child) { // it closed it before its parent told of the fork
		return
	}
	if child == st.row.Owner || slices.Contains(st.row.Sharers, child) || slices.Contains(st.row.Holders, child) {
		return
	}
	st.row.Holders = joined(st.row.Holders, child)
	s.holds(child, id)
	s.mark(st)
	if !st.row.Is(SessionShared) {
		st.row.Flags |= SessionInherited
		s.sessionFinding(st, InheritedSession, child, ev)
	}
}

// unhold takes back that p holds the session without having used it.
func (s *Store) unhold(id SessionID, p ProcID) {
	st := s.sessState[id]
	if !slices.Contains(st.row.Holders, p) {
		return
	}
	st.row.Holders = without(st.row.Holders, p)
	s.procState[p].wire = without(s.procState[p].wire, id)
	s.mark(st)
	if len(st.row.Holders) == 0 && st.row.Is(SessionInherited) {
		st.row.Flags &^= SessionInherited
		s.voidSessionFinding(st)
	}
}

// opened notes a connection. Where a session of that name exists and is from
// before this moment, its socket is gone, whether or not a close was seen, and
// this is a new one.
func (s *Store) opened(ev *Event, p ProcID) {
	if id, ok := s.sessByKey[ev.Conn.Key]; ok {
		st := s.sessState[id]
		if ev.Time > st.row.Last && (st.row.Is(SessionClosed) || ev.Time-st.row.First > reuseSlack) {
			s.settleDue(st, ev.Time)
			s.over(st, st.row.Last)
			s.newSession(ev, p)
			return
		}
	}
	st := s.session(ev, p)
	st.openedAt(ev)
	if p != st.row.Owner {
		s.reown(st, p, st.row.Owner)
	}
	s.touch(st, ev)
}

// openedAt notes when the connection was opened, if ev says it.
func (st *sessionState) openedAt(ev *Event) {
	if ev.Kind == Open && ev.Flags&Before == 0 {
		st.row.Opened = ev.Time
	}
}

// over notes that the session's connection is closed.
func (s *Store) over(st *sessionState, t int64) {
	if !st.row.Is(SessionClosed) {
		st.row.Flags |= SessionClosed
		st.row.Closed = t
		s.totals.Live--
		s.mark(st)
	}
}

// closed notes that p closed the connection; the session is over when all of
// its users have.
func (s *Store) closed(ev *Event, p ProcID) {
	st := s.session(ev, p)
	s.touch(st, ev)
	s.unhold(st.row.ID, p) // it never used it, and never will
	s.gone(st.row.ID, p, ev.Time)
	s.procState[p].wire = without(s.procState[p].wire, st.row.ID)
}

// gone notes that p is no longer on the session, by a close or its end.
func (s *Store) gone(id SessionID, p ProcID, t int64) {
	st := s.sessState[id]
	s.settleDue(st, t)
	s.abandon(st, p, t)
	st.row.Holders = without(st.row.Holders, p)
	s.mark(st)
	if len(st.row.Holders) == 0 && st.row.Is(SessionInherited) && p != st.row.Owner {
		st.row.Flags &^= SessionInherited // the finding stands: it was so
	}
	if p == st.row.Owner {
		st.ownerGone = true
	} else if !slices.Contains(st.left, p) {
		st.left = joined(st.left, p)
	}
	staying := func(p ProcID) bool { return !slices.Contains(st.left, p) }
	if (st.ownerGone || !st.row.ownerUsed) && !slices.ContainsFunc(st.row.Sharers, staying) {
		s.over(st, t)
	}
}

// usersMax bounds the processes that a session names; the first are let go.
const usersMax = 2048

// joined is list and p, as a new slice.
func joined(list []ProcID, p ProcID) []ProcID {
	if len(list) == usersMax {
		list = list[1:]
	}
	return append(slices.Clone(list), p)
}

// without is list less p, as a new slice.
func without[T comparable](list []T, p T) []T {
	i := slices.Index(list, p)
	if i < 0 {
		return list
	}
	return slices.Delete(slices.Clone(list), i, i+1)
}
