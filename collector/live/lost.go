package live

import (
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
)

// incomplete says that a message is missing, since bytes of it are. One that
// only ends too early with its connection is missing nowhere.
func (t *tracker) incomplete(c *conn, m *wire.Message) {
	if !c.shown || len(m.Pieces) == 0 || m.Flags&wire.Cut != 0 {
		return
	}
	t.tellLost(c, m.Last.Mono)
}

// unread takes note of bytes that could not be read (io_uring, sendmmsg, a 32-bit
// program): whole messages may be among them, requests whose replies will be seen.
func (t *tracker) unread(c *conn, mono int64) {
	if c.unread++; c.shown {
		t.tellLost(c, mono)
	}
}

// tooLong says that a message is missing which was passed over for its length,
// if the bytes just taken were its last.
func (t *tracker) tooLong(c *conn, mono int64) {
	n := t.asm.TooLong()
	if n == t.passed {
		return
	}
	t.passed = n
	if c.shown {
		t.stats.Incomplete++
		c.untold++
		t.tellLost(c, mono)
	}
}

// tellLost says that something of the connection is missing, for each process
// that may have said or read it. How much the kernel had no room for is said
// once.
func (t *tracker) tellLost(c *conn, mono int64) {
	t.stats.Incomplete += uint64(c.unread)
	c.unread = 0
	for _, pid := range c.users {
		r := t.on(c, pid)
		r.Event, r.Time, r.Mono, r.N = record.Lost, mono+t.wall, mono, c.untold
		t.write(r)
		c.untold = 0
	}
}

// tellBefore says of a connection that was there before it was watched: what
// these processes asked on it until then may be answered yet.
func (t *tracker) tellBefore(c *conn, mono int64, pids ...int32) {
	if c.opened != 0 {
		return
	}
	for _, pid := range pids {
		r := t.on(c, pid)
		r.Event, r.Time, r.Mono = record.Lost, mono+t.wall, mono
		t.write(r)
	}
}

// mayMiss says of the connections of a process that ends that something of them
// may be missing: more is lost than is known of any connection, and of these
// nothing will come any more that says whether it was theirs.
func (t *tracker) mayMiss(pid int32, mono int64) {
	for _, c := range t.conns {
		if c.users.has(pid) && c.shown && c.ended == 0 {
			t.tellLost(c, mono)
		}
	}
}
