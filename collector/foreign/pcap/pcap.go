package pcap

import (
	"encoding/binary"
	"math"

	"github.com/sessiontop/sessiontop/collector/foreign"
)

// Format is a capture of packets, as tcpdump and Wireshark write it.
func Format() foreign.Format {
	return foreign.Format{
		Name: "pcap", What: "packets captured by tcpdump or Wireshark (pcap, pcapng)", Sniff: sniff,
		Unlined: true, Joins: true, Connections: true, New: newCapture,
	}
}

// Magic numbers, in the order of bytes of the machine that wrote them.
const (
	magicMicros  = 0xa1b2c3d4
	magicNanos   = 0xa1b23c4d
	magicSection = 0x0a0d0d0a // the same in both orders
	magicOrder   = 0x1a2b3c4d
)

func sniff(head []byte) bool {
	if len(head) < 12 {
		return false
	}
	for _, order := range [...]binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		switch order.Uint32(head) {
		case magicMicros, magicNanos:
			return true
		case magicSection:
			if order.Uint32(head[8:]) == magicOrder {
				return true
			}
		}
	}
	return false
}

// packet is one packet of a capture.
type packet struct {
	at      int64 // Unix nanoseconds
	link    uint32
	data    []byte // as far as it was captured
	missing int    // bytes after data
}

// capture translates one capture.
type capture struct {
	out    *foreign.Lines
	conns  *conns
	rest   []byte // read, and not a whole record
	skip   int64  // bytes to pass over
	offset int64  // of rest in the capture
	step   func(b []byte) int64
	order  binary.ByteOrder
	nanos  bool    // pcap: fractions of a second are nanoseconds
	link   uint32  // pcap
	ifaces []iface // pcapng
	parts  fragments
	bad    bool // it cannot be read on
}

// maxRecord is the longest packet or block that is read, in bytes.
const maxRecord = 1 << 20

func newCapture(out *foreign.Lines, src foreign.Source) foreign.Translator {
	c := &capture{out: out, conns: newConns(out, src.Calls)}
	c.step = c.begin
	return c
}

// Write takes the next bytes of the capture.
func (c *capture) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 && !c.bad {
		if c.skip > 0 {
			k := min(c.skip, int64(len(p)))
			c.skip -= k
			c.offset += k
			p = p[k:]
			continue
		}
		b := p
		if len(c.rest) > 0 {
			c.rest = append(c.rest, p...)
			b = c.rest
		}
		b = c.read(b)
		c.rest = append(c.rest[:0], b...)
		p = nil
	}
	return n, c.out.Flush()
}

// read takes the records that are whole and returns what is left.
func (c *capture) read(b []byte) []byte {
	for len(b) > 0 && !c.bad {
		c.out.At(c.offset)
		n := c.step(b)
		if n == 0 {
			return b
		}
		k := min(n, int64(len(b)))
		c.skip = n - k
		c.offset += k
		b = b[k:]
	}
	return nil
}

// Close ends the capture.
func (c *capture) Close() error {
	if len(c.rest) > 0 && !c.bad || c.skip > 0 {
		c.out.Bad(c.offset, "a packet without its end")
	}
	if n := len(c.parts.by) + c.parts.lost; n > 0 {
		c.out.Bad(c.offset, "the end of a capture in which %d packets lack some of their fragments", n)
	}
	c.conns.end()
	return c.out.Flush()
}

// Release tells what waits for the clients' logs.
func (c *capture) Release() error {
	c.conns.settle(math.MaxInt64)
	return c.out.Flush()
}

// give up reading: where the next record is cannot be known.
func (c *capture) giveUp(format string, args ...any) int64 {
	c.out.Bad(c.offset, format, args...)
	c.bad = true
	return 0
}

// begin reads a file's first bytes. Each step returns how long the record is
// that b begins with, which it has taken, and 0 where b does not have all of it.
func (c *capture) begin(b []byte) int64 {
	const header = 24
	if len(b) < header {
		return 0
	}
	for _, order := range [...]binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		switch order.Uint32(b) {
		case magicMicros, magicNanos:
			c.order, c.nanos = order, order.Uint32(b) == magicNanos
			c.link = order.Uint32(b[20:]) & 0xffff // above are flags
			c.step = c.record
			return header
		case magicSection:
			c.order, c.step = order, c.block
			return c.block(b)
		}
	}
	return c.giveUp("no capture of packets")
}

// record reads a packet of a pcap file.
func (c *capture) record(b []byte) int64 {
	const header = 16
	if len(b) < header {
		return 0
	}
	seconds, fraction := int64(c.order.Uint32(b)), int64(c.order.Uint32(b[4:]))
	size, original := int64(c.order.Uint32(b[8:])), int64(c.order.Uint32(b[12:]))
	if !c.nanos {
		fraction *= 1000
	}
	if size > maxRecord {
		c.out.Read(1)
		c.out.Bad(c.offset, "a packet of %d bytes", size)
		return header + size
	}
	if int64(len(b)) < header+size {
		return 0
	}
	c.take(&packet{seconds*1e9 + fraction, c.link, b[header : header+size], int(max(original-size, 0))})
	return header + size
}

// take takes a packet.
func (c *capture) take(p *packet) {
	c.out.Read(1)
	s := segment{parts: &c.parts}
	switch why := s.parse(p); {
	case why != "":
		c.out.Bad(c.offset, "a packet %s", why)
	case s.tcp:
		c.conns.segment(&s, c.offset)
	}
}
