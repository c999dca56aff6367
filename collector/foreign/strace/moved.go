package strace

import (
	"bytes"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
)

// moved takes a call that has written to a descriptor or read from it.
func (t *trace) moved(p *process, tid int32, o op, dir wire.Dir, args [][]byte, r *result, at span) {
	if len(args) < 2 || bytes.Contains(flagsOf(o, args), []byte("MSG_PEEK")) {
		return
	}
	s := t.socket(p, args[0])
	if s == nil || s.role == wire.Server || s.tls {
		return
	}
	if !r.known || r.value == 0 {
		if why := fault(r.fails); why != "" {
			t.failed(p, tid, s, why, at.end)
		} else if r.known && dir == wire.Received && !emptyRead(o, args) {
			t.failed(p, tid, s, "closed", at.end)
		}
		return
	}
	data, cut := t.data[:0], false
	if o == write || o == read {
		data, cut, _ = text(data, args[1])
	} else {
		data, cut = vectors(data, args[1])
	}
	if t.data = data; cap(data) > 1<<20 {
		t.data = nil
	}
	if int64(len(data)) > r.value {
		data = data[:r.value]
	}
	if s.off == [2]int64{} && isTLS(data) {
		s.tls = true
		t.out.Bad(t.offset, "an encrypted connection (TLS), which no trace of calls can show")
		return
	}
	missing := r.value - int64(len(data))
	if missing > 0 {
		t.cut(cut)
	}
	s.used(p.PID)
	s.meets(p, args[0])
	s.complete()
	t.sockets.live[s.id] = s // it may have been let go of
	ch := wire.Chunk{
		Conn: s.id, Time: at.begin, Off: s.off[dir], HasOff: true, Data: data, Truncated: int(missing),
		PID: int32(p.PID), TID: tid, Dir: dir,
	}
	if dir == wire.Received {
		ch.Time = at.end
	}
	s.off[dir] += r.value
	t.asm.Feed(ch, t.message)
}

// isTLS says whether b begins with the TLS record that a connection begins with:
// a handshake of version 3.x (RFC 8446, 5.1).
func isTLS(b []byte) bool { return len(b) >= 3 && b[0] == 22 && b[1] == 3 && b[2] <= 4 }

// cut reports that not all of what was moved stands in the trace.
func (t *trace) cut(short bool) {
	if short {
		t.out.Bad(t.offset, "a call whose string is cut: strace needs -s 65536 or more")
	} else {
		t.out.Bad(t.offset, "a call that does not show what it moved")
	}
}

// flagsOf is the flags among a call's arguments.
func flagsOf(o op, args [][]byte) []byte {
	i := 3
	if o == readMessage || o == writeMessage {
		i = 2
	}
	if i >= len(args) {
		return nil
	}
	return args[i]
}

// emptyRead is whether a read asked for no bytes.
func emptyRead(o op, args [][]byte) bool {
	return o == read && len(args) > 2 && string(args[2]) == "0"
}

// vectors appends what the buffers of an iovec, or of a msghdr with one, hold
// to dst, as far as nothing is missing in between.
func vectors(dst, b []byte) (out []byte, cut bool) {
	const base = "iov_base="
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '"':
			n := stringEnd(b[i:])
			if n < 0 {
				return dst, false
			}
			i += n - 1
		case b[i] == 'i' && bytes.HasPrefix(b[i:], []byte(base)):
			i += len(base)
			var ok bool
			if dst, cut, ok = text(dst, b[i:]); !ok || cut {
				return dst, cut
			}
			i += stringEnd(b[i:]) - 1
		}
	}
	return dst, false
}

// message takes a message that the assembler has put together.
func (t *trace) message(m wire.Message) {
	s := t.sockets.live[m.Conn]
	if s == nil || m.Flags&wire.RPC == 0 || len(m.Pieces) == 0 {
		return
	}
	if s.role == wire.UnknownRole {
		s.role = m.Role()
	}
	if s.role == wire.Server {
		return
	}
	s.asked = s.asked || m.Dir == wire.Sent || s.opener != 0
	if !s.asked && m.Proto == wire.HTTP1 {
		return // the reply to a request before the trace
	}
	if !t.hold(s, &m) {
		t.tell(s, &m)
	}
}

// tell writes the records of a message.
func (t *trace) tell(s *socket, m *wire.Message) {
	for i := range m.Pieces {
		m.Pieces[i].PID = t.as(s, m.Pieces[i].PID)
	}
	t.show(s, m)
	m.HasOff = m.HasOff && s.shared()
	t.records = wire.Records(t.records[:0], m, t.who, s.conn)
	for _, r := range t.records {
		r.Opener, r.URL = s.opener, s.url()
		t.told(int32(r.PID), r)
	}
}

// show tells of the connection before its first message.
func (t *trace) show(s *socket, m *wire.Message) {
	if s.shown && s.proto == m.Proto {
		return
	}
	first := !s.shown
	s.shown, s.proto, s.agent = true, m.Proto, m.Agent
	if first && s.opener != 0 {
		r := s.record(record.Open, s.opened)
		r.Process = t.who(int32(s.opener))
		t.told(int32(s.opener), r)
	}
}

// who is what is known of a process.
func (t *trace) who(pid int32) record.Process {
	if p := t.procs[pid]; p != nil && p.PID == int(pid) {
		return p.Process
	}
	return record.Process{PID: int(pid)} // its first thread has ended
}

// put writes a record of the process.
func (t *trace) put(p *process, r record.Record) {
	r.Process = p.Process
	p.told = true
	t.out.Put(r)
}

// putAs is put of what a process did on a connection.
func (t *trace) putAs(s *socket, p *process, r record.Record) {
	r.Process = t.who(t.as(s, int32(p.PID)))
	t.told(int32(r.PID), r)
}

// told writes a record of a process that may have ended.
func (t *trace) told(pid int32, r record.Record) {
	if p := t.procs[pid]; p != nil {
		p.told = true
	}
	t.out.Put(r)
}
