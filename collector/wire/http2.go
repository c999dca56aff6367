package wire

import (
	"slices"

	"golang.org/x/net/http2/hpack"
)

// Bounds of one direction of an HTTP/2 connection.
const (
	maxStreams    = 256
	maxHeaderList = 256 << 10 // bytes of a header block in all its frames
	maxTable      = 64 << 10  // bytes of the table of header compression
)

// http2 parses HTTP/2 frames (RFC 9113) and puts the messages of its streams
// together.
type http2 struct {
	streams map[uint32]*stream
	hpack   *hpack.Decoder
	fields  fields
	block   []byte  // header block so far
	blockOf frame   // the HEADERS or PUSH_PROMISE that began it
	blockAt int64   // its offset
	moved   []Piece // who moved it
	inBlock bool    // CONTINUATION must follow
	fresh   bool    // nothing was read yet
	data    frame   // the frame whose payload is being read
	left    int     // bytes of that payload to come
	padding int     // of which padding
	first   uint32  // stream of the first header seen, 0: none
	torn    bool    // header blocks were missed: what their successors refer to is not known
	held    int     // bytes that the messages in progress take
}

// startHTTP2 makes the flow one of frames.
func (f *flow) startHTTP2() {
	if f.h2 == nil {
		p := &http2{streams: map[uint32]*stream{}, fresh: true}
		p.hpack = hpack.NewDecoder(maxTable, p.fields.take)
		p.hpack.SetMaxStringLength(maxHeader)
		f.h2 = p
	}
	f.c.proto = HTTP2
	f.h2.left, f.h2.inBlock = 0, false
	f.parser = f.h2
}

func (p *http2) memory() int {
	return p.held + cap(p.block) + cap(p.moved)*pieceSize + len(p.streams)*streamSize
}

func (p *http2) began(f *flow) int64 { return f.pos }

func (p *http2) step(f *flow, b []byte) int {
	if p.left > 0 {
		return p.payload(f, b)
	}
	if b[0] == preface[0] {
		switch prefix(b, preface) {
		case sure:
			return len(preface)
		case maybe:
			return 0
		}
	}
	if len(b) < frameHeader {
		return 0
	}
	h := parseFrame(b)
	h.stream &= 1<<31 - 1
	if p.fresh { // a connection begins with SETTINGS
		p.torn, p.fresh = h.kind != frameSettings, false
	}
	if p.inBlock && (h.kind != frameContinuation || h.stream != p.blockOf.stream) {
		return p.broken(f)
	}
	switch h.kind {
	case frameData:
		return p.dataFrame(f, b, h)
	case frameHeaders, framePushPromise, frameContinuation:
		return p.headerFrame(f, b, h)
	case frameReset:
		p.reset(f, h.stream)
	}
	p.data, p.left, p.padding = h, h.length, 0
	return frameHeader
}

// broken is what the parser does about bytes that are no frames.
func (p *http2) broken(f *flow) int {
	p.abort(f, Gap)
	f.startSearch(false)
	f.c.loss.Skipped++
	return 1
}

// dataFrame begins a DATA frame.
func (p *http2) dataFrame(f *flow, b []byte, h frame) int {
	n := frameHeader
	p.padding = 0
	if h.flags&flagPadded != 0 {
		if n++; len(b) < n {
			return 0
		}
		if p.padding = int(b[frameHeader]); p.padding >= h.length {
			return p.broken(f)
		}
		h.length--
	}
	p.data, p.left = h, h.length
	if s := p.stream(f, h.stream); s != nil {
		p.name(f, s, n)
	}
	if p.left == 0 {
		p.dataEnd(f, f.pos+int64(n))
	}
	return n
}

// payload reads what a frame carries: that of DATA goes to its stream.
func (p *http2) payload(f *flow, b []byte) int {
	b = b[:min(p.left, len(b))]
	p.carried(f, b, len(b))
	return len(b)
}

// carried takes n bytes of payload, of which b are there.
func (p *http2) carried(f *flow, b []byte, n int) {
	if p.data.kind == frameData {
		real := max(0, min(n, p.left-p.padding))
		if s := p.streams[p.data.stream]; s == nil || s.ignored {
			f.c.loss.Skipped += uint64(real)
		} else {
			p.name(f, s, n)
			p.held -= cap(s.body.buf)
			s.body.add(b[:min(real, len(b))], f.a.opt.MaxMessage-p.held)
			p.held += cap(s.body.buf)
			if lost := real - len(b); lost > 0 {
				s.body.lose(int64(lost))
			}
		}
	}
	if p.left -= n; p.left == 0 && p.data.kind == frameData {
		p.dataEnd(f, f.pos+int64(n))
	}
}

// name notes who moved n bytes of a stream.
func (p *http2) name(f *flow, s *stream, n int) {
	p.held -= cap(s.pieces) * pieceSize
	s.pieces = f.pieces.collect(s.pieces, f.pos, f.pos+int64(n))
	p.held += cap(s.pieces) * pieceSize
}

func (p *http2) dataEnd(f *flow, end int64) {
	if s := p.streams[p.data.stream]; s != nil && p.data.flags&flagEndStream != 0 {
		p.deliver(f, s, 0, end)
	}
}

// headerFrame reads a frame of a header block, once it is all there.
func (p *http2) headerFrame(f *flow, b []byte, h frame) int {
	n := frameHeader + h.length
	if h.length > maxHeader || p.inBlock && len(p.block)+h.length > maxHeaderList {
		return p.broken(f)
	}
	if len(b) < n {
		return 0
	}
	payload := b[frameHeader:n]
	if !p.inBlock {
		p.moved = p.moved[:0]
	}
	p.moved = f.pieces.collect(p.moved, f.pos, f.pos+int64(n))
	if h.kind == frameContinuation {
		if !p.inBlock {
			return p.broken(f)
		}
		p.block = append(p.block, payload...)
	} else {
		payload, ok := h.unpad(payload)
		skip := 0
		if h.kind == framePushPromise {
			skip = 4
		} else if h.flags&flagPriority != 0 {
			skip = 5
		}
		if !ok || len(payload) < skip {
			return p.broken(f)
		}
		p.blockOf, p.blockAt = h, f.pos
		p.block = append(p.block[:0], payload[skip:]...)
	}
	if p.inBlock = h.flags&flagEndHeaders == 0; !p.inBlock {
		p.header(f, f.pos+int64(n))
	}
	return n
}

// gap: within a frame's payload the frames go on after it.
func (p *http2) gap(f *flow, n int64) bool {
	if p.left == 0 || p.inBlock || n > int64(p.left) {
		return false
	}
	if s := p.streams[p.data.stream]; s != nil && p.data.kind == frameData {
		s.flags |= Gap
	}
	p.carried(f, nil, int(n))
	return true
}

// abort ends the streams where the connection ends. After a gap it lets them
// go on: most have lost nothing.
func (p *http2) abort(f *flow, flags Flags) {
	p.torn = true
	ids := make([]uint32, 0, len(p.streams))
	for id, s := range p.streams {
		s.flags |= flags
		ids = append(ids, id)
	}
	if flags&Cut == 0 {
		return
	}
	slices.Sort(ids)
	for _, id := range ids {
		p.deliver(f, p.streams[id], flags, f.pos)
	}
}
