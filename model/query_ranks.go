package model

import "strings"

// sessionSeverity ranks by the worst finding, those whose replies were swapped
// first; then the live before the closed, then by the number of mismatches.
func sessionSeverity(b *binder) func(*Session) uint64 {
	const swapped, severity, live = 1 << 61, 62, 1 << 60
	worst := make([]uint64, b.snap.Sessions.Len())
	b.eachFinding(func(f *Finding) {
		if id := int(f.Session); uint(id) < uint(len(worst)) {
			rank := uint64(f.Severity()) << severity
			if f.Kind == SwappedReply {
				rank |= swapped
			}
			worst[id] = max(worst[id], rank)
		}
	})
	return func(s *Session) uint64 {
		rank := worst[s.ID] | min(s.Mismatches, live-1)
		if s.Is(SessionShared) && s.Mismatches > 0 {
			rank |= swapped
		}
		if !s.Is(SessionClosed) {
			rank |= live
		}
		return rank
	}
}

// processSeverity ranks by the worst finding that names the process, then by
// PID, the lowest first where the worst comes first. In a tree a process ranks
// as the worst of those below it, so that it stands where they do.
func processSeverity(b *binder) func(*Process) uint64 {
	worst := make([]Severity, b.snap.Processes.Len())
	b.each(len(worst), func(i int) {
		if p := b.snap.Processes.At(i); p.Kept() {
			worst[i] = max(worst[i], b.processNamed(p).Worst)
			b.lift(worst, p)
		}
	})
	return func(p *Process) uint64 {
		return uint64(worst[p.ID])<<32 | uint64(^uint32(p.Info.PID))
	}
}

// lift raises the ancestors of p in the tree to its severity. It ends in a
// circle as well, for it goes on only from those that it has raised.
func (b *binder) lift(worst []Severity, p *Process) {
	at := worst[p.ID]
	for b.tree.has(int(p.ID)) && b.tree.has(int(p.Parent)) && worst[p.Parent] < at {
		worst[p.Parent] = at
		p = b.snap.Processes.At(int(p.Parent))
	}
}

// findingSeverity ranks by severity, then by time, the oldest first where the
// errors are.
func findingSeverity(f *Finding) uint64 {
	const most = 1<<62 - 1
	return uint64(f.Severity())<<62 | most - uint64(min(max(f.Time, 0), most))
}

// callSeverity ranks by the finding: its severity, then its kind.
func callSeverity(b *binder) func(*Call) uint64 {
	return func(c *Call) uint64 {
		if c.Finding == 0 {
			return 0
		}
		f := b.snap.FindingOf(c)
		if f == nil {
			return 0
		}
		return uint64(f.Severity())<<8 | uint64(f.Kind)
	}
}

func callSession(b *binder) func(*Call) uint64 {
	rank := b.sessionRanks()
	return func(c *Call) uint64 { return rank(c.Session) }
}

// sessionRanks ranks sessions by label, 0 for none.
func (b *binder) sessionRanks() func(SessionID) uint64 {
	ids := pick(b, b.snap.Sessions.Len(), b.snap.Sessions.At, func(s *Session) bool { return s.Serial != 0 })
	ids = order(b, sessionColumns, &Query{Sort: "session"}, b.snap.Sessions.At, ids)
	ranks := make([]uint64, b.snap.Sessions.Len())
	for i, id := range ids {
		ranks[id] = uint64(i + 1)
	}
	return func(id SessionID) uint64 {
		if uint(id) < uint(len(ranks)) {
			return ranks[id]
		}
		return 0
	}
}

// byLabel tells sessions apart whose labels start alike.
func byLabel(a, b *Session) int {
	if a.Conn == nil || b.Conn == nil {
		return 0
	}
	x, y := a.Conn, b.Conn
	for _, p := range [...][2]*string{{&x.Local, &y.Local}, {&x.Peer, &y.Peer}, {&x.Name, &y.Name}, {&x.URL, &y.URL}} {
		if c := strings.Compare(*p[0], *p[1]); c != 0 {
			return c
		}
	}
	return 0
}

func (s *Session) endpoint() string {
	if s.Conn == nil {
		return ""
	}
	return s.Conn.Endpoint()
}
