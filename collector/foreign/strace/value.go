package strace

import "bytes"

// maxArgs is how many arguments of a call are looked at.
const maxArgs = 8

// arguments splits a call's text, after its opening parenthesis, into its
// arguments and what follows the closing one; false: there is none.
func arguments(b []byte, args [][]byte) (n int, result []byte, ok bool) {
	for {
		b = bytes.TrimLeft(b, " ")
		end := valueEnd(b)
		if end < 0 {
			return 0, nil, false
		}
		if n < len(args) {
			args[n] = b[:end]
			n++
		}
		if b[end] == ')' {
			return n, b[end+1:], true
		}
		b = b[end+1:]
	}
}

// valueEnd is where the value that b starts with ends: at a comma or a closing
// bracket of what it stands in; -1: it does not.
func valueEnd(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			n := stringEnd(b[i:])
			if n < 0 {
				return -1
			}
			i += n - 1
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth == 0 {
				return i
			}
			depth--
		case ',':
			if depth == 0 {
				return i
			}
		case '<':
			if i > 0 && isDigit(b[i-1]) {
				if n := annotationEnd(b[i:]); n > 0 {
					i += n - 1
				}
			}
		case '/':
			if bytes.HasPrefix(b[i:], []byte("/*")) {
				n := bytes.Index(b[i:], []byte("*/"))
				if n < 0 {
					return -1
				}
				i += n + 1
			}
		}
	}
	return -1
}

// stringEnd is the length of the quoted string that b starts with, without the
// "..." of one that was cut; -1: it has no end.
func stringEnd(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// annotationEnd is the length of the "<…>" that b starts with: what -y says of a
// descriptor, -Y of a PID. It may hold arrows, quoted paths and another "<…>".
// 0: it has no end.
func annotationEnd(b []byte) int {
	const longest = 16 << 10
	depth := 0
	for i := 0; i < min(len(b), longest); i++ {
		switch b[i] {
		case '<':
			depth++
		case '>':
			if b[i-1] == '-' || b[i-1] == '=' {
				continue
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case '"':
			n := stringEnd(b[i:])
			if n < 0 {
				return 0
			}
			i += n - 1
		}
	}
	return 0
}

// text appends what the quoted string b starts with stands for to dst. cut: the
// string was too long for strace, and only its beginning stands there. false: b
// starts with none.
func text(dst, b []byte) (out []byte, cut, ok bool) {
	if len(b) == 0 || b[0] != '"' {
		return dst, false, false
	}
	for i := 1; i < len(b); {
		c := b[i]
		switch c {
		case '"':
			return dst, bytes.HasPrefix(b[i+1:], []byte("...")), true
		case '\\':
			c, n := escape(b[i+1:])
			if n == 0 {
				return dst, false, false
			}
			dst = append(dst, c)
			i += 1 + n
			continue
		}
		dst = append(dst, c)
		i++
	}
	return dst, false, false
}

// escape is the byte that the escape sequence after a backslash stands for, and
// the sequence's length; 0: it is none.
func escape(b []byte) (c byte, n int) {
	if len(b) == 0 {
		return 0, 0
	}
	switch c := b[0]; c {
	case 't':
		return '\t', 1
	case 'n':
		return '\n', 1
	case 'v':
		return '\v', 1
	case 'f':
		return '\f', 1
	case 'r':
		return '\r', 1
	case 'x':
		if len(b) < 3 || !isHex(b[1]) || !isHex(b[2]) {
			return 0, 0
		}
		return hexDigit(b[1])<<4 | hexDigit(b[2]), 3
	}
	for n < len(b) && n < 3 && b[n] >= '0' && b[n] <= '7' {
		c = c<<3 | (b[n] - '0')
		n++
	}
	if n > 0 {
		return c, n
	}
	return b[0], 1 // a quote, a backslash
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func hexDigit(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return (c | 0x20) - 'a' + 10
}
