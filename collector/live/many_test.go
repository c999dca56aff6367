package live

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/sessiontop/sessiontop/collector/record"
)

// on has the tracker take a sample of a connection, which said so much before.
func (r *ring) on(cookie uint64, kind sampleKind, family uint16, sent int, data string) {
	r.now += 1e3
	s := sample{kind: kind, mono: r.now, cookie: cookie, pid: 10, tid: 10, flags: at(int64(sent)), off: int64(sent), data: []byte(data)}
	if kind == sampleConnection {
		b := make([]byte, connectionSize)
		binary.LittleEndian.PutUint64(b[8:], uint64(r.now))
		binary.LittleEndian.PutUint16(b[20:], family)
		binary.LittleEndian.PutUint16(b[24:], 8545)
		s.data = b
	}
	r.tracker.take(&s)
}

// TestManyConnections: however many connections there are, what is said on each
// is told at once.
func TestManyConnections(t *testing.T) {
	const many = 20_000
	r := newRing()
	told := 0
	r.tracker.write = func(rec record.Record) {
		if rec.Event == record.Send || rec.Event == record.Recv {
			told++
		}
	}
	for cookie := range uint64(many) {
		r.on(cookie, sampleConnection, afInet, 0, "")
	}
	for round := range 2 {
		for cookie := range uint64(many) {
			r.on(cookie, sampleSent, afInet, round*len(post(call)), post(call))
			r.on(cookie, sampleReceived, afInet, round*len(answer(reply)), answer(reply))
		}
		if want := 2 * many * (round + 1); told != want {
			t.Fatalf("round %d: %d messages told, want %d", round, told, want)
		}
	}
}

// TestRoom: where there are too many connections, those of which something was
// told are known for longest.
func TestRoom(t *testing.T) {
	r := newRing()
	r.tracker.room = 100
	r.connects(10)
	r.sends(10, post(call))
	for other := range uint64(1000) {
		r.on(1000+other, sampleConnection, afUnix, 0, "")
		r.on(1000+other, sampleSent, afUnix, 0, "no RPC\n")
	}
	if n := len(r.tracker.conns); n > 100 || n != r.tracker.asm.Conns() {
		t.Errorf("%d connections are known, and %d to the assembler; want 100 at most", n, r.tracker.asm.Conns())
	}
	r.reads(10, answer(reply))
	r.want(t, "open 10", "send 10 "+call, "recv 10 "+reply)
	if got := r.records[2].Conn; got != r.records[0].Conn || got.Peer == "" {
		t.Errorf("the connection has become %+v", got)
	}
}

func TestPIDs(t *testing.T) {
	var s pids
	for _, pid := range []int32{5, 3, 9, 5, 1} {
		if s.add(pid) == (pid == 5 && len(s) == 3) {
			t.Errorf("added %d to %v", pid, s)
		}
	}
	if !slices.Equal(s, pids{1, 3, 5, 9}) || !s.has(5) || s.has(4) {
		t.Errorf("the set is %v", s)
	}
	if !s.remove(3) || s.remove(3) || !slices.Equal(s, pids{1, 5, 9}) {
		t.Errorf("without 3 it is %v", s)
	}
}
