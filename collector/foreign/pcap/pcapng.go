package pcap

import (
	"encoding/binary"
	"math/bits"
)

// Types of pcapng blocks.
const (
	blockInterface = 1
	blockObsolete  = 2 // packet block
	blockSimple    = 3
	blockEnhanced  = 6
)

// iface is an interface of a pcapng section.
type iface struct {
	link    uint32
	snap    uint32
	units   uint64 // of its time stamps in a second
	seconds int64  // to add to them
}

// maxInterfaces bounds the interfaces of a section.
const maxInterfaces = 1 << 12

// block reads a block of a pcapng file.
func (c *capture) block(b []byte) int64 {
	const smallest, order = 12, 8
	if len(b) < smallest {
		return 0
	}
	kind := c.order.Uint32(b)
	if kind == magicSection {
		switch uint32(magicOrder) {
		case binary.LittleEndian.Uint32(b[order:]):
			c.order = binary.LittleEndian
		case binary.BigEndian.Uint32(b[order:]):
			c.order = binary.BigEndian
		default:
			return c.giveUp("a section without its order of bytes")
		}
		c.ifaces = nil
	}
	size := int64(c.order.Uint32(b[4:]))
	switch {
	case size < smallest || size%4 != 0:
		return c.giveUp("a block of %d bytes", size)
	case size > maxRecord:
		c.out.Bad(c.offset, "a block of %d bytes", size)
		return size
	case int64(len(b)) < size:
		return 0
	}
	body := b[8 : size-4]
	switch kind {
	case blockInterface:
		c.addInterface(body)
	case blockEnhanced, blockObsolete:
		c.enhanced(body, kind == blockObsolete)
	case blockSimple:
		c.simple(body)
	}
	return size
}

func (c *capture) addInterface(b []byte) {
	if len(b) < 8 || len(c.ifaces) == maxInterfaces {
		c.out.Bad(c.offset, "an interface that cannot be read")
		return
	}
	f := iface{link: uint32(c.order.Uint16(b)), snap: c.order.Uint32(b[4:]), units: 1e6}
	const end, resolution, offset = 0, 9, 14
	for opts := b[8:]; len(opts) >= 4; {
		code, n := c.order.Uint16(opts), int(c.order.Uint16(opts[2:]))
		if code == end || len(opts) < 4+n {
			break
		}
		switch value := opts[4 : 4+n]; {
		case code == resolution && n == 1:
			f.units = unitsOf(value[0])
		case code == offset && n == 8:
			f.seconds = int64(c.order.Uint64(value))
		}
		opts = opts[min(4+(n+3)&^3, len(opts)):]
	}
	c.ifaces = append(c.ifaces, f)
}

// unitsOf is how many units a second has: a power of ten or, with the highest
// bit, of two.
func unitsOf(resolution byte) uint64 {
	if resolution&0x80 != 0 {
		return 1 << min(resolution&0x7f, 63)
	}
	units := uint64(1)
	for range min(resolution, 19) {
		units *= 10
	}
	return units
}

// time is the time of a stamp, Unix nanoseconds.
func (f *iface) time(stamp uint64) int64 {
	hi, lo := bits.Mul64(stamp%f.units, 1e9)
	nanos, _ := bits.Div64(hi, lo, f.units)
	const latest = 1 << 33 // seconds, which fit in nanoseconds
	seconds := int64(min(stamp/f.units, latest)) + max(min(f.seconds, latest), -latest)
	return max(min(seconds, latest), 0)*1e9 + int64(nanos)
}

// enhanced reads a packet with its interface and time.
func (c *capture) enhanced(b []byte, obsolete bool) {
	const header = 20
	if len(b) < header {
		c.out.Bad(c.offset, "a packet without its header")
		return
	}
	n := int(c.order.Uint32(b))
	if obsolete {
		n = int(c.order.Uint16(b))
	}
	size, original := int(c.order.Uint32(b[12:])), int(c.order.Uint32(b[16:]))
	if n >= len(c.ifaces) || size > len(b)-header {
		c.out.Bad(c.offset, "a packet whose header makes no sense")
		return
	}
	f := &c.ifaces[n]
	at := f.time(uint64(c.order.Uint32(b[4:]))<<32 | uint64(c.order.Uint32(b[8:])))
	c.take(&packet{at, f.link, b[header : header+size], max(original-size, 0)})
}

// simple reads a packet of the first interface, without a time: it has that of
// the packet before.
func (c *capture) simple(b []byte) {
	if len(b) < 4 || len(c.ifaces) == 0 {
		c.out.Bad(c.offset, "a packet without its interface")
		return
	}
	original := int(c.order.Uint32(b))
	size := min(original, len(b)-4)
	if snap := int(c.ifaces[0].snap); snap > 0 {
		size = min(size, snap)
	}
	c.take(&packet{max(c.conns.now, 1), c.ifaces[0].link, b[4 : 4+size], original - size})
}
