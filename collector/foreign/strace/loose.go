package strace

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/sessiontop/sessiontop/collector/wire"
)

// Of what strace -p has found running, the trace does not show which are threads
// of one process and which are processes. A client's threads may all use one
// connection, but never ask on it while a reply is due; only those who know
// nothing of each other do. So they count as one process, the first seen on each
// connection, until two of them have asked at once, or a reply is not the one that
// was due: before, none can have gone astray.

// Bounds of the requests that are held: a longer one, or one of too many, is told
// at once.
const (
	maxHeld    = 64 << 10
	maxHolding = 1 << 10
)

// loose says that the trace has not shown how the process was made.
func (t *trace) loose(pid int32) bool {
	p := t.procs[pid]
	return p != nil && !p.born
}

// allLoose says that of all who moved a part of the message.
func (t *trace) allLoose(m *wire.Message) bool {
	return !slices.ContainsFunc(m.Pieces, func(p wire.Piece) bool { return !t.loose(p.PID) })
}

// hold keeps a request until its reply, or another request, shows who may have
// asked it; false: that is known.
func (t *trace) hold(s *socket, m *wire.Message) bool {
	asks := m.Dir == wire.Sent && m.Proto == wire.HTTP1 && t.allLoose(m)
	if s.held != nil {
		if asks && m.Pieces[0].PID != s.held.Pieces[0].PID || m.Dir == wire.Received && !answers(m.Body, s.held.Body) {
			t.apart = true
		}
		t.release(s)
	}
	if !asks || t.apart || len(m.Body) > maxHeld || t.holding == maxHolding {
		return false
	}
	t.holding++
	held := *m
	held.Body, held.Pieces = bytes.Clone(m.Body), slices.Clone(m.Pieces)
	s.held = &held
	return true
}

// answers is whether a reply may be that to a request: its id, where both have
// one, is the request's.
func answers(reply, request []byte) bool {
	var of [2]struct{ ID json.RawMessage }
	for i, b := range [...][]byte{reply, request} {
		if json.Unmarshal(b, &of[i]) != nil || len(of[i].ID) == 0 || string(of[i].ID) == "null" {
			return true
		}
	}
	return bytes.Equal(of[0].ID, of[1].ID)
}

// release tells the request that is held.
func (t *trace) release(s *socket) {
	if m := s.held; m != nil {
		s.held = nil
		t.holding--
		t.tell(s, m)
	}
}

// meets notes that p, if it is loose, has moved bytes on the connection.
func (s *socket) meets(p *process, fd []byte) {
	if n, _ := leadingInt(fd); s.first == 0 && !p.born {
		s.first, s.fd = int32(p.PID), int32(n)
	}
}

// as is the process that stands for the one with that PID on the connection:
// the first, where they may have one table of descriptors.
func (t *trace) as(s *socket, pid int32) int32 {
	if t.apart || s.first == 0 || !t.loose(pid) || t.procs[pid].files.sockets[s.fd] != s {
		return pid
	}
	return s.first
}
