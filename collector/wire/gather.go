package wire

// keep is how much memory a buffer keeps when it is empty.
const keep = 64 << 10

// gather puts a body together. From the first missing byte on it only counts.
type gather struct {
	buf     []byte
	missing int64 // bytes missing after buf
	over    int64 // bytes of the body, where it is too long
	full    bool  // it is
}

// add appends b, if the body stays within limit.
func (g *gather) add(b []byte, limit int) {
	switch {
	case g.full:
		g.over += int64(len(b))
	case g.missing > 0:
		g.missing += int64(len(b))
	case len(g.buf)+len(b) > limit:
		g.over, g.full = int64(len(g.buf)+len(b)), true
		g.buf = nil
	default:
		g.buf = append(g.buf, b...)
	}
}

// lose notes n bytes that are not there.
func (g *gather) lose(n int64) {
	if g.full {
		g.over += n
		return
	}
	g.missing += n
}

// reset makes g ready for the next body.
func (g *gather) reset() {
	g.missing, g.over, g.full = 0, 0, false
	if cap(g.buf) > keep {
		g.buf = nil
	}
	g.buf = g.buf[:0]
}
