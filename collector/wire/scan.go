package wire

import (
	"encoding/binary"
	"math/bits"
)

// maxDepth is how deep a JSON value may nest; the session log's reader takes
// no deeper one.
const maxDepth = 512

// What a scanner is in the midst of. Up to scanNextMember it is between tokens,
// and moves says what may come.
const (
	scanValue      = iota // a value must come
	scanFirstItem         // a value or "]"
	scanFirstKey          // a key or "}"
	scanKey               // a key must come
	scanColon             // ":" must come
	scanNextItem          // "," or "]"
	scanNextMember        // "," or "}"
	scanString            // within a string
	scanEscape            // after its "\"
	scanHex               // within \uXXXX
	scanLiteral           // within true, false, null
	scanMinus             // a number's digits must come
	scanZero              // after a leading 0
	scanInt               // within the integer part
	scanPoint             // a digit must come
	scanFraction          // within the fraction
	scanExp               // a sign or digit must come
	scanExpSign           // a digit must come
	scanExpDigits         // within the exponent
	scanDone              // the value has ended
	scanBroken            // there is none
)

// scanner checks one JSON value against RFC 8259, in as many pieces as it
// comes, and finds its end. Bytes that are no UTF-8 are let through. The zero
// scanner is ready.
type scanner struct {
	state   uint8
	key     bool  // the string is a key
	hex     uint8 // digits of \uXXXX seen
	depth   int
	literal string                // what of a literal must follow
	objects [maxDepth / 64]uint64 // a bit a level: an object
}

// scan reads b and returns how many of its bytes belong to the value. Fewer
// than len(b): the value ends there (scanDone) or is none (scanBroken), the
// last byte read being the first wrong one.
func (s *scanner) scan(b []byte) int {
	for i := 0; i < len(b); {
		if s.state == scanString {
			if i = plain(b, i); i == len(b) {
				return i
			}
			s.inString(b[i])
			i++
		} else if s.state > scanString {
			if s.within(b[i]) {
				i++
			}
		} else {
			switch moves[s.state][classOf[b[i]]] {
			case stay:
			case wrong:
				s.state = scanBroken
			case text:
				s.state = scanString
			case name:
				s.state, s.key = scanString, true
			case colon:
				s.state = scanValue
			case nextItem:
				s.state = scanValue
			case nextName:
				s.state = scanKey
			case object:
				s.enter(scanFirstKey, true)
			case array:
				s.enter(scanFirstItem, false)
			case leave:
				s.depth--
				s.valueEnd()
			case scalar:
				s.begin(b[i])
			}
			i++
		}
		if s.state >= scanDone {
			return i
		}
	}
	return len(b)
}

// within takes a byte of an escape, a literal or a number; false: the number
// has ended before it.
func (s *scanner) within(c byte) bool {
	switch s.state {
	case scanEscape, scanHex:
		s.escape(c)
	case scanLiteral:
		if s.literal[0] != c {
			s.state = scanBroken
		} else if s.literal = s.literal[1:]; s.literal == "" {
			s.valueEnd()
		}
	default:
		if !s.number(c) {
			s.valueEnd()
			return false
		}
	}
	return true
}

// plain returns the index of the first byte of b, from i on, that ends a run of
// plain characters in a string.
func plain(b []byte, i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		quote, escape := w^'"'*ones, w^'\\'*ones
		// The lowest bit set is exact; those above it may be borrowed.
		if m := ((w-' '*ones)&^w | (quote-ones)&^quote | (escape-ones)&^escape) & tops; m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for i < len(b) && b[i] >= ' ' && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}

// inString takes the byte that ended a run of plain characters.
func (s *scanner) inString(c byte) {
	switch {
	case c == '\\':
		s.state = scanEscape
	case c != '"':
		s.state = scanBroken
	case s.key:
		s.state, s.key = scanColon, false
	default:
		s.valueEnd()
	}
}

func (s *scanner) escape(c byte) {
	if s.state == scanHex {
		switch {
		case !isHex(c):
			s.state = scanBroken
		case s.hex == 3:
			s.state = scanString
		default:
			s.hex++
		}
		return
	}
	switch c {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.state = scanString
	case 'u':
		s.state, s.hex = scanHex, 0
	default:
		s.state = scanBroken
	}
}

// begin takes the first byte of a literal or number.
func (s *scanner) begin(c byte) {
	switch c {
	case 't':
		s.state, s.literal = scanLiteral, "rue"
	case 'f':
		s.state, s.literal = scanLiteral, "alse"
	case 'n':
		s.state, s.literal = scanLiteral, "ull"
	case '-':
		s.state = scanMinus
	case '0':
		s.state = scanZero
	default:
		s.state = scanInt
	}
}

// number takes a byte of a number; false: the number has ended before it.
func (s *scanner) number(c byte) bool {
	digit := isDigit(c)
	switch {
	case s.state == scanMinus && c == '0':
		s.state = scanZero
	case digit && (s.state == scanMinus || s.state == scanInt):
		s.state = scanInt
	case digit && (s.state == scanPoint || s.state == scanFraction):
		s.state = scanFraction
	case digit && s.state != scanZero:
		s.state = scanExpDigits
	case c == '.' && (s.state == scanZero || s.state == scanInt):
		s.state = scanPoint
	case c|0x20 == 'e' && (s.state == scanZero || s.state == scanInt || s.state == scanFraction):
		s.state = scanExp
	case (c == '+' || c == '-') && s.state == scanExp:
		s.state = scanExpSign
	case s.numberMayEnd():
		return false
	default:
		s.state = scanBroken
	}
	return true
}

func (s *scanner) numberMayEnd() bool {
	return s.state == scanZero || s.state == scanInt || s.state == scanFraction || s.state == scanExpDigits
}

func (s *scanner) enter(state uint8, object bool) {
	if s.depth == maxDepth {
		s.state = scanBroken
		return
	}
	bit := uint64(1) << (s.depth & 63)
	s.objects[s.depth>>6] &^= bit
	if object {
		s.objects[s.depth>>6] |= bit
	}
	s.depth++
	s.state = state
}

func (s *scanner) valueEnd() {
	if s.depth == 0 {
		s.state = scanDone
		return
	}
	s.state = scanNextItem
	if top := s.depth - 1; s.objects[top>>6]>>(top&63)&1 == 1 {
		s.state = scanNextMember
	}
}

// isJSON is whether b is one JSON value and white space around it.
func isJSON(b []byte) bool {
	var s scanner
	n := s.scan(b)
	if n == len(b) && s.depth == 0 && s.numberMayEnd() {
		return true
	}
	return s.state == scanDone && len(skipSpace(b[n:])) == 0
}

// skipSpace is b without its leading white space.
func skipSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\n' || b[0] == '\r' || b[0] == '\t') {
		b = b[1:]
	}
	return b
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}
