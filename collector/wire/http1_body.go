package wire

import "bytes"

// maxLine is how long the line before a chunk may be, in bytes.
const maxLine = 4 << 10

// inBody reads a body of known length.
func (p *http1) inBody(f *flow, b []byte) int {
	n := int(min(p.left, int64(len(b))))
	p.left -= int64(n)
	if p.left == 0 && p.bodyOff == f.pos && p.body.missing == 0 && !p.body.full {
		p.deliver(f, b[:n], f.pos+int64(n))
		return n
	}
	p.body.add(b[:n], f.a.opt.MaxMessage)
	if p.left == 0 {
		p.deliver(f, p.body.buf, f.pos+int64(n))
	}
	return n
}

// inLine reads a line of the chunked coding (RFC 9112, 7.1).
func (p *http1) inLine(f *flow, b []byte) int {
	i := bytes.IndexByte(b, '\n')
	if i < 0 && len(b) <= maxLine {
		return 0
	}
	line := b[:max(i, 0)]
	if k := len(line) - 1; k >= 0 && line[k] == '\r' {
		line = line[:k]
	}
	switch {
	case i < 0 || i > maxLine:
		return p.broken(f)
	case p.phase == inChunkEnd:
		if len(line) > 0 {
			return p.broken(f)
		}
		p.phase = inChunkSize
	case p.phase == inChunkSize:
		size, ok := chunkSize(line)
		if !ok {
			return p.broken(f)
		}
		p.left, p.phase = size, inChunk
		if size == 0 {
			p.phase, p.trailer = inTrailer, 0
		}
	case len(line) == 0:
		p.deliver(f, p.body.buf, f.pos+int64(i)+1)
	default:
		if p.trailer += i; p.trailer > maxHeader {
			return p.broken(f)
		}
	}
	return i + 1
}

// chunkSize reads the size before a chunk; extensions are ignored.
func chunkSize(line []byte) (n int64, ok bool) {
	const digits = 16
	if i := bytes.IndexByte(line, ';'); i >= 0 {
		line = line[:i]
	}
	line = trim(line)
	if len(line) == 0 || len(line) > digits {
		return 0, false
	}
	for _, c := range line {
		if !isHex(c) {
			return 0, false
		}
		if c > '9' {
			c += 9
		}
		if n > maxOff>>4 {
			return 0, false
		}
		n = n<<4 | int64(c&0xf)
	}
	return n, true
}

// broken ends a message whose framing makes no sense at f.pos.
func (p *http1) broken(f *flow) int {
	f.c.unpair()
	p.abort(f, Malformed)
	f.startSearch(false)
	return 0
}

func (p *http1) gap(f *flow, n int64) bool {
	switch p.phase {
	case inRest:
		p.body.lose(n)
		p.flags |= Gap
	case inBody, inChunk:
		lost := min(n, p.left)
		p.body.lose(lost)
		p.flags |= Gap
		if p.left -= lost; p.left > 0 {
			break
		}
		if p.phase == inChunk {
			p.phase = inChunkEnd
			return lost == n
		}
		p.deliver(f, p.body.buf, f.pos+lost)
		return lost == n
	default:
		return false
	}
	return true
}

func (p *http1) abort(f *flow, flags Flags) {
	switch {
	case p.phase == inHead:
		return
	case p.phase == inRest && flags == Cut:
		flags = 0 // that is how it ends
	case p.phase == inBody, p.phase == inChunk:
		p.body.lose(p.left)
	}
	p.flags |= flags
	p.deliver(f, p.body.buf, f.pos)
}

// deliver hands on the message that ends at end, and begins the next one.
func (p *http1) deliver(f *flow, body []byte, end int64) {
	m := Message{
		Proto: p.proto(), Flags: p.flags, Status: p.head.status, Off: p.start, End: end,
		Body: body, BodyOff: p.bodyOff, Missing: p.body.missing,
	}
	if p.phase != inBody && p.phase != inRest {
		m.BodyOff = -1
	}
	if p.body.full {
		f.tooLong(p.body.over)
	} else if is := f.deliver(m, p.head.coding, p.asked); !p.head.reply && !p.lsp {
		f.c.askIs(p.number, is)
	}
	tunnel := p.tunnel
	p.next(p.lsp)
	if tunnel {
		f.c.tunnel()
	}
}
