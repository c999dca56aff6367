package model

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

// The columns of each screen. Their keys are the words of the column heads.

var sessionColumns = []column[Session]{
	{key: "finding", rank: sessionSeverity, desc: true},
	{key: "session", rank: of(func(s *Session) uint64 { return labelRank(s.Conn) }), tie: byLabel},
	{key: "pids", rank: of(func(s *Session) uint64 { return uint64(1 + len(s.Sharers) + len(s.Holders)) })},
	{key: "owner", rank: byPID(func(s *Session) ProcID { return s.Owner })},
	{key: "age", rank: since((*Session).Began)},
	{key: "idle", rank: since(func(s *Session) int64 { return s.Last })},
	{key: "infl", rank: of(func(s *Session) uint64 { return uint64(s.InFlight) })},
	{key: "calls", rank: of(func(s *Session) uint64 { return s.Calls })},
	{key: "err", rank: of(func(s *Session) uint64 { return s.Errors })},
	{key: "mism", rank: of(func(s *Session) uint64 { return s.Mismatches })},
	{key: "p50", rank: of(func(s *Session) uint64 { return uint64(s.P50) })},
	{key: "p95", rank: of(func(s *Session) uint64 { return uint64(s.P95) })},
	{key: "p99", rank: of(func(s *Session) uint64 { return uint64(s.P99) })},
	{key: "max", rank: of(func(s *Session) uint64 { return uint64(s.Max) })},
	{key: "rate", rank: rateRank},
	{key: "last", rank: byMethod(func(s *Session) Sym { return s.LastMethod })},
	{key: "endpoint", rank: of(func(s *Session) uint64 { return prefixRank(s.endpoint()) }),
		tie: func(a, b *Session) int { return strings.Compare(a.endpoint(), b.endpoint()) }},
}

var callColumns = []column[Call]{
	{key: "time", rank: of(func(*Call) uint64 { return 0 })}, // Seq is the order of time
	{key: "finding", rank: callSeverity},
	{key: "session", rank: callSession},
	{key: "ask", rank: byPID(func(c *Call) ProcID { return c.Asker })},
	{key: "read", rank: byPID(func(c *Call) ProcID { return c.Reader })},
	{key: "id", rank: of(func(c *Call) uint64 { return signed(int64(c.ID.Val)) })},
	{key: "method", rank: byMethod(func(c *Call) Sym { return c.Method })},
	{key: "state", rank: of(func(c *Call) uint64 { return uint64(c.State) })},
	{key: "latency", rank: of(func(c *Call) uint64 { return signed(c.Latency()) })},
	{key: "size", rank: of(func(c *Call) uint64 { return uint64(c.Reply.Len) })},
}

var processColumns = []column[Process]{
	{key: "finding", rank: processSeverity, desc: true},
	{key: "pid", rank: of(func(p *Process) uint64 { return signed(int64(p.Info.PID)) })},
	{key: "ppid", rank: of(func(p *Process) uint64 { return signed(int64(p.Info.PPID)) })},
	{key: "comm", rank: of(func(p *Process) uint64 { return prefixRank(p.Info.Comm) }),
		tie: func(a, b *Process) int { return strings.Compare(a.Info.Comm, b.Info.Comm) }},
	{key: "host", rank: of(func(p *Process) uint64 { return prefixRank(p.Info.Host) }),
		tie: func(a, b *Process) int { return strings.Compare(a.Info.Host, b.Info.Host) }},
	{key: "age", rank: since((*Process).Began)},
	{key: "idle", rank: since(func(p *Process) int64 { return p.Last })},
	{key: "exited", rank: of(func(p *Process) uint64 { return signed(p.Exited) })},
	{key: "children", rank: of(func(p *Process) uint64 { return uint64(p.Children) })},
	{key: "owned", rank: of(func(p *Process) uint64 { return uint64(p.Owned) })},
	{key: "inherited", rank: of(func(p *Process) uint64 { return uint64(p.Inherited) })},
	{key: "calls", rank: of(func(p *Process) uint64 { return p.Calls })},
	{key: "err", rank: of(func(p *Process) uint64 { return p.Errors })},
	{key: "mism", rank: of(func(p *Process) uint64 { return p.Mismatches })},
	{key: "findings", rank: func(b *binder) func(*Process) uint64 {
		return func(p *Process) uint64 { return b.processNamed(p).Findings }
	}},
}

var findingColumns = []column[Finding]{
	{key: "severity", rank: of(findingSeverity), desc: true},
	{key: "time", rank: of(func(f *Finding) uint64 { return signed(f.Time) })},
	{key: "kind", rank: of(func(f *Finding) uint64 { return uint64(f.Kind) })},
	{key: "certainty", rank: of(func(f *Finding) uint64 { return uint64(f.Certainty) })},
	{key: "session", rank: func(b *binder) func(*Finding) uint64 {
		rank := b.sessionRanks()
		return func(f *Finding) uint64 { return rank(f.Session) }
	}},
	{key: "reader", rank: byPID(func(f *Finding) ProcID { return f.Reader })},
	{key: "owner", rank: byPID(func(f *Finding) ProcID { return f.Owner.Proc })},
	{key: "cause", rank: of(func(f *Finding) uint64 { return uint64(f.Cause) })},
	{key: "count", rank: of(func(f *Finding) uint64 { return uint64(f.Count) })},
	{key: "last", rank: of(func(f *Finding) uint64 { return signed(max(f.Time, f.Last)) })},
}

var methodColumns = []column[Method]{
	{key: "calls", rank: of(func(m *Method) uint64 { return m.Calls }), desc: true},
	{key: "method", rank: byMethod(func(m *Method) Sym { return m.Sym })},
	{key: "err", rank: of(func(m *Method) uint64 { return m.Errors })},
	{key: "mism", rank: of(func(m *Method) uint64 { return m.Mismatches })},
	{key: "p50", rank: quantile(0.5)},
	{key: "p95", rank: quantile(0.95)},
	{key: "p99", rank: quantile(0.99)},
	{key: "max", rank: quantile(1)},
	{key: "last", rank: of(func(m *Method) uint64 { return signed(m.Last) })},
}

// of ranks a row by itself.
func of[T any](rank func(*T) uint64) func(*binder) func(*T) uint64 {
	return func(*binder) func(*T) uint64 { return rank }
}

// signed keeps the order of signed numbers.
func signed(n int64) uint64 { return uint64(n) ^ 1<<63 }

// since ranks by the time from what get gives to now.
func since[T any](get func(*T) int64) func(*binder) func(*T) uint64 {
	return func(b *binder) func(*T) uint64 {
		return func(r *T) uint64 { return signed(b.since(get(r))) }
	}
}

// byPID ranks by the PID of a process; none comes first.
func byPID[T any](get func(*T) ProcID) func(*binder) func(*T) uint64 {
	return func(b *binder) func(*T) uint64 {
		return func(r *T) uint64 { return signed(int64(b.snap.PID(get(r)))) }
	}
}

// byMethod ranks by the name of a method.
func byMethod[T any](get func(*T) Sym) func(*binder) func(*T) uint64 {
	return func(b *binder) func(*T) uint64 {
		syms := make([]Sym, 0, len(b.snap.Methods))
		for i := range b.snap.Methods {
			syms = append(syms, b.snap.Methods[i].Sym)
		}
		slices.SortFunc(syms, func(x, y Sym) int { return cmp.Compare(b.snap.Name(x), b.snap.Name(y)) })
		ranks := make([]uint64, len(b.snap.names))
		for i, s := range syms {
			if int(s) < len(ranks) {
				ranks[s] = uint64(i + 1)
			}
		}
		return func(r *T) uint64 {
			if s := get(r); int(s) < len(ranks) {
				return ranks[s]
			}
			return 0
		}
	}
}

// rateRank ranks by the calls of the last seconds.
func rateRank(b *binder) func(*Session) uint64 {
	return func(s *Session) uint64 { return uint64(1000 * s.Rate.PerSecond(b.now)) }
}

func quantile(q float64) func(*binder) func(*Method) uint64 {
	return of(func(m *Method) uint64 { return uint64(m.Latency.Quantile(q)) })
}

// labelRank ranks by address and port where the session has one, which puts
// port 9 before port 10; by the start of its label otherwise.
func labelRank(c *ConnInfo) uint64 {
	const text = 1 << 63
	if c == nil {
		return text
	}
	if a, err := netip.ParseAddrPort(c.Local); err == nil && a.Addr().Is4() {
		ip := a.Addr().As4()
		return uint64(ip[0])<<40 | uint64(ip[1])<<32 | uint64(ip[2])<<24 | uint64(ip[3])<<16 | uint64(a.Port())
	}
	label := c.Local
	if label == "" {
		label = c.Label()
	}
	return text | prefixRank(label)>>1
}

// prefixRank ranks by the first eight bytes of s.
func prefixRank(s string) uint64 {
	var rank uint64
	for i := range 8 {
		rank <<= 8
		if i < len(s) {
			rank |= uint64(s[i])
		}
	}
	return rank
}
