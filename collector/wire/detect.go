package wire

import "encoding/binary"

// match is how bytes compare with what a protocol starts with.
type match uint8

const (
	never match = iota
	maybe       // so far: it takes more bytes to say
	sure
)

var methods = []string{"POST ", "GET ", "HEAD ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH "}

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

// prefix is how b compares with what starts with s.
func prefix[S string | []byte](b S, s string) match {
	if n := min(len(b), len(s)); string(b[:n]) != s[:n] {
		return never
	}
	if len(b) < len(s) {
		return maybe
	}
	return sure
}

// startOf says which protocol's message b starts with, for the flow f.
func (f *flow) startOf(b []byte) (Proto, match) {
	switch f.c.proto {
	case WebSocket:
		return WebSocket, webSocketStart(b, f)
	case HTTP2:
		return HTTP2, http2Start(b)
	}
	var open Proto
	for _, is := range [...]struct {
		proto Proto
		match match
	}{
		{HTTP1, http1Start(skipSpace(b))},
		{HTTP2, http2Greeting(b)},
		{LSP, lspStart(skipSpace(b))},
		{JSONStream, f.jsonStart(skipSpace(b))},
		{WebSocket, f.attached(b, webSocketStart(b, f))},
		{HTTP2, f.attached(b, http2Start(b))},
	} {
		switch is.match {
		case sure:
			return is.proto, sure
		case maybe:
			open = is.proto
		}
	}
	if open != Unknown {
		return open, maybe
	}
	return Unknown, never
}

// attached is m where the protocol is not known: binary frames are believed in
// the middle of a connection, of which nothing is known.
func (f *flow) attached(b []byte, m match) match {
	if f.c.proto != Unknown {
		return never
	}
	return m
}

// http1Start is whether b starts with a request or status line.
func http1Start(b []byte) match {
	best := prefix(b, "HTTP/1.")
	for _, m := range methods {
		switch is := prefix(b, m); {
		case is == sure && len(b) > len(m):
			if c := b[len(m)]; c == '/' || c == '*' || c|0x20 == 'h' || m == "CONNECT " {
				return sure
			}
		case is != never:
			best = max(best, maybe)
		}
	}
	return best
}

func lspStart(b []byte) match {
	const name = "content-length:"
	n := min(len(b), len(name))
	for i := range n {
		c := b[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != name[i] {
			return never
		}
	}
	if n < len(name) {
		return maybe
	}
	return sure
}

// jsonStart is whether b starts with an array or object. On a connection that
// is known to be another, such bytes belong to something else.
func (f *flow) jsonStart(b []byte) match {
	switch {
	case f.c.proto != Unknown && f.c.proto != JSONStream:
		return never
	case len(b) == 0:
		return maybe
	case b[0] == '{' || b[0] == '[':
		return sure
	}
	return never
}

// http2Greeting is what an HTTP/2 connection starts with: the client's preface,
// or the server's SETTINGS.
func http2Greeting(b []byte) match {
	if is := prefix(b, preface); is != never {
		return is
	}
	h := [9]byte{}
	n := copy(h[:], b)
	if h[0]|h[1] != 0 || n > 3 && h[3] != frameSettings || binary.BigEndian.Uint32(h[5:]) != 0 || h[4] > 1 || h[2]%6 != 0 {
		return never
	}
	if n < len(h) {
		return maybe
	}
	return sure
}

// http2Start is whether b starts with a whole frame and, if anything follows
// it, another frame's header.
func http2Start(b []byte) match {
	for range 2 {
		if len(b) < frameHeader {
			return maybe
		}
		h := parseFrame(b)
		if !h.plausible() {
			return never
		}
		if len(b) < frameHeader+h.length {
			return maybe
		}
		if b = b[frameHeader+h.length:]; len(b) == 0 {
			break
		}
	}
	return sure
}

// webSocketStart is whether b starts with a frame that may begin a message: of
// text or data, in the direction's masking, with a payload that starts like
// JSON; or, where compression is agreed, one that b ends with.
func webSocketStart(b []byte, f *flow) match {
	h, n := parseWSFrame(b)
	if n < 0 || n > 0 && (h.padded || h.masked != (f.dir == Sent) || h.opcode == wsContinuation) {
		return never
	}
	if n == 0 {
		if b[0]&0x70 != 0 && b[0]&0x70 != 0x40 || b[0]&0xf != wsText && b[0]&0xf != wsBinary {
			return never
		}
		return maybe
	}
	if h.compressed || h.opcode >= wsClose {
		if f.c.proto == WebSocket && int64(len(b)-n) == h.length {
			return sure
		}
		return never
	}
	if h.length == 0 {
		return never
	}
	if len(b) == n {
		return maybe
	}
	if c := b[n] ^ h.mask[0]; c == '{' || c == '[' {
		return sure
	}
	return never
}
