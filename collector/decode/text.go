package decode

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// text is the text of a valid JSON string: its own bytes where it has no
// escapes, else appended to buf. Bytes that are no UTF-8 stay as they are; half
// a surrogate pair becomes U+FFFD.
func text(raw, buf []byte) []byte {
	raw = raw[1 : len(raw)-1]
	i := bytes.IndexByte(raw, '\\')
	if i < 0 {
		return raw
	}
	for ; i >= 0; i = bytes.IndexByte(raw, '\\') {
		buf = append(buf, raw[:i]...)
		n := 2
		switch c := raw[i+1]; c {
		case 'b':
			buf = append(buf, '\b')
		case 'f':
			buf = append(buf, '\f')
		case 'n':
			buf = append(buf, '\n')
		case 'r':
			buf = append(buf, '\r')
		case 't':
			buf = append(buf, '\t')
		case 'u':
			var r rune
			r, n = unit(raw[i:])
			buf = utf8.AppendRune(buf, r)
		default:
			buf = append(buf, c)
		}
		raw = raw[i+n:]
	}
	return append(buf, raw...)
}

// unit is the character that the \u escape at the start of raw stands for, two
// of them where they are a surrogate pair, and how many bytes that takes.
func unit(raw []byte) (rune, int) {
	r := hex4(raw[2:6])
	if utf16.IsSurrogate(r) && len(raw) >= 12 && raw[6] == '\\' && raw[7] == 'u' {
		if pair := utf16.DecodeRune(r, hex4(raw[8:12])); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return r, 6 // AppendRune makes U+FFFD of a surrogate
}

func hex4(raw []byte) rune {
	var r rune
	for _, c := range raw {
		d := rune(c - '0')
		if d > 9 {
			d = rune(c|0x20) - 'a' + 10
		}
		r = r<<4 | d
	}
	return r
}

// cut is at most n bytes of b, and no half of a character at its end.
func cut(b []byte, n int) []byte {
	if len(b) <= n {
		return b
	}
	b = b[:n]
	for k := 1; k <= utf8.UTFMax && k <= n; k++ {
		if c := b[n-k]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[n-k:]) {
				return b[:n-k]
			}
			break
		}
	}
	return b
}
