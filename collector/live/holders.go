package live

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
)

// holder is a process with a descriptor of a socket.
type holder struct {
	pid int32
	endpoints
}

// parseHolders reads the rows of the kernel's list.
func parseHolders(b []byte) []holder {
	var all []holder
	for len(b) >= headerSize+connectionSize {
		row := b[:headerSize+connectionSize]
		b = b[len(row):]
		s, ok := parseSample(row)
		if !ok {
			break
		}
		e, _ := parseConnection(s.cookie, s.data)
		all = append(all, holder{s.pid, e})
	}
	return all
}

// rpcPorts are those that Ethereum nodes and their like serve JSON-RPC on
// unless told otherwise.
var rpcPorts = [...]uint16{8545, 8546, 8547, 8548, 8551, 9545, 7545, 9650, 9944, 26657}

// rpcLooking says whether the connection may be one of a JSON-RPC client.
func (e *endpoints) rpcLooking() bool {
	if e.unix {
		return strings.HasSuffix(e.conn.Peer, ".ipc")
	}
	return slices.Contains(rpcPorts[:], e.peerPort)
}

// inherited is what is to be known of one connection before any byte flows.
type inherited struct {
	endpoints
	pids []int32 // its opener, and its holders, ascending by start
}

// known takes what the kernel lists: from now on each connection has its
// holders. Those of several processes, and those that look like JSON-RPC, are
// told of at once, with who had them from whom.
func (t *tracker) known(rows []holder, mono int64) {
	listening := map[uint16]bool{}
	for i := range rows {
		if rows[i].listens && !rows[i].unix {
			listening[rows[i].localPort] = true
		}
	}
	byCookie := map[uint64]*inherited{}
	for i := range rows {
		h := &rows[i]
		if h.listens || h.server || h.unix && h.conn.Peer == "" {
			continue
		}
		if !h.unix && (h.localPort == 0 || h.peerPort == 0 || listening[h.localPort]) { // no port: not connected, or reset
			continue
		}
		in := byCookie[h.conn.Cookie]
		if in == nil {
			in = &inherited{endpoints: h.endpoints}
			byCookie[h.conn.Cookie] = in
		}
		if !slices.Contains(in.pids, h.pid) {
			in.pids = append(in.pids, h.pid)
		}
	}
	var shown []*inherited
	for cookie, in := range byCookie {
		slices.SortFunc(in.pids, t.byStart)
		c := t.conn(cookie)
		c.endpoints = in.endpoints
		for _, pid := range in.pids {
			c.users.add(pid)
		}
		c.opener = t.openerOf(in.pids)
		if !slices.Contains(in.pids, c.opener) { // it has closed it since
			in.pids = slices.Insert(in.pids, 0, c.opener)
		}
		if len(in.pids) > 1 || in.rpcLooking() {
			shown = append(shown, in)
		}
	}
	slices.SortFunc(shown, func(a, b *inherited) int { return cmp.Compare(a.conn.Cookie, b.conn.Cookie) })
	t.tellInherited(shown, mono)
}

// openerOf guesses who opened a connection that these processes hold, ascending
// by start: a parent that several have in common, else the first of them.
func (t *tracker) openerOf(pids []int32) int32 {
	parent := int32(t.proc(pids[0]).info.PPID)
	if len(pids) == 1 || parent <= 1 || t.procs[parent] == nil {
		return pids[0]
	}
	for _, pid := range pids[1:] {
		if int32(t.proc(pid).info.PPID) != parent {
			return pids[0]
		}
	}
	return parent
}

// byStart orders processes by when they began.
func (t *tracker) byStart(a, b int32) int {
	return cmp.Or(cmp.Compare(t.proc(a).info.Start, t.proc(b).info.Start), cmp.Compare(a, b))
}

// tellInherited tells of connections and forks in an order in which they can
// have happened: a child has what its parent had opened by then.
func (t *tracker) tellInherited(shown []*inherited, mono int64) {
	var children []int32
	for _, in := range shown {
		for _, pid := range in.pids[1:] {
			if !slices.Contains(children, pid) {
				children = append(children, pid)
			}
		}
	}
	slices.SortFunc(children, t.byStart)
	for _, child := range children {
		for _, in := range shown {
			if slices.Contains(in.pids, child) {
				t.tellOpen(in, mono)
			}
		}
		p := t.proc(child)
		parent := t.proc(int32(p.info.PPID))
		if p.told || p.info.PPID == 0 {
			continue
		}
		p.told, parent.told = true, true
		t.write(record.Record{Time: mono + t.wall, Mono: mono, Process: parent.info, Event: record.Fork, Child: int(child), Before: true})
	}
	for _, in := range shown {
		t.tellOpen(in, mono)
	}
	for _, in := range shown {
		c := t.conn(in.conn.Cookie)
		t.tellBefore(c, mono, c.users...)
	}
}

// tellOpen tells of a connection, if nothing has.
func (t *tracker) tellOpen(in *inherited, mono int64) {
	c := t.conn(in.conn.Cookie)
	if c.shown {
		return
	}
	c.shown = true
	if c.speaks(wire.HTTP1); c.unix && in.rpcLooking() {
		c.speaks(wire.JSONStream)
	}
	r := t.on(c, in.pids[0])
	r.Event, r.Before, r.Time, r.Mono = record.Open, true, mono+t.wall, mono
	t.write(r)
}

// shared says whether there are connections of which a process may let go
// without anybody telling: those of several processes, and Unix sockets.
func (t *tracker) shared() bool {
	for _, c := range t.conns {
		if c.shown && c.ended == 0 && (c.unix || len(c.users) > 1) {
			return true
		}
	}
	return false
}

// held takes who holds what at a later time, and says who has closed what.
func (t *tracker) held(rows []holder, mono int64) {
	holds := map[uint64]map[int32]bool{}
	for i := range rows {
		h := &rows[i]
		if holds[h.conn.Cookie] == nil {
			holds[h.conn.Cookie] = map[int32]bool{}
		}
		holds[h.conn.Cookie][h.pid] = true
	}
	for cookie, c := range t.conns {
		if !c.shown || c.ended != 0 {
			continue
		}
		for _, pid := range slices.Clone(c.users) {
			if !holds[cookie][pid] {
				t.closes(c, pid, mono)
				c.users.remove(pid)
			}
		}
		for pid := range holds[cookie] {
			c.users.add(pid)
		}
		if len(c.users) == 0 {
			t.end(c, mono)
		}
	}
}
