package pcap

import (
	"net/netip"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
)

// conn is a TCP connection of the capture.
type conn struct {
	id     uint64
	ends   [2]netip.AddrPort // the client's, the server's, as was thought at first
	sides  [2]side           // what each of them sends
	turned bool              // they are the other way round
	sure   bool              // which is which
	opened int64             // when the client's SYN was captured, 0: it was not
	ended  int64             // when the connection ended, 0: it goes on
	closed int               // directions that have ended
	tls    bool              // it is encrypted
	gone   bool              // it has been told to its end
	shown  bool              // a record speaks of it
	asked  bool              // a request has been captured
	joined bool              // a client's log tells of its calls
	broken bool              // … and its messages were mixed up
	due    []owed            // the replies that are to come
	proto  wire.Proto
	agent  string // library and version of the client
}

// side is one direction of a connection: where its sequence numbers have got to.
type side struct {
	known bool
	fed   bool   // the assembler knows of it
	seq   uint32 // the sequence number of
	off   int64  // this offset, the greatest so far
	fin   bool
}

// start notes that the direction begins at seq.
func (d *side) start(seq uint32) { d.known, d.seq, d.off = true, seq, 0 }

// starts says whether the direction may begin at seq: there, or shortly before
// what was captured of it first.
func (d *side) starts(seq uint32) bool {
	const near = 1 << 16
	return d.known && d.seq-uint32(d.off)-seq < near
}

// at is the offset of the sequence number in its direction; false: it is
// nowhere near.
func (d *side) at(seq uint32) (int64, bool) {
	const far = 1 << 30
	if !d.known {
		d.start(seq)
	}
	by := int64(int32(seq - d.seq))
	return d.off + by, by > -far && by < far
}

// reached notes that the direction has got to an offset.
func (d *side) reached(off int64) {
	if n := off - d.off; n > 0 {
		d.seq += uint32(n)
		d.off = off
	}
}

// dir is the direction of what an end sends.
func (c *conn) dir(from netip.AddrPort) wire.Dir {
	if from == c.ends[0] {
		return wire.Sent
	}
	return wire.Received
}

// swap notes that the ends were taken for each other.
func (c *conn) swap() {
	c.ends[0], c.ends[1] = c.ends[1], c.ends[0]
	c.sides[0], c.sides[1] = c.sides[1], c.sides[0]
}

// end notes that the connection, or a direction of it, has ended.
func (c *conn) end(s *segment, d *side) {
	if s.flags&flagFIN != 0 && !d.fin {
		d.fin = true
		c.closed++
	}
	if c.ended == 0 && (s.flags&flagRST != 0 || c.closed == 2) {
		c.ended = s.at
	}
}

// client and server are the ends as far as is known by now.
func (c *conn) client() netip.AddrPort {
	if c.turned {
		return c.ends[1]
	}
	return c.ends[0]
}

func (c *conn) server() netip.AddrPort {
	if c.turned {
		return c.ends[0]
	}
	return c.ends[1]
}

// process is what is known of the client: no capture tells its PID.
func (c *conn) process() record.Process {
	end := c.client()
	return record.Process{Host: end.Addr().String(), PID: max(int(end.Port()), 1), Comm: "port"}
}

// record is one of an event on the connection.
func (c *conn) record(ev record.Event, at int64) record.Record {
	return record.Record{Process: c.process(), Conn: c.name(), URL: c.url(), Client: c.agent, Event: ev, Time: at}
}

func (c *conn) name() record.Conn {
	return record.Conn{Local: c.client().String(), Peer: c.server().String()}
}

func (c *conn) url() string {
	switch c.proto {
	case wire.WebSocket:
		return "ws://" + c.server().String()
	case wire.JSONStream, wire.LSP:
		return "ipc:" + c.server().String()
	}
	return "http://" + c.server().String()
}
