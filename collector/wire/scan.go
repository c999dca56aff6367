package wire

// maxDepth is how deep a JSON value may nest; the session log's reader takes
// no deeper one.
const maxDepth = 512

// What a scanner is in the midst of.
const (
	scanValue     = iota // a value must come
	scanFirstItem        // a value or "]"
	scanFirstKey         // a key or "}"
	scanKey              // a key must come
	scanColon            //
	scanNext             // "," or the end of the array or object
	scanString           // within a string
	scanEscape           // after its "\"
	scanHex              // within \uXXXX
	scanLiteral          // within true, false, null
	scanMinus            // a number's digits must come
	scanZero             // after a leading 0
	scanInt              // within the integer part
	scanPoint            // a digit must come
	scanFraction         //
	scanExp              // a sign or digit must come
	scanExpSign          // a digit must come
	scanExpDigits        //
	scanDone             //
	scanBroken           //
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
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch s.state {
		case scanString:
			for c != '"' && c != '\\' && c >= ' ' {
				if i++; i == len(b) {
					return i
				}
				c = b[i]
			}
			s.inString(c)
		case scanEscape, scanHex:
			s.escape(c)
		case scanLiteral:
			if s.literal[0] != c {
				s.state = scanBroken
			} else if s.literal = s.literal[1:]; s.literal == "" {
				s.valueEnd()
			}
		case scanMinus, scanZero, scanInt, scanPoint, scanFraction, scanExp, scanExpSign, scanExpDigits:
			if s.number(c) {
				break
			}
			if s.valueEnd(); s.state == scanDone {
				return i
			}
			s.between(c)
		default:
			s.between(c)
		}
		if s.state >= scanDone {
			return i + 1
		}
	}
	return len(b)
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

// between takes a byte that stands outside strings, literals and numbers.
func (s *scanner) between(c byte) {
	if c == ' ' || c == '\n' || c == '\r' || c == '\t' {
		return
	}
	switch s.state {
	case scanNext:
		switch {
		case c == ',' && s.inObject():
			s.state = scanKey
		case c == ',':
			s.state = scanValue
		case c == '}' && s.inObject(), c == ']' && !s.inObject():
			s.leave()
		default:
			s.state = scanBroken
		}
	case scanColon:
		s.state = scanBroken
		if c == ':' {
			s.state = scanValue
		}
	case scanFirstKey, scanKey:
		switch {
		case c == '"':
			s.state, s.key = scanString, true
		case c == '}' && s.state == scanFirstKey:
			s.leave()
		default:
			s.state = scanBroken
		}
	case scanFirstItem, scanValue:
		if c == ']' && s.state == scanFirstItem {
			s.leave()
			return
		}
		s.begin(c)
	}
}

// begin takes the first byte of a value.
func (s *scanner) begin(c byte) {
	switch {
	case c == '{':
		s.enter(scanFirstKey, true)
	case c == '[':
		s.enter(scanFirstItem, false)
	case c == '"':
		s.state = scanString
	case c == 't':
		s.state, s.literal = scanLiteral, "rue"
	case c == 'f':
		s.state, s.literal = scanLiteral, "alse"
	case c == 'n':
		s.state, s.literal = scanLiteral, "ull"
	case c == '-':
		s.state = scanMinus
	case c == '0':
		s.state = scanZero
	case '1' <= c && c <= '9':
		s.state = scanInt
	default:
		s.state = scanBroken
	}
}

// number takes a byte of a number; false: the number has ended before it.
func (s *scanner) number(c byte) bool {
	digit := '0' <= c && c <= '9'
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

func (s *scanner) leave() {
	s.depth--
	s.valueEnd()
}

func (s *scanner) inObject() bool {
	top := s.depth - 1
	return s.objects[top>>6]>>(top&63)&1 == 1
}

func (s *scanner) valueEnd() {
	s.state = scanNext
	if s.depth == 0 {
		s.state = scanDone
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
