package model

import "strings"

// sessionSeverity ranks by the worst finding, then the number of mismatches.
func sessionSeverity(b *binder) func(*Session) uint64 {
	worst := make([]Severity, b.snap.Sessions.Len())
	b.each(b.snap.Findings.Len(), func(i int) {
		f := b.snap.Findings.At(i)
		if id := int(f.Session); !f.Void && uint(id) < uint(len(worst)) {
			worst[id] = max(worst[id], f.Severity())
		}
	})
	return func(s *Session) uint64 {
		var severity Severity
		if uint(s.ID) < uint(len(worst)) {
			severity = worst[s.ID]
		}
		return uint64(severity)<<60 | min(s.Mismatches, 1<<60-1)
	}
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
