package decode

import (
	"encoding/binary"
	"math/bits"
)

// word is a key of up to seven bytes, packed: the first byte lowest. Every key
// that means something here is that short; all others are the word 0, as the
// empty key is.
type word uint64

// pack packs a key. A key with a NUL is none of ours.
func pack(key []byte) word {
	if len(key) > 7 {
		return 0
	}
	var w word
	for i := 0; i < len(key); i++ {
		if key[i] == 0 {
			return 0
		}
		w |= word(key[i]) << (8 * i)
	}
	return w
}

// key reads a member's key and colon and returns the index of its value.
func (s *scanner) key(i int) (word, int) {
	b := s.b
	if i+9 <= len(b) && b[i] == '"' {
		w := binary.LittleEndian.Uint64(b[i+1:])
		if m := special(w); m != 0 {
			n := bits.TrailingZeros64(m) &^ 7
			if byte(w>>n) == '"' {
				w &= 1<<n - 1
				if i += n>>3 + 2; i+1 < len(b) && b[i] == ':' && b[i+1] > ' ' {
					return word(w), i + 1
				}
				return word(w), s.colon(i)
			}
		}
	}
	return s.anyKey(i)
}

// anyKey is key for what is long, escaped, preceded by white space, or near
// the block's end.
func (s *scanner) anyKey(i int) (word, int) {
	if i = s.space(i); i >= len(s.b) || s.b[i] != '"' {
		return 0, s.fail(badSyntax, i)
	}
	end := s.str(i)
	if end < 0 {
		return 0, -1
	}
	var w word
	if raw := s.b[i:end]; len(raw) <= 6*7+2 {
		w = pack(text(raw, nil))
	}
	return w, s.colon(end)
}

// colon reads the colon after a key and returns the index of the value.
func (s *scanner) colon(i int) int {
	b := s.b
	if i+1 < len(b) && b[i] == ':' && b[i+1] > ' ' {
		return i + 1
	}
	if i = s.space(i); i >= len(b) || b[i] != ':' {
		return s.fail(badSyntax, i)
	}
	return s.space(i + 1)
}

// more reads what stands after a member or an item: a comma (more is true, the
// index is after it) or the closing bracket.
func (s *scanner) more(i int, closing byte) (next int, more bool) {
	if i = s.space(i); i < len(s.b) {
		switch s.b[i] {
		case ',':
			return i + 1, true
		case closing:
			return i + 1, false
		}
	}
	return s.fail(badSyntax, i), false
}
