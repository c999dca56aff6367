package main

import (
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

// newJSONEncoder writes values as lines that a terminal may show.
func newJSONEncoder(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(inertJSON{w})
	enc.SetEscapeHTML(false)
	return enc
}

// inertJSON writes whole JSON values, with \u escapes for the characters that a
// terminal obeys and encoding/json leaves as they are: DEL, the C1 controls and
// the marks that turn the direction of text. They can stand in strings alone, so
// it stays the same JSON. A byte that is no UTF-8 becomes U+FFFD, which is how a
// decoder reads it.
type inertJSON struct{ w io.Writer }

func (j inertJSON) Write(p []byte) (int, error) {
	var out []byte
	done := 0
	for i := 0; i < len(p); {
		if p[i] < 0x7f {
			i++
			continue
		}
		c, size := utf8.DecodeRune(p[i:])
		if obeyed(c) || c == utf8.RuneError && size == 1 {
			out = fmt.Appendf(append(out, p[done:i]...), `\u%04x`, c)
			done = i + size
		}
		i += size
	}
	if done == 0 {
		return j.w.Write(p)
	}
	if _, err := j.w.Write(append(out, p[done:]...)); err != nil {
		return 0, err
	}
	return len(p), nil
}

func obeyed(c rune) bool {
	return c >= 0x7f && c <= 0x9f || c == 0x200e || c == 0x200f || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069
}
