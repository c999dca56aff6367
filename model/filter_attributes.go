package model

import (
	"strconv"
	"strings"
)

// The tests of each field, by kind of row.

var (
	pidTests = tests{process: number(func(_ *binder, p *Process) int64 { return int64(p.Info.PID) })}

	ppidTests = tests{process: number(func(_ *binder, p *Process) int64 {
		if p.Info.PPID == 0 {
			return -1
		}
		return int64(p.Info.PPID)
	})}

	nspidTests = tests{process: number(func(_ *binder, p *Process) int64 {
		if p.Info.NSPID == 0 {
			return int64(p.Info.PID)
		}
		return int64(p.Info.NSPID)
	})}

	hostTests = tests{process: func(_ *binder, t *term) test[Process] {
		return func(p *Process) bool { return t.value.text.in(p.Info.Host) }
	}}

	commTests = tests{process: func(_ *binder, t *term) test[Process] {
		return func(p *Process) bool { return t.value.text.in(p.Info.Comm) }
	}}

	procTests = tests{process: func(_ *binder, t *term) test[Process] { return isProcess(&t.value.text) }}

	ownerTests = tests{session: byProcess(func(s *Session) ProcID { return s.Owner })}

	askerTests = tests{
		call:    byProcess(func(c *Call) ProcID { return c.Asker }),
		finding: byProcess(func(f *Finding) ProcID { return f.Call.Proc }),
	}

	readerTests = tests{
		call:    byProcess(func(c *Call) ProcID { return c.Reader }),
		finding: byProcess(func(f *Finding) ProcID { return f.Reader }),
	}

	labelTests = tests{session: func(_ *binder, t *term) test[Session] {
		want := &t.value.text
		return func(s *Session) bool { return inLabel(want, s.Conn) }
	}}

	urlTests = tests{session: func(_ *binder, t *term) test[Session] {
		return func(s *Session) bool { return s.Conn != nil && t.value.text.in(s.Conn.Endpoint()) }
	}}

	localTests = tests{session: func(_ *binder, t *term) test[Session] {
		return func(s *Session) bool { return s.Conn != nil && t.value.text.in(s.Conn.Local) }
	}}

	peerTests = tests{session: func(_ *binder, t *term) test[Session] {
		return func(s *Session) bool { return s.Conn != nil && t.value.text.in(s.Conn.Peer) }
	}}

	transportTests = tests{session: among(func(s *Session) int { return int(s.Transport) })}

	stateTests = tests{call: among(func(c *Call) int { return int(c.State) })}

	kindTests = tests{finding: among(func(f *Finding) int { return int(f.Kind) })}

	causeTests = tests{finding: among(func(f *Finding) int { return int(f.Cause) })}

	severityTests = tests{finding: among(func(f *Finding) int { return int(f.Severity()) })}

	certaintyTests = tests{finding: among(func(f *Finding) int { return int(f.Certainty) })}

	evidenceTests = tests{finding: func(_ *binder, t *term) test[Finding] {
		return func(f *Finding) bool { return uint64(f.Evidence)&t.value.set != 0 }
	}}
)

// inLabel says whether the session's label matches, without building the label
// of a connection where either end decides.
func inLabel(want *text, c *ConnInfo) bool {
	switch {
	case c == nil:
		return false
	case want.how == textPart && c.Local != "" && c.Peer != "" && !strings.Contains(want.want, ">"):
		return want.in(c.Local) || want.in(c.Peer)
	}
	return want.in(c.Label())
}

// pidText tests the text of a PID: of a part, it must be the whole.
func pidText(t *text) func(int32) bool {
	if t.how == textGlob {
		return func(pid int32) bool {
			var buf [12]byte
			return globMatch(t.want, string(strconv.AppendInt(buf[:0], int64(pid), 10)))
		}
	}
	n, err := strconv.ParseInt(t.want, 10, 32)
	return func(pid int32) bool { return err == nil && int64(pid) == n }
}

var methodTests = tests{
	call: func(b *binder, t *term) test[Call] {
		in := b.sym(&t.value.text)
		return func(c *Call) bool { return in(c.Method) }
	},
	finding: func(b *binder, t *term) test[Finding] {
		in := b.sym(&t.value.text)
		return func(f *Finding) bool {
			return f.Call.Known() && in(f.Call.Method) || f.Owner.Known() && in(f.Owner.Method)
		}
	},
	method: func(b *binder, t *term) test[Method] {
		in := b.sym(&t.value.text)
		return func(m *Method) bool { return in(m.Sym) }
	},
}

var errTests = tests{call: func(b *binder, t *term) test[Call] {
	in := b.sym(&t.value.text)
	return func(c *Call) bool { return in(c.Err) }
}}

var idTests = tests{
	call: func(_ *binder, t *term) test[Call] {
		return func(c *Call) bool { return t.matchID(c.ID) }
	},
	finding: func(_ *binder, t *term) test[Finding] {
		return func(f *Finding) bool {
			return f.Call.Known() && t.matchID(f.Call.ID) || f.Owner.Known() && t.matchID(f.Owner.ID)
		}
	},
}

func (t *term) matchID(id ID) bool {
	if t.op > opNE {
		return id.Kind == IDInt && compare(t.op, int64(id.Val), t.value.num)
	}
	return id.Kind != IDAbsent && (id == t.value.ids[0] || id == t.value.ids[1] || id == t.value.ids[2])
}
