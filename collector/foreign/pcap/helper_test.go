package pcap_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/foreigntest"
	"github.com/sessiontop/sessiontop/collector/foreign/pcap"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// packet is one of a capture: its time in nanoseconds, and its bytes.
type packet struct {
	at   uint64
	data []byte
}

// packets are those of a pcap file that tcpdump wrote here, without their first
// skip bytes.
func packets(t testing.TB, name string, skip int) (all []packet) {
	t.Helper()
	le := binary.LittleEndian
	for b := foreigntest.Read(t, name)[24:]; len(b) > 0; {
		n := int(le.Uint32(b[8:]))
		at := uint64(le.Uint32(b))*1e9 + uint64(le.Uint32(b[4:]))*1000
		all = append(all, packet{at, bytes.Clone(b[16+skip : 16+n])})
		b = b[16+n:]
	}
	return all
}

// link puts another header in front of each packet.
func link(all []packet, header ...byte) (linked []packet) {
	for _, p := range all {
		linked = append(linked, packet{p.at, append(bytes.Clone(header), p.data...)})
	}
	return linked
}

// classic is a pcap file.
func classic(order binary.AppendByteOrder, nanos bool, link uint32, all []packet) []byte {
	magic, unit := uint32(0xa1b2c3d4), uint64(1000)
	if nanos {
		magic, unit = 0xa1b23c4d, 1
	}
	b := order.AppendUint32(nil, magic)
	b = append(order.AppendUint16(order.AppendUint16(b, 2), 4), make([]byte, 8)...)
	b = order.AppendUint32(order.AppendUint32(b, 262144), link)
	for _, p := range all {
		b = order.AppendUint32(order.AppendUint32(b, uint32(p.at/1e9)), uint32(p.at%1e9/unit))
		b = order.AppendUint32(order.AppendUint32(b, uint32(len(p.data))), uint32(len(p.data)))
		b = append(b, p.data...)
	}
	return b
}

// block is a pcapng block.
func block(order binary.AppendByteOrder, kind uint32, body ...[]byte) []byte {
	all := bytes.Join(body, nil)
	all = append(all, make([]byte, -len(all)&3)...)
	b := order.AppendUint32(order.AppendUint32(nil, kind), uint32(len(all)+12))
	return order.AppendUint32(append(b, all...), uint32(len(all)+12))
}

// ng is a pcapng file. Its stamps have the resolution, as the format writes it,
// and so many units in a second; what is below a second is counted from offset.
func ng(order binary.AppendByteOrder, kind, link uint32, resolution byte, units uint64, offset int64, all []packet) []byte {
	u16 := func(n uint16) []byte { return order.AppendUint16(nil, n) }
	u32 := func(n uint32) []byte { return order.AppendUint32(nil, n) }
	b := block(order, 0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), u32(^uint32(0)), u32(^uint32(0)))
	b = append(b, block(order, 1, u16(uint16(link)), u16(0), u32(0),
		u16(2), u16(3), []byte("lo\x00\x00"), u16(9), u16(1), []byte{resolution, 0, 0, 0},
		u16(14), u16(8), order.AppendUint64(nil, uint64(offset)), u16(0), u16(0))...)
	b = append(b, block(order, 0xbad, []byte("a block of a later version"))...)
	for _, p := range all {
		at := (p.at/1e9-uint64(offset))*units + p.at%1e9*units/1e9
		n := uint32(len(p.data))
		times := [][]byte{u32(uint32(at >> 32)), u32(uint32(at)), u32(n), u32(n), p.data}
		switch kind {
		case 2:
			b = append(b, block(order, kind, append([][]byte{u16(0), u16(7)}, times...)...)...)
		case 3:
			b = append(b, block(order, kind, u32(n), p.data)...)
		default:
			b = append(b, block(order, kind, append([][]byte{u32(0)}, times...)...)...)
		}
	}
	return b
}

// twoInterfaces is a pcapng file whose packets were captured on an Ethernet with
// stamps in microseconds and on raw IP with stamps in nanoseconds, by turns. raw
// are the same packets without their Ethernet headers.
func twoInterfaces(order binary.AppendByteOrder, all, raw []packet) []byte {
	u16 := func(n uint16) []byte { return order.AppendUint16(nil, n) }
	u32 := func(n uint32) []byte { return order.AppendUint32(nil, n) }
	b := block(order, 0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), u32(^uint32(0)), u32(^uint32(0)))
	b = append(b, block(order, 1, u16(1), u16(0), u32(0))...)
	b = append(b, block(order, 1, u16(101), u16(0), u32(0), u16(9), u16(1), []byte{9, 0, 0, 0}, u16(0), u16(0))...)
	for i := range all {
		p, at := all[i], all[i].at/1000
		if i%2 == 1 {
			p, at = raw[i], raw[i].at
		}
		n := uint32(len(p.data))
		b = append(b, block(order, 6, u32(uint32(i%2)), u32(uint32(at>>32)), u32(uint32(at)), u32(n), u32(n), p.data)...)
	}
	return b
}

// fragmented cuts each IPv4 packet into pieces of at most that many bytes, a
// multiple of eight, the last of them first.
func fragmented(all []packet, most int) (pieces []packet) {
	for n, p := range all {
		header := int(p.data[0]&15) * 4
		payload := p.data[header:binary.BigEndian.Uint16(p.data[2:])]
		var cut []packet
		for off := 0; off < len(payload); off += most {
			part := payload[off:min(off+most, len(payload))]
			b := append(bytes.Clone(p.data[:header]), part...)
			binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
			binary.BigEndian.PutUint16(b[4:], uint16(n))
			flags := uint16(off / 8)
			if off+most < len(payload) {
				flags |= 0x2000
			}
			binary.BigEndian.PutUint16(b[6:], flags)
			cut = append(cut, packet{p.at, b})
		}
		slices.Reverse(cut)
		pieces = append(pieces, cut...)
	}
	return pieces
}

// fragmented6 is the same of IPv6 packets without other headers.
func fragmented6(all []packet, most int) (pieces []packet) {
	for n, p := range all {
		payload := p.data[48:] // with a hop-by-hop header before it, which is left out
		for off := 0; off < len(payload); off += most {
			part := payload[off:min(off+most, len(payload))]
			b := append(bytes.Clone(p.data[:40]), 6, 0, 0, 0, 0, 0, 0, byte(n))
			binary.BigEndian.PutUint16(b[4:], uint16(len(part)+8))
			b[6] = 44
			at := uint16(off)
			if off+most < len(payload) {
				at |= 1
			}
			binary.BigEndian.PutUint16(b[42:], at)
			pieces = append(pieces, packet{p.at, append(b, part...)})
		}
	}
	return pieces
}

// twice are the packets as a capture of any interface may have them: as they leave
// one and as they come to another.
func twice(all []packet) (double []packet) {
	for _, p := range all {
		double = append(double, p, packet{p.at + 1000, p.data})
	}
	return double
}

// ipv6 turns IPv4 packets into IPv6 ones, with a hop-by-hop header.
func ipv6(all []packet) (turned []packet) {
	for _, p := range all {
		header := int(p.data[0]&15) * 4
		payload := p.data[header:binary.BigEndian.Uint16(p.data[2:])]
		b := binary.BigEndian.AppendUint16([]byte{0x60, 0, 0, 0}, uint16(len(payload)+8))
		b = append(b, 0, 64)
		for _, ip := range [][]byte{p.data[12:16], p.data[16:20]} {
			b = append(append(b, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0), ip...)
		}
		b = append(b, 6, 0, 1, 4, 0, 0, 0, 0)
		turned = append(turned, packet{p.at, append(b, payload...)})
	}
	return turned
}

// translate gives the session log of a capture, without the places.
func translate(t testing.TB, capture []byte) ([]string, foreign.Stats) {
	t.Helper()
	log, stats := foreigntest.Translate(t, pcap.Format(), foreign.Source{}, capture, len(capture)+1)
	var lines []string
	for line := range strings.Lines(log) {
		_, rest, ok := strings.Cut(line, ",")
		if !ok || !strings.HasPrefix(line, `{"at":`) {
			t.Fatalf("no place in %s", line)
		}
		lines = append(lines, rest)
	}
	return lines, stats
}

// story tells a session log: what happened, the id, and the offset.
func story(t testing.TB, lines []string) (told []string, store *model.Store) {
	t.Helper()
	store = model.NewStore(model.Options{})
	var out decode.Out
	decode.New(store.Strings(), ethereum.New()).Block(1, 0, []byte("{"+strings.Join(lines, "{")), &out)
	if out.Stats.Malformed > 0 {
		t.Fatalf("line at %d of the session log: %s", out.Stats.BadOffset, out.Stats.BadReason)
	}
	kinds := [...]string{"", "send", "recv", "fail", "open", "close", "fork", "exec", "exit", "lost"}
	for i := range out.Events {
		ev := &out.Events[i]
		if ev.Proc.Comm != "port" || !strings.HasSuffix(ev.Conn.Local, fmt.Sprint(":", ev.Proc.PID)) {
			t.Errorf("%+v is not the process of %s", ev.Proc, ev.Conn.Local)
		}
		text := kinds[ev.Kind]
		if ev.Kind <= model.Recv {
			text += fmt.Sprintf(" %s at %d", out.Messages[ev.Msg].ID.String(), ev.Off)
		}
		told = append(told, text)
	}
	store.Apply(&model.Batch{Events: out.Events, Messages: out.Messages})
	store.Finish()
	return told, store
}

// found is how many findings there are.
func found(store *model.Store) (n int) {
	all := store.Snapshot().Findings
	for i := range all.Len() {
		if !all.At(i).Void {
			n++
		}
	}
	return n
}
