package wire

// maxPieces bounds the pieces of a message; past it the processes of further
// chunks are not named.
const maxPieces = 1024

// segment is a run of chunks that one thread moved. It need only tell the
// stamps of its first byte, of its last chunk's first byte, and of its end: a
// message starts in one of the two, since a run is cut when it grows.
type segment struct {
	off, tail, end int64 // first byte, first byte of the last chunk, end
	first, last    Stamp // of off; of tail and end
	pid, tid       int32
}

// pieces tells who moved which bytes of a flow, from the message in progress on.
type pieces struct {
	segs []segment
}

// add notes n bytes at off. began is where the message in progress starts, or
// where the next one will. It returns false where the bytes stay nameless.
func (p *pieces) add(off, n int64, ch *Chunk, began int64) bool {
	if k := len(p.segs) - 1; k >= 0 {
		s := &p.segs[k]
		if s.pid == ch.PID && s.tid == ch.TID && s.end == off {
			if began >= s.tail {
				s.off, s.first = s.tail, s.last
			}
			s.tail, s.end, s.last = off, off+n, ch.stamp()
			return true
		}
	}
	if len(p.segs) >= maxPieces {
		return false
	}
	p.segs = append(p.segs, segment{
		off: off, tail: off, end: off + n,
		first: ch.stamp(), last: ch.stamp(), pid: ch.PID, tid: ch.TID,
	})
	return true
}

// collect appends who moved the bytes from..to to dst.
func (p *pieces) collect(dst []Piece, from, to int64) []Piece {
	for i := range p.segs {
		s := &p.segs[i]
		if s.end <= from {
			continue
		}
		if s.off >= to {
			break
		}
		at := Piece{First: s.first, Last: s.last, Off: max(s.off, from), PID: s.pid, TID: s.tid}
		if from >= s.tail {
			at.First = s.last
		}
		at.Len = min(s.end, to) - at.Off
		if k := len(dst) - 1; k >= 0 && dst[k].PID == at.PID && dst[k].TID == at.TID {
			dst[k].Len += at.Len
			dst[k].Last = at.Last
			continue
		}
		if len(dst) < maxPieces {
			dst = append(dst, at)
		}
	}
	return dst
}

// drop forgets what ends at or before off.
func (p *pieces) drop(off int64) {
	n := 0
	for n < len(p.segs) && p.segs[n].end <= off {
		n++
	}
	if n > 0 {
		p.segs = p.segs[:copy(p.segs, p.segs[n:])]
	}
}
