package wire

import "bytes"

// verdict is an answer that may not be known.
type verdict uint8

const (
	unknown verdict = iota
	no
	yes
)

func verdictOf(b bool) verdict {
	if b {
		return yes
	}
	return no
}

var versionKey = []byte(`"jsonrpc"`)

// isRPC is whether body says that it is JSON-RPC: it has the member "jsonrpc",
// which stands near an end in all that is written by the libraries, or it is an
// object with "method" and "params", as version 1.0 writes it. A batch is told
// by its first item or its last.
func isRPC(body []byte) bool {
	const near = 256
	if bytes.Contains(body[:min(len(body), near)], versionKey) ||
		len(body) > near && bytes.Contains(body[len(body)-near:], versionKey) {
		return true
	}
	return hasMembers(body, `"method"`, `"params"`)
}

// hasMembers is whether the object b, or the first object of the array b, has
// all the keys, given in quotes. It looks no further than a request is long.
func hasMembers(b []byte, keys ...string) bool {
	const far = 4096
	b = skipSpace(b)
	if len(b) > 0 && b[0] == '[' {
		b = skipSpace(b[1:])
	}
	if len(b) == 0 || b[0] != '{' {
		return false
	}
	b = b[:min(len(b), far)]
	var s scanner
	found, from := 0, -1
	for i := range b {
		key := s.key
		if s.scan(b[i : i+1]); s.state >= scanDone {
			break
		}
		switch {
		case s.depth != 1:
		case s.key && !key:
			from = i
		case key && !s.key:
			for _, k := range keys {
				if string(b[from:i+1]) == k {
					found++
				}
			}
		}
	}
	return found >= len(keys)
}
