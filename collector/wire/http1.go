package wire

import "bytes"

// Where an http1 parser stands in a message.
const (
	inHead      = iota
	inBody      // left bytes of it to come
	inRest      // a body that ends with the connection
	inChunkSize // the line before a chunk
	inChunk     // left bytes of it to come
	inChunkEnd  // the line end after a chunk
	inTrailer   // fields after the last chunk, and a blank line
)

// http1 parses HTTP/1.1 requests and replies and, without a start line,
// messages of the Language Server Protocol.
type http1 struct {
	head    head
	body    gather
	start   int64  // of the message
	bodyOff int64  // of the body
	left    int64  // bytes of the body or chunk to come
	number  uint64 // of the request
	asked   verdict
	scanned int // bytes of the header that hold no blank line
	trailer int // bytes of the trailer so far
	phase   uint8
	lsp     bool
	tunnel  bool // the connection is another's after this reply
	flags   Flags
}

// next makes p ready for the next message.
func (p *http1) next(lsp bool) {
	p.body.reset()
	p.phase, p.scanned, p.flags, p.lsp, p.tunnel = inHead, 0, 0, lsp, false
}

func (p *http1) began(f *flow) int64 {
	if p.phase == inHead {
		return f.pos
	}
	return p.start
}

func (p *http1) step(f *flow, b []byte) int {
	switch p.phase {
	case inHead:
		return p.inHead(f, b)
	case inBody:
		return p.inBody(f, b)
	case inRest:
		p.body.add(b, f.a.opt.MaxMessage)
		return len(b)
	case inChunk:
		n := int(min(p.left, int64(len(b))))
		p.body.add(b[:n], f.a.opt.MaxMessage)
		if p.left -= int64(n); p.left == 0 {
			p.phase = inChunkEnd
		}
		return n
	default:
		return p.inLine(f, b)
	}
}

// inHead reads the header, as soon as it is all there.
func (p *http1) inHead(f *flow, b []byte) int {
	if b[0] == '\r' || b[0] == '\n' { // RFC 9112, 2.2: blank lines before a message
		return 1
	}
	if p.scanned == 0 && f.c.upgrade == toWebSocket || b[0] >= 0x80 && f.c.asksUpgrade {
		f.startWebSocket()
		return 0
	}
	if p.lsp && http1Start(b) == sure { // what came before was the end of a header whose start was not seen
		f.begin(HTTP1)
	}
	if p.strange(b) {
		f.c.unpair()
		f.startSearch(false)
		f.c.loss.Skipped++
		return 1
	}
	n := headerEnd(b, p.scanned)
	switch {
	case n > maxHeader, n < 0 && len(b) > maxHeader:
		f.tooLong(int64(len(b)))
		f.c.unpair()
		f.startSearch(false)
		return len(b)
	case n < 0:
		p.scanned = len(b)
		return 0
	}
	p.start, p.bodyOff = f.pos, f.pos+int64(n)
	p.head = parseHead(b[:n], !p.lsp)
	if p.head.bad || p.lsp && p.head.length < 0 {
		p.malformed(f, b[:n])
		return n
	}
	f.c.setAgent(p.head.agent)
	p.head.agent = nil
	p.frame(f)
	if p.phase == inBody && p.left <= int64(len(b)-n) && !p.body.full { // the usual message, whole
		end := n + int(p.left)
		p.left = 0
		p.deliver(f, b[n:end], f.pos+int64(end))
		return end
	}
	return n
}

// strange is whether b cannot become a start line.
func (p *http1) strange(b []byte) bool {
	const longMethod = 32
	if p.lsp {
		i := bytes.IndexByte(b[:min(len(b), longMethod)], ':')
		return i == 0 || i > 0 && !isToken(b[:i]) || i < 0 && len(b) >= longMethod
	}
	i := bytes.IndexByte(b[:min(len(b), longMethod)], ' ')
	switch {
	case prefix(b, "HTTP/1.") != never:
		return false
	case i < 0:
		return len(b) >= longMethod || !isToken(b)
	}
	return !isToken(b[:i])
}

// malformed delivers a header that the other end refuses.
func (p *http1) malformed(f *flow, header []byte) {
	f.c.unpair()
	f.deliver(Message{
		Proto: p.proto(), Flags: Malformed, Off: p.start, End: f.pos + int64(len(header)),
		Body: header, BodyOff: f.pos,
	}, identity, unknown)
	f.startSearch(false)
}

func (p *http1) proto() Proto {
	if p.lsp {
		return LSP
	}
	return HTTP1
}
