package wire

import "bytes"

// ahead is where in the bytes that a flow has up to an offset the next message
// of each kind starts. A search looks there again and again, and each time for
// all kinds: what lies further on than the nearest is not looked for anew.
type ahead struct {
	end   int64
	known [textKinds]bool
	at    [textKinds]int64 // -1: nowhere
}

// Kinds of starts that can be told by their text alone.
const (
	httpText = iota
	lspText
	jsonText
	textKinds
)

// nextStart returns where in b, the bytes at f.pos, a message starts; -1: nowhere.
// Such places can be told by their text alone.
func (f *flow) nextStart(b []byte) int {
	p := f.c.proto
	if p == WebSocket || p == HTTP2 {
		for i := range b {
			if _, m := f.startOf(b[i:]); m == sure {
				return i
			}
		}
		return -1
	}
	if end := f.pos + int64(len(b)); f.ahead.end != end {
		f.ahead = ahead{end: end}
	}
	first := f.nextText(b, httpText, nextHTTP1)
	if p == LSP || p == Unknown {
		first = nearer(first, f.nextText(b, lspText, nextLSP))
	}
	if p == JSONStream || p == Unknown {
		first = nearer(first, f.nextText(b, jsonText, nextJSON))
	}
	return first
}

// nextText is where in b, the bytes at f.pos, the next message of a kind starts,
// which next finds; -1: nowhere.
func (f *flow) nextText(b []byte, kind int, next func([]byte) int) int {
	at := &f.ahead.at[kind]
	if !f.ahead.known[kind] || *at >= 0 && *at < f.pos {
		f.ahead.known[kind] = true
		if *at = int64(next(b)); *at >= 0 {
			*at += f.pos
		}
	}
	if *at < 0 {
		return -1
	}
	return int(*at - f.pos)
}

// nearer is the lesser of two places, of which -1 is nowhere.
func nearer(a, b int) int {
	if a < 0 || b >= 0 && b < a {
		return b
	}
	return a
}

// nextHTTP1 finds a status line, or a request line whose end is among b.
func nextHTTP1(b []byte) int {
	searched := 0 // for request lines
	for i := 0; ; {
		j := bytes.Index(b[i:], []byte("HTTP/1."))
		if j < 0 {
			return -1
		}
		at := i + j
		i = at + 7
		if len(b) >= at+12 && isDigit(b[at+7]) && b[at+8] == ' ' && isDigit(b[at+9]) {
			return at
		}
		if at > 0 && b[at-1] == ' ' {
			if k := requestBefore(b[searched:at]); k >= 0 {
				return searched + k
			}
			searched = at
		}
	}
}

// requestBefore finds the request line that b is, but for its version, at b's end.
func requestBefore(b []byte) int {
	lineStart := bytes.LastIndexByte(b, '\n') + 1
	best := -1
	for _, m := range methods {
		if k := bytes.LastIndex(b[lineStart:], []byte(m)); k >= 0 {
			best = max(best, lineStart+k)
		}
	}
	return best
}

func nextLSP(b []byte) int { return bytes.Index(b, []byte("Content-Length:")) }

// nextJSON finds an object, or a batch of them, whose first key is one of
// JSON-RPC's.
func nextJSON(b []byte) int {
	for i := 0; i < len(b); i++ {
		j := bytes.IndexByte(b[i:], '{')
		if j < 0 {
			return -1
		}
		i += j
		rest := skipSpace(b[i+1:])
		for _, key := range [...]string{`"jsonrpc"`, `"id"`, `"method"`, `"result"`, `"params"`, `"error"`} {
			if prefix(rest, key) == sure {
				if k := len(bytes.TrimRight(b[:i], " \t\r\n")) - 1; k >= 0 && b[k] == '[' {
					return k
				}
				return i
			}
		}
	}
	return -1
}
