package model

// The tests of the fields that count or measure, by kind of row.

var (
	latencyTests = tests{
		session: number(func(_ *binder, s *Session) int64 { return answeredUS(s.P95, s.Max) }),
		call:    number(func(_ *binder, c *Call) int64 { return c.Latency() }),
		method: number(func(_ *binder, m *Method) int64 {
			return answeredUS(m.Latency.Quantile(0.95), m.Latency.Max())
		}),
	}

	sizeTests = tests{call: number(func(_ *binder, c *Call) int64 {
		if c.Reply.Len == 0 {
			return -1
		}
		return int64(c.Reply.Len)
	})}

	callsTests = tests{
		session: number(func(_ *binder, s *Session) int64 { return int64(s.Calls) }),
		process: number(func(_ *binder, p *Process) int64 { return int64(p.Calls) }),
		method:  number(func(_ *binder, m *Method) int64 { return int64(m.Calls) }),
	}

	errorsTests = tests{
		session: number(func(_ *binder, s *Session) int64 { return int64(s.Errors) }),
		process: number(func(_ *binder, p *Process) int64 { return int64(p.Errors) }),
		method:  number(func(_ *binder, m *Method) int64 { return int64(m.Errors) }),
	}

	mismTests = tests{
		session: number(func(_ *binder, s *Session) int64 { return int64(s.Mismatches) }),
		process: number(func(_ *binder, p *Process) int64 { return int64(p.Mismatches) }),
		method:  number(func(_ *binder, m *Method) int64 { return int64(m.Mismatches) }),
	}

	ageTests = tests{
		session: number(func(b *binder, s *Session) int64 { return b.since(s.Began()) }),
		process: number(func(b *binder, p *Process) int64 { return b.since(p.Began()) }),
		call:    number(func(b *binder, c *Call) int64 { return b.since(c.Asked) }),
		finding: number(func(b *binder, f *Finding) int64 { return b.since(f.Time) }),
	}

	idleTests = tests{
		session: number(func(b *binder, s *Session) int64 { return b.since(s.Last) }),
		process: number(func(b *binder, p *Process) int64 { return b.since(p.Last) }),
		finding: number(func(b *binder, f *Finding) int64 { return b.since(max(f.Time, f.Last)) }),
		method:  number(func(b *binder, m *Method) int64 { return b.since(m.Last) }),
	}

	timeTests = tests{
		session: during(func(s *Session) (int64, int64) { return s.First, s.Last }),
		process: during(func(p *Process) (int64, int64) { return p.First, p.Last }),
		call:    during(func(c *Call) (int64, int64) { return c.Asked, c.Asked }),
		finding: during(func(f *Finding) (int64, int64) { return f.Time, max(f.Time, f.Last) }),
	}
)

// answeredUS is a quantile of latencies in microseconds as nanoseconds, -1
// where there are none.
func answeredUS(us, highest uint32) int64 {
	if highest == 0 && us == 0 {
		return -1
	}
	return int64(us) * 1000
}

// since is the time from t to now, -1 where t is not known. Clocks
// that disagree make it 0, not less.
func (b *binder) since(t int64) int64 {
	if t == 0 {
		return -1
	}
	return max(0, b.now-t)
}

// Began is when the session was opened, or first seen where that is not known.
func (s *Session) Began() int64 {
	if s.Opened != 0 {
		return s.Opened
	}
	return s.First
}

// Began is when the process was forked, or first seen where that is not known.
func (p *Process) Began() int64 {
	if p.Forked != 0 {
		return p.Forked
	}
	return p.First
}
