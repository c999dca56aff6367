package decode

import (
	"encoding/binary"
	"math/bits"
)

// maxDepth is how deep a value may nest; a value that nests deeper makes its
// line malformed. JSON-RPC bodies nest less than ten deep.
const maxDepth = 512

// scanner checks JSON against RFC 8259 and finds where its values end. It
// reads a block of lines in place: "\n" ends a line and so is no white space
// here, and as a control character it ends any string as well, so that
// nothing is read across it.
//
// Its methods take the index of the first byte of what they read and return
// the index after it, or -1 with the fault kept. Bytes that are no UTF-8 are
// let through, as encoding/json does.
type scanner struct {
	b     []byte
	fault fault
}

// fail keeps why and where; it returns -1.
func (s *scanner) fail(why reason, at int) int {
	s.fault = fault{why: why, at: at}
	return -1
}

// space returns the index of the first byte at or after i that is no white space.
func (s *scanner) space(i int) int {
	b := s.b
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// value reads any value; there is no white space before it.
func (s *scanner) value(i int) int {
	if i >= len(s.b) {
		return s.fail(badSyntax, i)
	}
	switch s.b[i] {
	case '"':
		return s.str(i)
	case '{', '[':
		return s.compound(i)
	case 't':
		return s.literal(i, "true")
	case 'f':
		return s.literal(i, "false")
	case 'n':
		return s.literal(i, "null")
	}
	return s.number(i)
}

// literal reads the word.
func (s *scanner) literal(i int, word string) int {
	if end := i + len(word); end <= len(s.b) && string(s.b[i:end]) == word {
		return end
	}
	return s.fail(badSyntax, i)
}

// number reads a number.
func (s *scanner) number(i int) int {
	b := s.b
	if i < len(b) && b[i] == '-' {
		i++
	}
	switch {
	case i < len(b) && b[i] == '0':
		i++
	case i < len(b) && isDigit(b[i]):
		for i++; i < len(b) && isDigit(b[i]); i++ {
		}
	default:
		return s.fail(badSyntax, i)
	}
	if i < len(b) && b[i] == '.' {
		if i = s.digits(i + 1); i < 0 {
			return -1
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		return s.digits(i)
	}
	return i
}

// digits reads one digit or more.
func (s *scanner) digits(i int) int {
	b, start := s.b, i
	for i < len(b) && isDigit(b[i]) {
		i++
	}
	if i == start {
		return s.fail(badSyntax, i)
	}
	return i
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// str reads a string, its quotes included.
func (s *scanner) str(i int) int {
	b := s.b
	for i++; ; {
		for uint(i)+8 <= uint(len(b)) {
			if m := special(binary.LittleEndian.Uint64(b[i:])); m != 0 {
				i += bits.TrailingZeros64(m) >> 3
				break
			}
			i += 8
		}
		for i < len(b) && b[i] >= ' ' && b[i] != '"' && b[i] != '\\' {
			i++ // near the end of the block
		}
		switch {
		case i < len(b) && b[i] == '"':
			return i + 1
		case i >= len(b) || b[i] != '\\':
			return s.fail(badSyntax, i)
		}
		if i = s.escape(i); i < 0 {
			return -1
		}
	}
}

// special marks, by the highest bit of their bytes, the quotes, backslashes
// and control characters among eight bytes. Only the lowest mark is exact, for
// a subtraction may borrow from the byte above.
func special(w uint64) uint64 {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	// Flipping bit 1 brings '"' (0x22) to 0x20, next to the control characters,
	// which stay among themselves.
	low := (w ^ ones*2) - ones*0x21
	backslash := (w ^ ones*'\\') - ones
	return (low | backslash) &^ w & high
}

// escape reads an escape sequence, its backslash included.
func (s *scanner) escape(i int) int {
	b := s.b
	if i+1 >= len(b) {
		return s.fail(badSyntax, i+1)
	}
	switch b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		for j := i + 2; j < i+6; j++ {
			if j >= len(b) || !isHex(b[j]) {
				return s.fail(badSyntax, j)
			}
		}
		return i + 6
	}
	return s.fail(badSyntax, i+1)
}

func isHex(c byte) bool { return isDigit(c) || (c|0x20)-'a' < 6 }
