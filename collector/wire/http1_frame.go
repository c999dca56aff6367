package wire

// frame settles where the message whose header was read ends (RFC 9112, 6.3).
func (p *http1) frame(f *flow) {
	h := &p.head
	p.left, p.asked = max(h.length, 0), unknown
	switch {
	case p.lsp:
		p.phase = inBody
	case h.reply:
		p.frameReply(f)
	default:
		p.number = f.c.ask(h)
		f.c.asksUpgrade = h.upgrade == toWebSocket
		p.phase = inBody
		if h.chunked {
			p.phase = inChunkSize
		}
	}
	if p.phase == inBody && p.left > int64(f.a.opt.MaxMessage) {
		p.body.full = true // not to be kept
	}
}

func (p *http1) frameReply(f *flow) {
	h := &p.head
	if h.status == 101 {
		f.upgradeTo(h)
		return
	}
	if h.status < 200 {
		p.scanned = 0 // an interim reply is no message; the next header follows
		return
	}
	q, known := f.c.answer()
	if known {
		p.asked = q.rpc
	}
	switch {
	case known && q.isHead, h.status == 204, h.status == 304:
		p.left, p.phase = 0, inBody
	case known && q.connect && h.status < 300:
		p.left, p.phase = 0, inBody
		p.tunnel = true
	case h.chunked:
		p.phase = inChunkSize
	case h.length >= 0 && !h.transfer:
		p.phase = inBody
	default:
		p.phase = inRest
	}
}
