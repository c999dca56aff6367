package wire

// webSocket parses WebSocket frames (RFC 6455) and messages of several, with
// permessage-deflate (RFC 7692) where it is agreed.
type webSocket struct {
	frame   wsFrame
	body    gather
	history []byte // what the sender's compressor may refer to: the last window of the messages so far
	start   int64  // of the message
	bodyOff int64  // of its payload, -1: in several frames, or masked
	at      int64  // bytes of the frame's payload seen
	inFrame bool
	in      bool // a message is in progress
	packed  bool // it is compressed
	torn    bool // bytes are missing before: history is not what the sender's is
	flags   Flags
}

// startWebSocket makes the flow one of frames.
func (f *flow) startWebSocket() {
	if f.ws == nil {
		f.ws = new(webSocket)
	}
	f.c.proto = WebSocket
	f.ws.next()
	f.ws.inFrame = false
	f.parser = f.ws
}

func (p *webSocket) memory() int { return cap(p.body.buf) + cap(p.history) }

func (p *webSocket) next() {
	p.body.reset()
	p.in, p.flags = false, 0
}

func (p *webSocket) began(f *flow) int64 {
	if p.in {
		return p.start
	}
	return f.pos
}

func (p *webSocket) step(f *flow, b []byte) int {
	if p.inFrame {
		return p.payload(f, b)
	}
	h, n := parseWSFrame(b)
	switch {
	case n == 0:
		return 0
	case n < 0, h.opcode < wsClose && p.in != (h.opcode == wsContinuation), h.compressed && p.in:
		p.abort(f, Malformed)
		f.startSearch(false)
		f.c.loss.Skipped++
		return 1
	}
	p.frame, p.at, p.inFrame = h, 0, true
	if h.opcode == wsText || h.opcode == wsBinary {
		p.in, p.packed, p.start, p.bodyOff = true, h.compressed, f.pos, f.pos+int64(n)
		if h.masked {
			p.bodyOff = -1
		}
	} else if h.opcode == wsContinuation {
		p.bodyOff = -1
	}
	if h.length == 0 {
		p.frameEnd(f, nil, int64(n))
	}
	return n
}

// payload reads what the frame carries.
func (p *webSocket) payload(f *flow, b []byte) int {
	n := int(min(p.frame.length-p.at, int64(len(b))))
	b = b[:n]
	if p.frame.opcode < wsClose {
		if p.at == 0 && int64(n) == p.frame.length && p.frame.fin && p.bodyOff == f.pos && n <= f.a.opt.MaxMessage {
			p.at = p.frame.length
			p.frameEnd(f, b, int64(n))
			return n
		}
		k := len(p.body.buf)
		p.body.add(b, f.a.opt.MaxMessage)
		if p.frame.masked && len(p.body.buf) > k {
			p.frame.unmask(p.body.buf[k:], p.at)
		}
	}
	if p.at += int64(n); p.at == p.frame.length {
		p.frameEnd(f, nil, int64(n))
	}
	return n
}

// frameEnd ends the frame after n more bytes. body is the message's where it
// came whole.
func (p *webSocket) frameEnd(f *flow, body []byte, n int64) {
	p.inFrame = false
	if p.frame.opcode >= wsClose || !p.frame.fin {
		return
	}
	if body == nil {
		body = p.body.buf
	}
	p.deliver(f, body, f.pos+n)
}

func (p *webSocket) deliver(f *flow, body []byte, end int64) {
	m := Message{
		Proto: WebSocket, Flags: p.flags, Off: p.start, End: end, Body: body, BodyOff: p.bodyOff,
		Missing: p.body.missing,
	}
	if p.body.full {
		f.tooLong(p.body.over)
		p.torn = p.torn || p.packed
		p.next()
		return
	}
	if p.packed {
		p.unpack(f, &m)
	}
	f.deliver(m, identity, unknown)
	p.next()
}

// unpack decompresses m. Where bytes were missing before, the text decides
// whether what comes out is what was sent.
func (p *webSocket) unpack(f *flow, m *Message) {
	m.BodyOff = -1
	cut := m.Missing > 0 || m.Flags&(Cut|Gap|Malformed) != 0
	out, how := f.a.inflater.message(m.Body, p.history)
	switch {
	case how == bomb, how == partial && !cut, p.torn && !cut && !isJSON(out):
		m.Flags |= Undecoded
		f.c.loss.Undecoded++
		p.torn = true
	default:
		m.Body = out
	}
	p.torn = p.torn || cut
	if how != bomb {
		p.remember(out)
	}
}

// remember adds out to what the sender's compressor may refer to. It does so
// too where no context takeover is agreed: then nothing refers to it.
func (p *webSocket) remember(out []byte) {
	if len(out) >= window {
		p.history = append(p.history[:0], out[len(out)-window:]...)
		return
	}
	if over := len(p.history) + len(out) - window; over > 0 {
		p.history = p.history[:copy(p.history, p.history[over:])]
	}
	p.history = append(p.history, out...)
}

func (p *webSocket) gap(f *flow, n int64) bool {
	if !p.inFrame {
		p.torn = true
		return false
	}
	lost := min(n, p.frame.length-p.at)
	if p.frame.opcode < wsClose {
		p.body.lose(lost)
		p.flags |= Gap
	}
	if p.at += lost; p.at == p.frame.length {
		p.frameEnd(f, nil, lost)
	}
	p.torn = p.torn || lost < n
	return lost == n
}

func (p *webSocket) abort(f *flow, flags Flags) {
	p.torn = true
	if !p.in {
		return
	}
	p.flags |= flags
	if p.inFrame && p.frame.opcode < wsClose {
		p.body.lose(p.frame.length - p.at)
	}
	p.deliver(f, p.body.buf, f.pos)
}
