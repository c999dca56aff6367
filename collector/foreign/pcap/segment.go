package pcap

import (
	"encoding/binary"
	"net/netip"
)

// Link layers (tcpdump.org/linktypes.html).
const (
	linkNull     = 0 // BSD loopback: the family in the order of the machine
	linkEthernet = 1
	linkRawBSD   = 12
	linkRawOld   = 14
	linkRaw      = 101
	linkLoop     = 108 // OpenBSD loopback: the family in the order of the network
	linkSLL      = 113
	linkIPv4     = 228
	linkIPv6     = 229
	linkSLL2     = 276
)

const (
	etherIPv4 = 0x0800
	etherIPv6 = 0x86dd
	etherVLAN = 0x8100
	etherQinQ = 0x88a8
	protoTCP  = 6
	flagFIN   = 0x01
	flagSYN   = 0x02
	flagRST   = 0x04
	flagACK   = 0x10
)

// segment is a TCP segment.
type segment struct {
	from, to netip.AddrPort
	at       int64 // Unix nanoseconds
	seq      uint32
	flags    uint8
	tcp      bool   // it is one
	data     []byte // as far as it was captured
	missing  int    // bytes of the segment after data
	parts    *fragments
}

// parse reads a packet. Of one that is no TCP it reads no more than that; why
// says what is wrong with one that cannot be read.
func (s *segment) parse(p *packet) (why string) {
	s.at = p.at
	b := p.data
	ether := 0
	switch p.link {
	case linkEthernet:
		b, ether = ethernet(b)
	case linkSLL:
		b, ether = cooked(b, 14, 16)
	case linkSLL2:
		b, ether = cooked(b, 0, 20)
	case linkNull, linkLoop: // the IP header tells its version itself
		b = b[min(4, len(b)):]
	case linkRaw, linkRawBSD, linkRawOld, linkIPv4, linkIPv6:
	default:
		return "of a link layer that is not read (Ethernet, loopback, Linux cooked and raw IP are)"
	}
	if ether != 0 && ether != etherIPv4 && ether != etherIPv6 {
		return ""
	}
	switch {
	case len(b) == 0:
		return "that is cut off before its IP header"
	case b[0]>>4 == 4:
		return s.ipv4(b, p.missing)
	case b[0]>>4 == 6:
		return s.ipv6(b, p.missing)
	}
	return ""
}

// ethernet takes the header off, and VLAN tags. The type is 0 where there is none.
func ethernet(b []byte) (rest []byte, ether int) {
	const addresses, tag = 12, 4
	b = b[min(addresses, len(b)):]
	for len(b) >= 2 {
		ether = int(binary.BigEndian.Uint16(b))
		if ether != etherVLAN && ether != etherQinQ || len(b) < tag {
			return b[2:], ether
		}
		b = b[tag:]
	}
	return nil, 0
}

// cooked takes a header off that has the type of what follows somewhere.
func cooked(b []byte, at, size int) (rest []byte, ether int) {
	if len(b) < size {
		return nil, 0
	}
	return b[size:], int(binary.BigEndian.Uint16(b[at:]))
}

func (s *segment) ipv4(b []byte, missing int) string {
	const smallest = 20
	if len(b) < smallest {
		return "that is cut off within its IP header"
	}
	header, total := int(b[0]&0xf)*4, int(binary.BigEndian.Uint16(b[2:]))
	if total == 0 { // left to the network card, which cuts it into several
		total = len(b) + missing
	}
	switch {
	case header < smallest || total < header:
		return "whose IP header makes no sense"
	case b[9] != protoTCP:
		return ""
	case len(b) < header:
		return "that is cut off within its IP header"
	}
	from, to := netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
	const more, offset = 0x2000, 0x1fff
	if flags := binary.BigEndian.Uint16(b[6:]); flags&(more|offset) != 0 {
		of := fragmentOf{from, to, uint32(binary.BigEndian.Uint16(b[4:]))}
		return s.fragment(of, int(flags&offset)*8, flags&more != 0, b[header:], total-header)
	}
	return s.payload(from, to, b[header:], total-header)
}

// fragment takes a piece of a packet. The last one of a packet to come makes the
// segment.
func (s *segment) fragment(of fragmentOf, off int, more bool, b []byte, size int) string {
	if whole, ok := s.parts.add(of, off, more, b[:min(len(b), size)], size); ok {
		return s.payload(of.from, of.to, whole, len(whole))
	}
	return ""
}

func (s *segment) ipv6(b []byte, missing int) string {
	const header, fragment, extensions = 40, 44, 8
	if len(b) < header {
		return "that is cut off within its IP header"
	}
	size, next := int(binary.BigEndian.Uint16(b[4:])), b[6]
	from, to := netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(b[24:40]))
	if b = b[header:]; size == 0 {
		size = len(b) + missing
	}
	for range extensions {
		switch next {
		case protoTCP:
			return s.payload(from.Unmap(), to.Unmap(), b, size)
		case fragment:
			const length = 8
			if len(b) < length || size < length {
				return "that is cut off within its IP header"
			}
			at := binary.BigEndian.Uint16(b[2:])
			if off, more := int(at&^7), at&1 != 0; b[0] == protoTCP && (off > 0 || more) {
				return s.fragment(fragmentOf{from.Unmap(), to.Unmap(), binary.BigEndian.Uint32(b[4:])}, off, more, b[length:], size-length)
			}
			next, b, size = b[0], b[length:], size-length
		case 0, 43, 60: // hop by hop, routing, destination
			if len(b) < 2 {
				return "that is cut off within its IP header"
			}
			n := 8 + 8*int(b[1])
			if n > size || n > len(b) {
				return "whose IP header makes no sense"
			}
			next, b, size = b[0], b[n:], size-n
		default:
			return ""
		}
	}
	return "with too many IP headers"
}

// payload reads the TCP header that b begins with; size is how long all of it
// is that follows the IP header.
func (s *segment) payload(from, to netip.Addr, b []byte, size int) string {
	const smallest = 20
	b = b[:min(len(b), size)] // what follows fills up the frame
	if len(b) < smallest {
		return "that is cut off within its TCP header"
	}
	header := int(b[12]>>4) * 4
	if header < smallest || header > size {
		return "whose TCP header makes no sense"
	}
	s.tcp = true
	s.from = netip.AddrPortFrom(from, binary.BigEndian.Uint16(b))
	s.to = netip.AddrPortFrom(to, binary.BigEndian.Uint16(b[2:]))
	s.seq, s.flags = binary.BigEndian.Uint32(b[4:]), b[13]
	s.data = b[min(header, len(b)):]
	s.missing = size - header - len(s.data)
	return ""
}
