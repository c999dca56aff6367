package wire

import "bytes"

// maxHeader is how long the header of a message may be, in bytes.
const maxHeader = 64 << 10

// coding is the encoding of a body.
type coding uint8

const (
	identity coding = iota
	gzipped
	deflated
	brotlied
	foreign // one that is not decoded here, or several
)

// upgrade is what a connection turns into.
type upgrade uint8

const (
	noUpgrade upgrade = iota
	toWebSocket
	toHTTP2
)

// head is what matters of a message's header.
type head struct {
	length   int64 // Content-Length, -1: absent
	status   int   // of a reply
	reply    bool
	http10   bool
	isHead   bool // the method is HEAD
	connect  bool // the method is CONNECT
	chunked  bool
	transfer bool // there is a Transfer-Encoding
	bad      bool // the other end refuses it
	deflate  bool // a WebSocket extension permessage-deflate
	coding   coding
	upgrade  upgrade
	agent    []byte // User-Agent; within the header
}

// headerEnd returns the length of the header that b starts with, its blank
// line included; -1: the blank line is not among b. The bytes before from are
// known to hold no end.
func headerEnd(b []byte, from int) int {
	for i := max(0, from-3); ; i++ {
		n := bytes.IndexByte(b[i:], '\n')
		if n < 0 {
			return -1
		}
		i += n
		switch {
		case i+1 < len(b) && b[i+1] == '\n':
			return i + 2
		case i+2 < len(b) && b[i+1] == '\r' && b[i+2] == '\n':
			return i + 3
		}
	}
}

// cutLine splits b after its first line, whose end, "\r\n" or "\n", is taken
// off.
func cutLine(b []byte) (line, rest []byte) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return b, nil
	}
	line, rest = b[:i], b[i+1:]
	if i > 0 && line[i-1] == '\r' {
		line = line[:i-1]
	}
	return line, rest
}

// parseHead reads a header with its blank line; first: b starts with a request
// or status line.
func parseHead(b []byte, first bool) head {
	h := head{length: -1}
	if first {
		var line []byte
		line, b = cutLine(b)
		h.startLine(line)
	}
	for len(b) > 0 {
		var line []byte
		line, b = cutLine(b)
		if len(line) == 0 {
			break
		}
		if len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
			line, b = unfold(line, b)
		}
		h.field(line)
	}
	if h.http10 {
		h.chunked, h.transfer = false, false // RFC 9112, 6.1: not in HTTP/1.0
	}
	return h
}

// unfold joins line and the lines of b that continue it (obs-fold).
func unfold(line, b []byte) (joined, rest []byte) {
	joined = bytes.Clone(line)
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		line, b = cutLine(b)
		joined = append(append(joined, ' '), bytes.Trim(line, " \t")...)
	}
	return joined, b
}

// startLine reads a request or status line.
func (h *head) startLine(line []byte) {
	if bytes.HasPrefix(line, []byte("HTTP/1.")) {
		h.reply = true
		h.statusLine(line)
		return
	}
	method, rest, _ := bytes.Cut(line, []byte(" "))
	i := bytes.LastIndexByte(rest, ' ')
	if !isToken(method) || i <= 0 || !isVersion(rest[i+1:]) {
		h.bad = true
		return
	}
	h.http10 = rest[i+8] == '0'
	h.isHead = string(method) == "HEAD"
	h.connect = string(method) == "CONNECT"
}

// statusLine reads a status line, from "HTTP/1." on.
func (h *head) statusLine(line []byte) {
	h.bad = true
	if len(line) < len("HTTP/1.1 200") || !isDigit(line[7]) || line[8] != ' ' {
		return
	}
	h.http10 = line[7] == '0'
	code, _, _ := bytes.Cut(bytes.TrimLeft(line[8:], " "), []byte(" "))
	if len(code) != 3 || !isDigit(code[0]) || !isDigit(code[1]) || !isDigit(code[2]) {
		return
	}
	h.status = int(code[0]-'0')*100 + int(code[1]-'0')*10 + int(code[2]-'0')
	h.bad = h.status < 100
}

// isVersion is whether b is HTTP/1.x.
func isVersion(b []byte) bool {
	return len(b) == 8 && string(b[:7]) == "HTTP/1." && isDigit(b[7])
}

// field reads one header field. A line that is none spoils the header; a name
// that is none only a request's, since clients let it pass.
func (h *head) field(line []byte) {
	i := bytes.IndexByte(line, ':')
	if i <= 0 || !isToken(line[:i]) {
		h.bad = h.bad || i < 0 || !h.reply
		return
	}
	name, value := line[:i], line[i+1:]
	switch len(name) {
	case len("Upgrade"):
		if isFold(name, "upgrade") {
			h.upgrades(value)
		}
	case len("User-Agent"):
		if isFold(name, "user-agent") {
			h.agent = trim(value)
		}
	case len("Content-Length"):
		if isFold(name, "content-length") {
			h.contentLength(trim(value))
		}
	case len("Content-Encoding"):
		if isFold(name, "content-encoding") {
			h.coding = h.coding.and(trim(value))
		}
	case len("Transfer-Encoding"):
		if isFold(name, "transfer-encoding") {
			value = trim(value)
			if j := bytes.LastIndexByte(value, ','); j >= 0 {
				value, h.coding = trim(value[j+1:]), foreign
			}
			h.transfer, h.chunked = true, isFold(value, "chunked")
		}
	case len("Sec-WebSocket-Extensions"):
		if isFold(name, "sec-websocket-extensions") && bytes.Contains(value, []byte("permessage-deflate")) {
			h.deflate = true
		}
	}
}

func (h *head) upgrades(value []byte) {
	for part := range bytes.SplitSeq(value, []byte(",")) {
		switch part = trim(part); {
		case isFold(part, "websocket"):
			h.upgrade = toWebSocket
		case isFold(part, "h2c"):
			h.upgrade = toHTTP2
		}
	}
}

// contentLength reads the field's value; two that differ spoil the header.
func (h *head) contentLength(value []byte) {
	const most = 1 << 60
	n := int64(0)
	h.bad = h.bad || len(value) == 0
	for _, c := range value {
		if !isDigit(c) || n > most/10 {
			h.bad = true
			return
		}
		n = n*10 + int64(c-'0')
	}
	h.bad = h.bad || h.length >= 0 && h.length != n
	h.length = n
}

// and is the coding of a body that was encoded with c before a coding called
// name.
func (c coding) and(name []byte) coding {
	next := foreign
	switch {
	case len(name) == 0, isFold(name, "identity"):
		return c
	case isFold(name, "gzip"), isFold(name, "x-gzip"):
		next = gzipped
	case isFold(name, "deflate"):
		next = deflated
	case isFold(name, "br"):
		next = brotlied
	}
	if c != identity {
		return foreign
	}
	return next
}

// isFold is whether b is s but for the case of letters; s is in lower case.
func isFold(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != s[i] {
			return false
		}
	}
	return true
}

// isToken is whether b is a token of RFC 9110, 5.6.2.
func isToken(b []byte) bool {
	for _, c := range b {
		if tokenBytes[c>>6]>>(c&63)&1 == 0 {
			return false
		}
	}
	return len(b) > 0
}

// tokenBytes has a bit a byte: the bytes that tokens are made of.
var tokenBytes = func() (set [4]uint64) {
	const chars = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	for i := range len(chars) {
		set[chars[i]>>6] |= 1 << (chars[i] & 63)
	}
	return set
}()

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// trim is bytes.Trim(b, " \t"), faster.
func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}
