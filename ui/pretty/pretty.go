// Package pretty turns the body of a message into lines for reading: indented
// JSON whose lines can be coloured one at a time, a hex dump, and plain words
// for hex quantities. Nothing here sanitises; what draws the lines does.
package pretty

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// JSON is body indented by two spaces, and whether it was JSON; if it was not,
// body itself.
func JSON(body []byte) ([]byte, bool) {
	var b bytes.Buffer
	if err := json.Indent(&b, bytes.TrimSpace(body), "", "  "); err != nil {
		return body, false
	}
	return b.Bytes(), true
}

// Lines is where each line of text starts.
func Lines(text []byte) []int {
	starts := make([]int, 1, 1+bytes.Count(text, []byte{'\n'}))
	for i, c := range text {
		if c == '\n' && i+1 < len(text) {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// HexWidth is how many bytes a line of Hex shows.
const HexWidth = 16

// Hex is one line of a hex dump: the bytes of b from off on, at most HexWidth.
func Hex(b []byte, off int) string {
	row := b[off:min(len(b), off+HexWidth)]
	var hex, text []byte
	for i := range HexWidth {
		if i == HexWidth/2 {
			hex = append(hex, ' ')
		}
		if i >= len(row) {
			hex = append(hex, "   "...)
			continue
		}
		hex = fmt.Appendf(hex, "%02x ", row[i])
		if c := row[i]; c >= ' ' && c < 0x7f {
			text = append(text, c)
		} else {
			text = append(text, '.')
		}
	}
	return fmt.Sprintf("%08x  %s %s", off, hex, text)
}
