package decode

// compound reads an object or an array with all that is in it. It keeps a bit
// a level instead of calling itself, so depth costs no stack.
func (s *scanner) compound(i int) int {
	b := s.b
	var objects levels
	depth, closing := 0, byte(0)
	for {
		ended := true // a value has; one that was only opened has not
		switch {
		case i < len(b) && b[i]|0x20 == '{': // [ or {
			if depth == maxDepth {
				return s.fail(badDepth, i)
			}
			closing = b[i] + 2 // so far apart are they in ASCII
			objects.set(depth, closing == '}')
			depth++
			i = s.space(i + 1)
			ended = i < len(b) && b[i] == closing
		case i < len(b) && b[i] == '"':
			i = s.str(i)
		default:
			i = s.value(i)
		}
		for ended {
			if i < 0 {
				return -1
			}
			if i = s.space(i); i >= len(b) {
				return s.fail(badSyntax, i)
			}
			switch b[i] {
			case ',':
				ended = false
			case closing:
				if depth--; depth == 0 {
					return i + 1
				}
				closing = objects.closing(depth - 1)
			default:
				return s.fail(badSyntax, i)
			}
			i++
		}
		if closing == ']' {
			i = s.space(i)
		} else if _, i = s.key(i); i < 0 {
			return -1
		}
	}
}

// levels says of each level whether it is an object or an array.
type levels [maxDepth / 64]uint64

func (l *levels) set(depth int, object bool) {
	word, bit := &l[depth/64%len(l)], uint64(1)<<(depth%64)
	*word &^= bit
	if object {
		*word |= bit
	}
}

// closing is the bracket that ends a level.
func (l *levels) closing(depth int) byte {
	if l[depth/64%len(l)]>>(depth%64)&1 != 0 {
		return '}'
	}
	return ']'
}
