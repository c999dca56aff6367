package pretty

import "strings"

// Kind is what a piece of a JSON line is.
type Kind uint8

// Kinds of a Span.
const (
	Punct Kind = iota
	Key
	String
	Number
	Literal // true, false, null
)

// Span is a piece of a line of one kind.
type Span struct {
	Text string
	Kind Kind
}

// Spans splits a line of indented JSON into its pieces, in order; together they
// are the line. A line that is no JSON is split somehow.
func Spans(line string) []Span {
	var out []Span
	for len(line) > 0 {
		n, k := 1, Punct
		switch c := line[0]; {
		case c == '"':
			n, k = stringEnd(line), String
			if rest := strings.TrimLeft(line[n:], " "); strings.HasPrefix(rest, ":") {
				k = Key
			}
		case c == '-' || c >= '0' && c <= '9':
			n, k = run(line, "+-.eE0123456789"), Number
		case c >= 'a' && c <= 'z':
			n, k = run(line, "abcdefghijklmnopqrstuvwxyz"), Literal
		default:
			n = 1 + strings.IndexFunc(line[1:]+`"`, func(r rune) bool {
				return r == '"' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z'
			})
		}
		out = append(out, Span{line[:n], k})
		line = line[n:]
	}
	return out
}

// stringEnd is the length of the string literal at the start of s.
func stringEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

func run(s, set string) int {
	n := 1
	for n < len(s) && strings.IndexByte(set, s[n]) >= 0 {
		n++
	}
	return n
}
