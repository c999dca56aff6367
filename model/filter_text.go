package model

import (
	"strings"
	"unicode/utf8"
)

// text is a wanted text, compared without regard to ASCII case.
type text struct {
	want   string // in lower case
	how    textMatch
	folded bool // want has letters, so case has to be folded
}

type textMatch uint8

const (
	textWhole textMatch = iota
	textPart
	textGlob
)

func hasGlob(s string) bool { return strings.ContainsAny(s, "*?") }

// newText is the text s: with wildcards unless literal, else a part of the
// value if part, else the whole of it.
func newText(s string, literal, part bool) text {
	t := text{want: lower(s)}
	t.folded = t.want != strings.ToUpper(t.want)
	switch {
	case !literal && hasGlob(s):
		t.how = textGlob
	case part && s != "":
		t.how = textPart
	}
	return t
}

// in says whether s is, or contains, or matches the wanted text.
func (t *text) in(s string) bool {
	switch t.how {
	case textGlob:
		return globMatch(t.want, s)
	case textWhole:
		return len(s) == len(t.want) && foldPrefix(s, t.want)
	}
	if !t.folded {
		return strings.Contains(s, t.want)
	}
	for ; len(s) >= len(t.want); s = s[1:] {
		i := indexFold(s[:len(s)-len(t.want)+1], t.want[0])
		if i < 0 {
			return false
		}
		if s = s[i:]; foldPrefix(s, t.want) {
			return true
		}
	}
	return false
}

// indexFold is the index of the first byte of s that is c, which is in lower
// case, or its upper case.
func indexFold(s string, c byte) int {
	i := strings.IndexByte(s, c)
	if c < 'a' || c > 'z' {
		return i
	}
	if i >= 0 {
		s = s[:i]
	}
	if j := strings.IndexByte(s, c-'a'+'A'); j >= 0 {
		return j
	}
	return i
}

// foldPrefix says whether s, at least as long as want, starts with it.
func foldPrefix(s, want string) bool {
	for i := 0; i < len(want); i++ {
		if foldByte(s[i]) != want[i] {
			return false
		}
	}
	return true
}

func foldByte(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		b[i] = foldByte(c)
	}
	return string(b)
}

// globMatch says whether the whole of s matches the pattern, which is in lower
// case: * any text, ? one character. It goes back to the last * only, so its
// work is at most len(s) times len(pattern).
func globMatch(pattern, s string) bool {
	p, i := 0, 0
	star, mark := -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && pattern[p] == '?':
			_, n := utf8.DecodeRuneInString(s[i:])
			p, i = p+1, i+n
		case p < len(pattern) && pattern[p] == foldByte(s[i]):
			p, i = p+1, i+1
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
