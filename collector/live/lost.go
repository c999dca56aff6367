package live

import (
	"slices"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
)

// incomplete says that a message is missing, since bytes of it are. One that
// only ends too early with its connection is missing nowhere.
func (t *tracker) incomplete(c *conn, m *wire.Message) {
	if !c.shown || len(m.Pieces) == 0 || m.Flags&wire.Cut != 0 {
		return
	}
	t.tellLost(c, m.Pieces[0].PID, m.Last.Mono)
}

// tellLost says that something of the connection is missing, for each process
// that may have said or read it; pid is the one that is known to use it. How much
// the kernel had no room for is said once.
func (t *tracker) tellLost(c *conn, pid int32, mono int64) {
	c.users[pid] = true
	pids := []int32{pid}
	for other := range c.users {
		if other != pid {
			pids = append(pids, other)
		}
	}
	slices.Sort(pids[1:])
	for _, p := range pids {
		r := t.on(c, p)
		r.Event, r.Time, r.Mono, r.N = record.Lost, mono+t.wall, mono, c.untold
		t.write(r)
		c.untold = 0
	}
}
