package synth

import (
	"fmt"

	"github.com/sessiontop/sessiontop/collector/record"
)

// file is one session log that grows.
type file struct {
	name  string
	size  int64
	seq   uint64
	begun bool
	held  []heldLine // lines that are written late
}

type heldLine struct {
	r    record.Record
	at   *Line
	wait int // lines that go before it
}

// stampAt is what p's clock shows at virtual time t.
func (p *process) stampAt(t int64) int64 {
	if sigma := float64(p.fleet.Stamp.Sigma); sigma > 0 {
		t += int64(sigma * p.own.NormFloat64())
	}
	p.stamp = max(p.stamp, t)
	return p.stamp
}

// log writes one line of p at virtual time t; at, if not nil, learns where it
// stands.
func (p *process) log(r record.Record, t int64, at *Line) {
	cfg := &p.s.cfg.Log
	shown := p.stampAt(t)
	r.Process, r.TID = p.who, p.who.PID
	if at == nil {
		at = &Line{Offset: -1}
	}
	if cfg.Mono {
		r.Mono = bootOffset + shown
	}
	shown += int64(p.fleet.Ahead)
	switch res := int64(cfg.Resolution); {
	case cfg.Constant:
		r.Time = p.s.cfg.Start
	case res > 0:
		r.Time = (p.s.cfg.Start + shown) / res * res
	default:
		r.Time = p.s.cfg.Start + shown
	}
	p.s.append(p.file, r, at)
}

// bootOffset is how long the machine had run when the simulation began.
const bootOffset = 3_600_000_000_000

// append writes the line now, later or never.
func (s *simulation) append(f *file, r record.Record, at *Line) {
	cfg := &s.cfg.Log
	f.seq++
	if cfg.Seq {
		r.Seq = f.seq
	}
	switch {
	case chance(s.noise, cfg.Lost):
		return
	case chance(s.noise, cfg.Late):
		f.held = append(f.held, heldLine{r, at, 1 + s.noise.IntN(6)})
		return
	}
	s.put(f, r, at)
	for i := 0; i < len(f.held); {
		if f.held[i].wait--; f.held[i].wait > 0 {
			i++
			continue
		}
		h := f.held[i]
		f.held = append(f.held[:i], f.held[i+1:]...)
		s.put(f, h.r, h.at)
	}
}

// put writes the line.
func (s *simulation) put(f *file, r record.Record, at *Line) {
	if !f.begun {
		r.V, f.begun = record.Version, true
	}
	s.line = record.AppendRecord(s.line[:0], r)
	*at = Line{f.name, f.size, len(s.line)}
	f.size += int64(len(s.line))
	s.truth.Lines++
	if s.err == nil {
		s.err = s.sink(f.name, s.line)
	}
}

// record begins a line about k.
func (p *process) record(ev record.Event, k *socket) record.Record {
	cfg := &p.s.cfg.Log
	r := record.Record{Event: ev, URL: k.truth.URL}
	if !cfg.NoAddrs {
		r.Local, r.Peer = k.truth.Local, nodes[k.fleet.Transport].peer
	}
	if cfg.Cookie || k.truth.Local == "" && !cfg.NoAddrs {
		r.Cookie, r.Ino = k.truth.Cookie, 80_000+k.number
	}
	if cfg.Names {
		r.Session = k.truth.Name
	}
	if cfg.Opener {
		r.Opener = k.opener.who.PID
	}
	return r
}

func (p *process) logSend(c *call, k *socket, t int64) {
	r := p.record(record.Send, k)
	r.Msg = c.text
	r.Off, r.HasOff = k.sent, p.s.cfg.Log.Off
	if p.s.cfg.Log.Counts && p.fleet.Writes == (Delay{}) {
		r.Off, r.HasOff, r.Size = k.sent, true, int64(k.fleet.Transport.requestHeader()+c.size)
	}
	p.log(r, t, c.line)
}

// logRecv logs that p read a, and that k's bytes were read up to count then.
func (p *process) logRecv(a *answer, k *socket, count int64) *Line {
	r := p.record(record.Recv, k)
	r.Status = a.status
	if a.raw {
		r.Raw = a.text
	} else {
		r.Msg = a.text
	}
	r.Off, r.HasOff = a.off, p.s.cfg.Log.Off
	if p.s.cfg.Log.Counts && !a.raw {
		r.UpTo, r.Size = count, int64(k.fleet.Transport.replyHeader()+len(a.text))
	}
	at := &Line{Offset: -1}
	p.log(r, p.s.clock.now, at)
	return at
}

func (p *process) logFail(c *call, why string) {
	r := p.record(record.Fail, p.socket)
	r.Err, r.ID = why, fmt.Append(nil, c.id)
	p.log(r, p.s.clock.now, nil)
}

// logConn logs what happened to a connection, where the log has such lines.
func (p *process) logConn(ev record.Event, k *socket) {
	if p.s.cfg.Log.Forks {
		p.log(p.record(ev, k), p.s.clock.now, nil)
	}
}

// logFork logs that p has the child.
func (p *process) logFork(child *process) {
	p.logLife(record.Record{Event: record.Fork, Child: child.who.PID})
}

// logLife logs what happened to p itself.
func (p *process) logLife(r record.Record) {
	if p.s.cfg.Log.Forks {
		p.log(r, p.s.clock.now, nil)
	}
}
