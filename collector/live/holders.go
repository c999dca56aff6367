package live

import (
	"bufio"
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
)

// holding is a socket with the processes that have a descriptor of it.
type holding struct {
	endpoints
	pids pids
}

// holdings is sockets by their cookies.
type holdings map[uint64]*holding

// readHoldings reads the rows of the kernel's list, one for each descriptor of
// each process, of the sockets that are wanted. There may be many millions: each
// child has all that its parent had.
func readHoldings(rows io.Reader, wanted func(cookie uint64) bool) (holdings, error) {
	all := holdings{}
	in := bufio.NewReaderSize(rows, 64<<10)
	var row [headerSize + connectionSize]byte
	for {
		if _, err := io.ReadFull(in, row[:]); err == io.EOF || err == io.ErrUnexpectedEOF {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		s, ok := parseSample(row[:])
		if !ok || !wanted(s.cookie) {
			continue
		}
		h := all[s.cookie]
		if h == nil {
			e, _ := parseConnection(s.cookie, s.data)
			h = &holding{endpoints: e}
			all[s.cookie] = h
		}
		h.pids.add(s.pid)
	}
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
func (t *tracker) known(all holdings, mono int64) {
	listening := map[uint16]bool{}
	for _, h := range all {
		if h.listens && !h.unix {
			listening[h.localPort] = true
		}
	}
	byCookie := map[uint64]*inherited{}
	for cookie, h := range all {
		if h.listens || h.server || h.unix && h.conn.Peer == "" {
			continue
		}
		if !h.unix && (h.localPort == 0 || h.peerPort == 0 || listening[h.localPort]) { // no port: not connected, or reset
			continue
		}
		byCookie[cookie] = &inherited{h.endpoints, slices.Clone(h.pids)}
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

// letsGo says whether it is of interest who has let go of a connection: something
// was told of it, and not its end.
func (t *tracker) letsGo(cookie uint64) bool {
	c := t.conns[cookie]
	return c != nil && c.shown && c.ended == 0
}

// held takes who holds what at a later time, of the connections that letsGo is
// true of, and says who has closed what.
func (t *tracker) held(now holdings, mono int64) {
	for cookie, c := range t.conns {
		if !t.letsGo(cookie) {
			continue
		}
		var by pids
		if h := now[cookie]; h != nil {
			by = h.pids
		}
		for _, pid := range slices.Clone(c.users) {
			if !by.has(pid) {
				t.closes(c, pid, mono)
				c.users.remove(pid)
			}
		}
		for _, pid := range by {
			c.users.add(pid)
		}
		if len(c.users) == 0 {
			t.end(c, mono)
		}
	}
}
