package pcap

import (
	"net/netip"
	"slices"
)

// fragments are the pieces of IP packets that were sent in several (RFC 791, 3.2;
// RFC 8200, 4.5).
type fragments struct {
	by     map[fragmentOf]*datagram
	oldest []fragmentOf
	lost   int // packets that were let go before all of their pieces came
}

// fragmentOf names the packet that a piece is of.
type fragmentOf struct {
	from, to netip.Addr
	id       uint32
}

// datagram is what has come of a packet.
type datagram struct {
	pieces []piece // by their offsets
	held   int     // bytes of them; some may be there more than once
	size   int     // of all of it, 0: its last piece has not come
}

type piece struct {
	off  int
	data []byte
}

// Bounds of what is kept: packets at a time, and pieces of one.
const (
	maxDatagrams  = 256
	maxPieces     = 1 << 8
	maxDatagram   = 1 << 16
	maxPiecesHeld = 4 * maxDatagram // bytes of one's pieces
)

// add takes a piece that begins at off; more is whether others follow it. It
// returns the payload of the packet when all of it has come. A piece of which only
// a part was captured is as good as none.
func (f *fragments) add(of fragmentOf, off int, more bool, data []byte, size int) (whole []byte, ok bool) {
	d := f.by[of]
	if d == nil {
		if f.by == nil {
			f.by = map[fragmentOf]*datagram{}
		}
		if len(f.by) == maxDatagrams {
			f.lost++
			f.forget(f.oldest[0])
		}
		d = &datagram{}
		f.by[of] = d
		f.oldest = append(f.oldest, of)
	}
	if len(data) < size || off+size > maxDatagram || len(d.pieces) == maxPieces || d.held+size > maxPiecesHeld {
		return nil, false
	}
	d.held += size
	if !more {
		d.size = off + size
	}
	i, _ := slices.BinarySearchFunc(d.pieces, off, func(p piece, off int) int { return p.off - off })
	d.pieces = slices.Insert(d.pieces, i, piece{off, slices.Clone(data[:size])})
	if whole = d.join(); whole == nil {
		return nil, false
	}
	f.forget(of)
	return whole, true
}

// join is the packet's payload, nil where a piece is missing. Of pieces that lie
// over each other, the one that begins first counts.
func (d *datagram) join() (whole []byte) {
	if d.size == 0 {
		return nil
	}
	for _, p := range d.pieces {
		if p.off > len(whole) {
			return nil
		}
		if end := p.off + len(p.data); end > len(whole) {
			whole = append(whole, p.data[len(whole)-p.off:]...)
		}
	}
	if len(whole) < d.size {
		return nil
	}
	return whole[:d.size]
}

func (f *fragments) forget(of fragmentOf) {
	delete(f.by, of)
	f.oldest = slices.DeleteFunc(f.oldest, func(o fragmentOf) bool { return o == of })
}
