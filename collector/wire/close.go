package wire

import "bytes"

// closed makes JSON of the beginning of a JSON text: it ends after the last
// whole value, and open arrays and objects are closed. texts: a string that is
// cut off ends where it is cut. It returns nil where b is no such beginning.
func closed(b []byte, texts bool) []byte {
	var s scanner
	safe := 0
	for i := range b {
		if s.scan(b[i : i+1]); s.state >= scanDone {
			return nil // nothing is missing, or nothing of it is JSON
		}
		switch s.state {
		case scanNextItem, scanNextMember, scanFirstItem, scanFirstKey:
			safe = i + 1
		}
	}
	if s.depth == 0 {
		return nil
	}
	out := bytes.Clone(b[:safe])
	if texts && s.state == scanString && !s.key {
		out = append(bytes.Clone(wholeBytes(b)), '"')
	}
	for i := s.depth - 1; i >= 0; i-- {
		if s.objects[i>>6]>>(i&63)&1 == 1 {
			out = append(out, '}')
		} else {
			out = append(out, ']')
		}
	}
	return out
}

// wholeBytes is b without the last digit where it ends within hexadecimal data
// in the midst of a byte.
func wholeBytes(b []byte) []byte {
	data := b[bytes.LastIndexByte(b, '"')+1:]
	if len(data)%2 == 1 && bytes.HasPrefix(data, []byte("0x")) && !bytes.Contains(data, []byte(`\`)) {
		return b[:len(b)-1]
	}
	return b
}
