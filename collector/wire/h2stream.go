package wire

import (
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/net/http2/hpack"
)

const (
	streamSize = int(unsafe.Sizeof(stream{}))
	pieceSize  = int(unsafe.Sizeof(Piece{}))
)

// stream is a message of an HTTP/2 stream in one direction.
type stream struct {
	body    gather
	pieces  []Piece
	start   int64
	id      uint32
	status  int
	coding  coding
	flags   Flags
	ignored bool // gRPC
}

// fields is what matters of a header block.
type fields struct {
	status int
	coding coding
	grpc   bool
}

func (h *fields) take(field hpack.HeaderField) {
	switch field.Name {
	case ":status":
		h.status, _ = strconv.Atoi(field.Value)
	case "content-encoding":
		h.coding = h.coding.and([]byte(field.Value))
	case "content-type":
		h.grpc = strings.HasPrefix(field.Value, "application/grpc")
	}
}

// header decodes the block that ends at end.
func (p *http2) header(f *flow, end int64) {
	p.fields = fields{}
	if _, err := p.hpack.Write(p.block); err != nil || p.hpack.Close() != nil {
		p.torn = true
	}
	if cap(p.block) > keep {
		p.block = nil
	}
	h := p.blockOf
	if h.kind == framePushPromise {
		return // the pushed reply has a header of its own
	}
	last := h.flags&flagEndStream != 0
	s := p.streams[h.stream]
	if s == nil {
		if p.fields.status/100 == 1 && !p.torn && !last {
			return // an interim reply
		}
		s = p.open(f, h.stream, p.blockAt)
		if p.first == 0 {
			p.first = h.stream
		}
		s.ignored = p.fields.grpc
		if !p.torn {
			s.status, s.coding = p.fields.status, p.fields.coding
		}
	}
	p.held -= cap(s.pieces) * pieceSize
	s.pieces = append(s.pieces, p.moved[:min(len(p.moved), maxPieces-len(s.pieces))]...)
	p.held += cap(s.pieces) * pieceSize
	if last {
		p.deliver(f, s, 0, end)
	}
}

// stream is the stream that DATA belongs to; nil: one that is passed over.
// Where its header was not seen, its message may have begun earlier.
func (p *http2) stream(f *flow, id uint32) *stream {
	s := p.streams[id]
	if s == nil && id != 0 && (p.torn || id < p.first) {
		s = p.open(f, id, f.pos)
		s.flags |= Gap
	}
	return s
}

// open begins a stream, and gives up the oldest one if there are too many.
func (p *http2) open(f *flow, id uint32, at int64) *stream {
	if len(p.streams) == maxStreams {
		oldest := id
		for other := range p.streams {
			oldest = min(oldest, other)
		}
		p.drop(f, oldest)
	}
	s := &stream{id: id, start: at}
	p.streams[id] = s
	return s
}

func (p *http2) drop(f *flow, id uint32) {
	if s := p.streams[id]; s != nil {
		f.c.loss.Streams++
		f.c.loss.Skipped += uint64(len(s.body.buf))
		p.close(s)
	}
}

func (p *http2) close(s *stream) {
	p.held -= cap(s.body.buf) + cap(s.pieces)*pieceSize
	delete(p.streams, s.id)
}

// reset ends a stream in both directions.
func (p *http2) reset(f *flow, id uint32) {
	for _, g := range [...]*flow{f, f.peer()} {
		if g.h2 == nil {
			continue
		}
		if s := g.h2.streams[id]; s != nil {
			f.c.loss.Streams++
			g.h2.deliver(g, s, Cut, g.pos)
		}
	}
	delete(f.c.askedRPC, id)
}

// deliver hands on a stream's message, which ends at end.
func (p *http2) deliver(f *flow, s *stream, flags Flags, end int64) {
	p.close(s)
	if s.body.full {
		f.tooLong(s.body.over)
		return
	}
	if s.ignored {
		return
	}
	if s.flags&Gap != 0 && s.status == 0 && s.coding == identity && len(s.body.buf) > 2 &&
		s.body.buf[0] == 0x1f && s.body.buf[1] == 0x8b {
		s.coding = gzipped
	}
	if s.flags&Gap != 0 && s.body.missing == 0 && isJSON(s.body.buf) {
		s.flags &^= Gap // nothing of it was lost
	}
	m := Message{
		Proto: HTTP2, Stream: s.id, Flags: s.flags | flags, Status: s.status, Off: s.start, End: end,
		Body: s.body.buf, BodyOff: -1, Missing: s.body.missing, Pieces: s.pieces,
	}
	c := f.c
	asked := unknown
	if f.dir == Received {
		asked = c.askedRPC[s.id]
		delete(c.askedRPC, s.id)
	}
	if v := f.deliver(m, s.coding, asked); f.dir == Sent {
		if c.askedRPC == nil || len(c.askedRPC) >= 4*maxStreams {
			c.askedRPC = map[uint32]verdict{}
		}
		c.askedRPC[s.id] = v
	}
}
