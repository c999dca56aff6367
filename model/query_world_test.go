package model

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// worldNow is the time of the made-up snapshots.
var worldNow = time.Date(2026, 11, 22, 9, 0, 10, 0, time.UTC).UnixNano()

var worldMethods = []string{"eth_accounts", "eth_call", "eth_getBalance", "eth_getBlockByNumber", "net_version", "Errors_Pending"}

// world is a made-up snapshot with so many rows of each kind, the same for the
// same seed. Its rows need not make sense together.
func world(seed uint64, sessions, procs, calls, findings int) *Snapshot {
	r := rand.New(rand.NewPCG(seed, 1))
	in := NewInterner(1 << 20)
	var syms []Sym
	for _, m := range worldMethods {
		syms = append(syms, in.Intern([]byte(m)))
	}
	errs := []Sym{0, in.Intern([]byte("timeout")), in.Intern([]byte("Read reset by peer"))}
	w := &maker{r: r, syms: syms, errs: errs, sessions: sessions, procs: procs, calls: calls, findings: findings}
	s := &Snapshot{
		Now:       worldNow,
		Processes: tableOf(procs, w.process),
		Sessions:  tableOf(sessions, w.session),
		Calls:     Calls{rows: tableOf(calls, w.call), first: 1000},
		Findings:  tableOf(findings, w.finding),
		names:     in.Names(),
		first:     70,
	}
	for _, m := range syms {
		one := Method{Sym: m, Calls: r.Uint64N(9), Errors: r.Uint64N(2), Mismatches: r.Uint64N(2), Last: worldNow - r.Int64N(1e10)}
		one.Latency.Add(r.Uint32N(200_000))
		s.Methods = append(s.Methods, one)
	}
	return s
}

func tableOf[T any](n int, row func(i int, at *T)) Table[T] {
	var w tableWriter[T]
	for i := range n {
		row(w.add(), w.edit(i))
	}
	return w.freeze()
}

// maker makes rows.
type maker struct {
	r                                *rand.Rand
	syms, errs                       []Sym
	sessions, procs, calls, findings int
}

func pickOne[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

func (w *maker) ago() int64      { return worldNow - w.r.Int64N(int64(20*time.Second)) }
func (w *maker) proc() ProcID    { return ProcID(w.r.IntN(w.procs+1) - 1) }
func (w *maker) chance() bool    { return w.r.IntN(4) == 0 }
func (w *maker) sess() SessionID { return SessionID(w.r.IntN(w.sessions)) }

func (w *maker) process(i int, p *Process) {
	*p = Process{
		Info:     ProcInfo{Host: pickOne(w.r, "", "w1", "w10"), Comm: pickOne(w.r, "gunicorn", "Worker", ""), PID: int32(4100 + w.r.IntN(30)), PPID: pickOne(w.r, int32(0), 4100, 4101)},
		ID:       ProcID(i),
		Parent:   w.proc(),
		First:    w.ago(),
		Calls:    w.r.Uint64N(5),
		Errors:   w.r.Uint64N(2),
		Findings: w.r.Uint64N(2),
	}
	p.Last = p.First + w.r.Int64N(worldNow-p.First+1)
	p.Mismatches = w.r.Uint64N(2)
	if w.chance() {
		p.Exited = p.Last
	}
}

func (w *maker) session(i int, s *Session) {
	c := &ConnInfo{URL: pickOne(w.r, "", "http://node:8545", "ws://Node:8546/x")}
	if w.chance() {
		c.Name = fmt.Sprintf("pool-%d", w.r.IntN(9))
	} else {
		c.Local, c.Peer = fmt.Sprintf("127.0.%d.1:%d", i/1000, 50000+w.r.IntN(60)+i/1000*i%1000), "127.0.0.1:8545"
	}
	*s = Session{
		Serial: uint64(i + 1), ID: SessionID(i), Conn: c, Owner: w.proc(), Transport: c.Transport(),
		Flags: SessionFlags(w.r.IntN(16)), InFlight: w.r.Uint32N(2), First: w.ago(),
		Calls: w.r.Uint64N(5), Errors: w.r.Uint64N(2), Mismatches: w.r.Uint64N(3), Findings: w.r.Uint64N(2),
		LastMethod: pickOne(w.r, w.syms...), LastCall: -1, P95: w.r.Uint32N(200_000), Max: 200_000,
	}
	s.Last = s.First + w.r.Int64N(worldNow-s.First+1)
	if w.chance() {
		s.Sharers = []ProcID{w.proc(), w.proc()}
	}
	if w.chance() {
		s.Holders = []ProcID{w.proc()}
	}
	if w.r.IntN(10) == 0 {
		s.Serial = 0
	}
}

func (w *maker) call(_ int, c *Call) {
	*c = Call{
		Asked: w.ago(), ID: pickOne(w.r, ID{}, IntID(w.r.Int64N(9)), TextID([]byte(`"abc"`)), ID{Kind: IDNull}),
		Session: w.sess(), Asker: w.proc(), Reader: w.proc(), Method: pickOne(w.r, w.syms...), Err: pickOne(w.r, w.errs...),
		State: CallState(w.r.IntN(5)), Flags: CallFlags(w.r.IntN(32)), Reply: Origin{Len: pickOne(w.r, uint32(0), 100, 70_000)},
	}
	c.Replied = c.Asked + w.r.Int64N(int64(300*time.Millisecond))
	if w.findings > 0 && w.chance() {
		c.Finding = 71 + w.r.Uint32N(uint32(w.findings))
	}
}

func (w *maker) ref() CallRef {
	if w.chance() {
		return CallRef{Seq: -1, Proc: NoProc}
	}
	return CallRef{Seq: 990 + w.r.Int64N(int64(w.calls)+20), ID: IntID(w.r.Int64N(9)), Proc: w.proc(), Method: pickOne(w.r, w.syms...)}
}

func (w *maker) finding(i int, f *Finding) {
	*f = Finding{
		Seq: uint64(70 + i), Time: w.ago(), Call: w.ref(), Owner: w.ref(), Session: w.sess(), Reader: w.proc(), Other: w.proc(),
		Kind: pickOne(w.r, FindingKinds()...), Certainty: Certainty(w.r.IntN(3)), Evidence: Evidence(w.r.IntN(16)),
		Cause: pickOne(w.r, NoFinding, SharedSession), Detail: Why(w.r.IntN(3)), Void: w.chance(), Count: w.r.Uint32N(5),
	}
	f.Last = f.Time + w.r.Int64N(1e9)
}
