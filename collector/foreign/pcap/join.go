package pcap

import (
	"cmp"
	"encoding/json"
	"math"
	"net/netip"
	"slices"
	"strconv"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
)

// Where the clients' logs tell of what was captured, their word stands: a
// connection that they name is left to them, and a request that is one of their
// calls shows which connection that call's process has used, instead of the call
// a second time. What they do not tell of is told as the client's port saw it.

// join is what of a capture waits for the clients' logs.
type join struct {
	calls *foreign.Calls
	held  []*entry         // in the order of the capture
	size  int              // of their bodies
	asked map[key][]*entry // requests among them
	taken map[caller]bool  // calls that were found
	found []record.Record  // processes seen on connections
	sure  bool             // enough was found for the clocks to agree
}

type key struct{ method, id string }

// caller names a call of a clients' log.
type caller struct {
	pid   int
	asked int64
}

// entry is a message of a connection, or its end.
type entry struct {
	conn    *conn
	at      int64
	offset  int64 // in the capture
	dir     wire.Dir
	ends    bool // the connection
	torn    bool // it is no whole message
	key     key  // of a request that is one call
	is      what
	records []record.Record
}

// what a request is, as far as the clients' logs tell.
type what uint8

const (
	open   what = iota // it has not been looked for
	others             // none of their calls
	theirs             // one of them
)

// owed is a reply that is to come.
type owed struct {
	id   string
	drop bool // a client's log tells of it
}

const (
	// waits is for how long what clients' logs say is waited for, in nanoseconds
	// of the capture's time: they tell of a call when it is over.
	waits = int64(3e9)
	// maxHeld and maxHeldSize bound the messages that wait, and their bytes.
	maxHeld     = 1 << 16
	maxHeldSize = 64 << 20
	// maxTaken bounds the calls that are remembered to have been found.
	maxTaken = 1 << 16
	// maxDue bounds the replies that a connection waits for.
	maxDue = 1 << 10
	// enough is how many requests must be found in a client's log: if the clocks
	// differ, hardly any are.
	enough = 4
)

func newJoin(calls *foreign.Calls) join {
	return join{calls: calls, asked: map[key][]*entry{}, taken: map[caller]bool{}}
}

// hold keeps a message until the clients' logs have come to its time.
func (a *conns) hold(e *entry) {
	e.offset = a.offset
	if e.dir == wire.Sent && !e.ends && !e.torn && len(e.records) == 1 {
		e.key = callOf(e.records[0].Msg)
	}
	if e.key.method != "" {
		a.asked[e.key] = append(a.asked[e.key], e)
	}
	a.held = append(a.held, e)
	for _, r := range e.records {
		a.size += len(r.Msg) + len(r.Raw)
	}
	if len(a.held) > maxHeld || a.size > maxHeldSize || !a.calls.Expected() {
		a.settle(math.MaxInt64)
	}
}

// callOf is the method and the id of a request; of a batch or a notification,
// nothing.
func callOf(msg []byte) key {
	var m struct {
		Method string
		ID     json.RawMessage
	}
	if json.Unmarshal(msg, &m) != nil || len(m.ID) == 0 || string(m.ID) == "null" {
		return key{}
	}
	return key{m.Method, string(m.ID)}
}

// settle tells what was captured by the time until.
func (a *conns) settle(until int64) {
	n := 0
	for n < len(a.held) && a.held[n].at <= until {
		e := a.held[n]
		n++
		a.out.At(e.offset)
		a.tell(e, a.held[n:])
		if e.key.method != "" {
			a.told(e)
		}
		for _, r := range e.records {
			a.size -= len(r.Msg) + len(r.Raw)
		}
	}
	a.held = slices.Delete(a.held, 0, n)
	if a.sure = a.sure || len(a.found) >= enough; a.sure {
		for _, r := range a.found {
			a.out.Put(r)
		}
		a.found = a.found[:0]
	}
}

// tell writes what is held, unless a client's log tells of it; later is what is
// held behind it.
func (a *conns) tell(e *entry, later []*entry) {
	c := e.conn
	name := c.name()
	switch {
	case a.calls.Named(name.Local, name.Peer, e.at):
		return
	case e.ends && !c.shown, c.broken:
		return
	case e.ends:
	case e.dir == wire.Received:
		if a.answers(e) {
			return
		}
	default:
		a.find(e)
		c.due = append(c.due, owed{e.key.id, e.is == theirs})
		c.due = c.due[max(0, len(c.due)-maxDue):]
		if e.is == theirs {
			return
		}
	}
	if e.torn && a.joins(c, later) {
		c.broken = true // the client's log tells what came of it
		return
	}
	if !c.shown && c.opened != 0 && !e.ends {
		a.out.Put(c.record(record.Open, c.opened))
	}
	c.shown = true
	for _, r := range e.records {
		a.out.Put(r)
	}
}

// answers says whether a reply is that to a call of which a client's log tells.
func (a *conns) answers(e *entry) bool {
	due := e.conn.due
	if len(due) == 0 {
		return e.conn.joined
	}
	i := 0
	if mixed := slices.ContainsFunc(due, func(o owed) bool { return o.drop != due[0].drop }); mixed || e.conn.proto != wire.HTTP1 {
		var m struct{ ID json.RawMessage }
		if json.Unmarshal(e.records[0].Msg, &m) == nil {
			i = slices.IndexFunc(due, func(o owed) bool { return o.id == string(m.ID) })
		}
	}
	if i < 0 {
		if e.conn.proto != wire.HTTP1 {
			return e.conn.joined // a notification
		}
		i = 0
	}
	drop := due[i].drop
	e.conn.due = slices.Delete(due, i, i+1)
	return drop
}

// joins says whether a client's log tells of the connection's calls.
func (a *conns) joins(c *conn, later []*entry) bool {
	for i := 0; i < len(later) && !c.joined; i++ {
		if later[i].conn == c && later[i].key.method != "" {
			a.find(later[i])
		}
	}
	return c.joined
}

// find looks whose call a request is.
func (a *conns) find(e *entry) {
	if e.key.method == "" || e.is != open {
		return
	}
	requests, calls := a.cluster(e)
	slices.SortStableFunc(requests, func(x, y *entry) int { return cmp.Compare(x.at, y.at) })
	sure := len(calls) <= len(requests) && !slices.ContainsFunc(requests, func(r *entry) bool { return r.conn != e.conn }) ||
		len(calls) >= len(requests) && !slices.ContainsFunc(calls, func(c foreign.Call) bool { return c.PID != calls[0].PID })
	for i, r := range requests {
		r.is = others
		if i < len(calls) {
			r.is, r.conn.joined = theirs, true
			a.take(calls[i])
			if sure {
				a.found = append(a.found, record.Record{
					Process: record.Process{PID: calls[i].PID}, Time: r.at, Event: record.Send, Part: true,
					Conn: r.conn.name(), Client: calls[i].Client,
				})
			}
		}
	}
	if e.is == others && e.conn.joined {
		a.findByMethod(e)
	}
}

// told lets go of a request, and of those behind it that were looked for before.
func (a *conns) told(e *entry) {
	if e.is == open {
		e.is = others
	}
	like := a.asked[e.key]
	for len(like) > 0 && like[0].is != open {
		like = like[1:]
	}
	if a.asked[e.key] = like; len(like) == 0 {
		delete(a.asked, e.key)
	}
}

// findByMethod takes a request, on a connection of which a client's log tells,
// for a call of the method whose id the log may have wrong.
func (a *conns) findByMethod(e *entry) {
	if calls := a.near(e, key{e.key.method, ""}, e.at, e.at); len(calls) > 0 {
		e.is = theirs
		a.take(calls[0])
	}
}

// cluster is the requests like e that are not told apart by time, and the calls
// that they may be. If all of them are on one connection, so are those calls; or
// all the calls are of one process.
func (a *conns) cluster(e *entry) (requests []*entry, calls []foreign.Call) {
	requests = append(requests, e)
	first, last := e.at, e.at
	for {
		before := len(requests) + len(calls)
		calls = a.near(e, e.key, first, last)
		for i := range calls {
			from, to := calls[i].Window()
			first, last = min(first, from), max(last, to)
		}
		if len(calls) == 0 {
			return requests, nil
		}
		requests = requests[:0]
		for _, r := range a.asked[e.key] {
			if r.at > last {
				break
			}
			if r.is == open && first <= r.at && r.conn.server().Port() == e.conn.server().Port() {
				requests = append(requests, r)
			}
		}
		if len(requests)+len(calls) == before {
			return requests, calls
		}
	}
}

// near is the calls that a request from first to last may be.
func (a *conns) near(e *entry, k key, first, last int64) []foreign.Call {
	return slices.DeleteFunc(a.calls.Near(k.method, k.id, first, last), func(c foreign.Call) bool {
		return a.taken[caller{c.PID, c.Asked}] || !isPeer(c.Peer, e.conn.server())
	})
}

// isPeer says whether a client that names its endpoint so may be talking to the
// server: a name may be any address.
func isPeer(endpoint string, server netip.AddrPort) bool {
	if a, err := netip.ParseAddrPort(endpoint); err == nil {
		return a.Addr().Unmap() == server.Addr() && a.Port() == server.Port()
	}
	for i := len(endpoint) - 1; i >= 0; i-- {
		if endpoint[i] == ':' {
			return endpoint[i+1:] == strconv.Itoa(int(server.Port()))
		}
	}
	return false
}

func (a *conns) take(c foreign.Call) {
	if len(a.taken) >= maxTaken {
		clear(a.taken)
	}
	a.taken[caller{c.PID, c.Asked}] = true
}
