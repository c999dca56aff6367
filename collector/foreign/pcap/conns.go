package pcap

import (
	"bytes"
	"cmp"
	"maps"
	"math"
	"net/netip"
	"slices"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
)

// conns are the connections of a capture.
type conns struct {
	out     *foreign.Lines
	asm     *wire.Assembler
	young   map[pair]*conn // those used since the last generation began
	old     map[pair]*conn // and of the one before
	byID    map[uint64]*conn
	ending  []*conn // those that have ended, in that order
	last    uint64  // id
	now     int64   // time of the packet before
	flushed int64
	offset  int64 // of the packet in the capture
	join
}

// pair names a connection: its ends in their order.
type pair struct{ a, b netip.AddrPort }

func pairOf(a, b netip.AddrPort) pair {
	if a.Compare(b) > 0 {
		a, b = b, a
	}
	return pair{a, b}
}

const (
	maxConns = 1 << 15    // of a generation; those of two are kept
	patience = int64(1e9) // how long what comes out of order is waited for, in nanoseconds
	memory   = 64 << 20   // bytes that wait
	onePID   = 1          // of all chunks: nobody knows better
)

func newConns(out *foreign.Lines, calls *foreign.Calls) *conns {
	return &conns{
		out: out, join: newJoin(calls), asm: wire.New(wire.Options{MaxConns: 3 * maxConns, MaxMemory: memory}),
		young: map[pair]*conn{}, old: map[pair]*conn{}, byID: map[uint64]*conn{},
	}
}

// segment takes a TCP segment.
func (a *conns) segment(s *segment, offset int64) {
	a.offset = offset
	a.advance(s.at)
	c := a.of(s)
	if c == nil || c.tls || c.gone {
		return
	}
	dir := c.dir(s.from)
	d := &c.sides[dir]
	seq := s.seq
	if s.flags&flagSYN != 0 {
		seq++
	}
	off, near := d.at(seq)
	size := int64(len(s.data) + s.missing)
	if !near {
		a.out.Bad(offset, "a packet whose sequence number is far from those before")
		return
	}
	if size > 0 && off >= 0 { // else it is of before the capture
		a.feed(c, s, dir, off)
		d.reached(off + size)
	}
	if c.ended == 0 {
		if c.end(s, d); c.ended != 0 {
			a.ending = append(a.ending, c)
		}
	}
}

func (a *conns) feed(c *conn, s *segment, dir wire.Dir, off int64) {
	if off == 0 && isTLS(s.data) {
		c.tls = true
		a.out.Bad(a.offset, "an encrypted connection (TLS)")
		return
	}
	ch := wire.Chunk{Conn: c.id, Time: s.at, HasOff: true, PID: onePID, Dir: dir}
	if d := &c.sides[dir]; !d.fed {
		d.fed = true
		a.asm.Feed(ch, a.message) // it begins at 0, wherever the first segment is of
	}
	ch.Off, ch.Data, ch.Truncated = off, s.data, s.missing
	a.asm.Feed(ch, a.message)
}

// isTLS says whether b begins with the TLS record that a connection begins with:
// a handshake of version 3.x (RFC 8446, 5.1).
func isTLS(b []byte) bool { return len(b) >= 3 && b[0] == 22 && b[1] == 3 && b[2] <= 4 }

// of is the connection of a segment, new if need be; nil: it is of none that
// matters.
func (a *conns) of(s *segment) *conn {
	key := pairOf(s.from, s.to)
	c := a.young[key]
	if c == nil {
		if c = a.old[key]; c != nil {
			delete(a.old, key)
			a.keep(key, c)
		}
	}
	syn, ack := s.flags&flagSYN != 0, s.flags&flagACK != 0
	switch {
	case c == nil:
	case syn && !c.sides[c.dir(s.from)].known:
		c.sides[c.dir(s.from)].start(s.seq + 1)
	case syn && !ack && !c.sides[c.dir(s.from)].starts(s.seq+1):
		a.finish(c) // the ports are used again
		c = nil
	}
	if c == nil && (syn || len(s.data)+s.missing > 0) {
		c = a.add(key, s, syn, ack)
	}
	if c != nil && syn && !ack && c.opened == 0 {
		c.opened = s.at
	}
	return c
}

// add makes the connection of a segment.
func (a *conns) add(key pair, s *segment, syn, ack bool) *conn {
	a.last++
	c := &conn{id: a.last, ends: [2]netip.AddrPort{s.from, s.to}, sure: syn}
	switch {
	case syn && ack:
		c.swap()
		c.sides[wire.Received].start(s.seq + 1)
	case syn:
		c.sides[wire.Sent].start(s.seq + 1)
	case s.from.Port() < s.to.Port(): // servers have the lower ones
		c.swap()
	}
	a.byID[c.id] = c
	a.keep(key, c)
	return c
}

// keep makes c one of the young generation, and lets the old one go where there
// are too many.
func (a *conns) keep(key pair, c *conn) {
	if len(a.young) >= maxConns {
		for _, old := range sorted(a.old) {
			a.finish(old)
		}
		a.old, a.young = a.young, map[pair]*conn{}
	}
	a.young[key] = c
}

func sorted(m map[pair]*conn) []*conn {
	return slices.SortedFunc(maps.Values(m), func(x, y *conn) int { return cmp.Compare(x.id, y.id) })
}

// advance is told the time: what is overdue is not waited for any more.
func (a *conns) advance(at int64) {
	a.now = at
	for len(a.ending) > 0 && at-a.ending[0].ended > patience {
		a.finish(a.ending[0])
		a.ending = a.ending[1:]
	}
	if at-a.flushed > patience || at < a.flushed {
		a.flushed = at
		a.asm.Flush(at, a.message)
		a.settle(at - waits)
	}
}

// finish tells the end of a connection. What still comes of it is passed over.
func (a *conns) finish(c *conn) {
	if c.gone {
		return
	}
	a.asm.Close(c.id, a.message)
	if c.ended != 0 {
		a.hold(&entry{conn: c, at: c.ended, ends: true, records: []record.Record{c.record(record.Close, c.ended)}})
	}
	delete(a.byID, c.id)
	c.gone = true
}

// end is the end of the capture.
func (a *conns) end() {
	for _, m := range [...]map[pair]*conn{a.old, a.young} {
		for _, c := range sorted(m) {
			a.finish(c)
		}
	}
	a.settle(math.MaxInt64)
	if loss := a.asm.Total(); loss.TooLong+loss.Evicted > 0 {
		a.out.Bad(a.offset, "the end of a capture with %d messages that are too long and %d connections too many at once", loss.TooLong, loss.Evicted)
	}
}

// message takes a message that the assembler has put together.
func (a *conns) message(m wire.Message) {
	c := a.byID[m.Conn]
	if c == nil || m.Flags&wire.RPC == 0 {
		return
	}
	if role := m.Role(); !c.sure && role != wire.UnknownRole {
		c.sure, c.turned = true, role == wire.Server
	}
	if c.turned {
		m.Dir = 1 - m.Dir
	}
	c.asked = c.asked || m.Dir == wire.Sent || c.opened != 0
	if !c.asked && m.Proto == wire.HTTP1 {
		return // the reply to a request before the capture
	}
	c.proto, c.agent = m.Proto, m.Agent
	records := wire.Records(nil, &m, func(int32) record.Process { return c.process() }, c.name())
	if len(records) == 0 {
		return
	}
	for i := range records {
		r := &records[i]
		r.URL, r.Msg, r.Raw = c.url(), bytes.Clone(r.Msg), bytes.Clone(r.Raw)
	}
	a.hold(&entry{conn: c, at: records[0].Time, dir: m.Dir, torn: m.Torn() || records[0].Msg == nil, records: records})
}
