package wire

import "bytes"

// nextStart returns where in b a message starts, not before from; -1: nowhere.
// Such places can be told by their text alone.
func (f *flow) nextStart(b []byte, from int) int {
	first := -1
	nearest := func(i int) {
		if i >= 0 && (first < 0 || i < first) {
			first = i
		}
	}
	p := f.c.proto
	if p == WebSocket || p == HTTP2 {
		for i := from; i < len(b); i++ {
			if _, m := f.startOf(b[i:]); m == sure {
				return i
			}
		}
		return -1
	}
	nearest(nextHTTP1(b, from))
	if p == LSP || p == Unknown {
		nearest(nextLSP(b, from))
	}
	if p == JSONStream || p == Unknown {
		nearest(nextJSON(b, from))
	}
	return first
}

// nextHTTP1 finds a status line, or a request line whose end is among b.
func nextHTTP1(b []byte, from int) int {
	for i := from; ; {
		j := bytes.Index(b[i:], []byte("HTTP/1."))
		if j < 0 {
			return -1
		}
		at := i + j
		i = at + 7
		if len(b) >= at+12 && isDigit(b[at+7]) && b[at+8] == ' ' && isDigit(b[at+9]) {
			return at
		}
		if at > from && b[at-1] == ' ' {
			if k := requestBefore(b[from:at]); k >= 0 {
				return from + k
			}
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

func nextLSP(b []byte, from int) int {
	if i := bytes.Index(b[from:], []byte("Content-Length:")); i >= 0 {
		return from + i
	}
	return -1
}

// nextJSON finds an object, or a batch of them, whose first key is one of
// JSON-RPC's.
func nextJSON(b []byte, from int) int {
	for i := from; i < len(b); i++ {
		j := bytes.IndexByte(b[i:], '{')
		if j < 0 {
			return -1
		}
		i += j
		rest := skipSpace(b[i+1:])
		for _, key := range [...]string{`"jsonrpc"`, `"id"`, `"method"`, `"result"`, `"params"`, `"error"`} {
			if prefix(rest, key) == sure {
				if k := len(bytes.TrimRight(b[from:i], " \t\r\n")) - 1; k >= 0 && b[from+k] == '[' {
					return from + k
				}
				return i
			}
		}
	}
	return -1
}
