// Package sanitize makes text from a log safe to print on a terminal: no byte
// of it can move the cursor, change a colour, reorder what stands around it, or
// take more or fewer cells than it says.
//
// What cannot be shown is spelled out rather than dropped, so that a hostile
// string looks hostile: ESC is "␛", a bidi override is "<U+202E>", a byte that
// is no UTF-8 is "\x9b".
//
// The functions are pure and may be called from any goroutine.
package sanitize

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// maxCluster is the longest grapheme cluster, in bytes, that is shown as it is.
// A base with more marks on it than this is a tower, not a letter.
const maxCluster = 16

// Text is s made safe. It returns s itself where nothing had to change.
func Text(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	Each(s, func(cell string, _ int) bool {
		b.WriteString(cell)
		return true
	})
	return b.String()
}

// Width is the number of cells that Text(s) takes.
func Width(s string) int {
	if plain(s) {
		return len(s)
	}
	n := 0
	Each(s, func(_ string, w int) bool {
		n += w
		return true
	})
	return n
}

// Each calls f with what goes into each cell of Text(s), one grapheme cluster
// of width 1 or 2 at a time, until f returns false.
func Each(s string, f func(cell string, width int) bool) {
	for len(s) > 0 {
		if c := s[0]; c >= ' ' && c < 0x7f && (len(s) == 1 || s[1] < utf8.RuneSelf) {
			if !f(s[:1], 1) {
				return
			}
			s = s[1:]
			continue
		}
		if r, n := utf8.DecodeRuneInString(s); simple(r) && alone(s[n:]) {
			if !f(s[:n], 1) {
				return
			}
			s = s[n:]
			continue
		}
		cluster, n := next(s)
		if w := safeWidth(cluster); w > 0 {
			if !f(cluster, w) {
				return
			}
		} else if !spell(cluster, f) {
			return
		}
		s = s[n:]
	}
}

// alone says that nothing at the start of rest joins what stands before it.
func alone(rest string) bool {
	if rest == "" || rest[0] < utf8.RuneSelf {
		return true
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return simple(r)
}

// plain says that s is printable ASCII, which needs no work.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// next is the first grapheme cluster of s, or its first rune where that is
// one that must stand alone.
func next(s string) (cluster string, n int) {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError || n == 1 && (r < ' ' || r == 0x7f) {
		return s[:n], n
	}
	cluster, _ = ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	if cluster == "" {
		return s[:n], n
	}
	return cluster, len(cluster)
}

// safeWidth is the width of a cluster that may be printed as it is, 0 of one
// that may not: terminals must agree on its width, whether they measure
// clusters or runes.
func safeWidth(cluster string) int {
	if len(cluster) > maxCluster {
		return 0
	}
	for _, r := range cluster {
		if r == utf8.RuneError || !unicode.IsGraphic(r) || r == 0xad || isRegional(r) {
			return 0
		}
		if unicode.IsSpace(r) && r != ' ' {
			return 0
		}
		if r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef {
			return 0 // variation selectors: terminals differ on their width
		}
		if r >= 0x1f3fb && r <= 0x1f3ff || r >= 0x1160 && r <= 0x11ff || r >= 0xd7b0 && r <= 0xd7ff {
			return 0 // skin tones and conjoining Hangul: they join what stands before
		}
	}
	w := ansi.StringWidth(cluster)
	if w < 1 || w > 2 || w != ansi.StringWidthWc(cluster) || joins(cluster) {
		return 0
	}
	return w
}

// isRegional: two regional indicators make one flag, even from two strings.
func isRegional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// joins says that a cluster would melt with a letter before or after it.
func joins(cluster string) bool {
	if first, _ := ansi.FirstGraphemeCluster("a"+cluster, ansi.GraphemeWidth); len(first) != 1 {
		return true
	}
	first, _ := ansi.FirstGraphemeCluster(cluster+"a", ansi.GraphemeWidth)
	return len(first) != len(cluster)
}

// simple says that r is one of the lines, blocks and arrows that the screens
// themselves are made of, which need no closer look.
func simple(r rune) bool {
	return r >= '─' && r <= '▟' || r == '…' || r == '▶' || r == '◀' || r == '·' || r == '✗' || r == '●'
}

// spell writes out a cluster that cannot be shown. Only its first rune may stand
// as it is: others would join it again.
func spell(cluster string, f func(string, int) bool) bool {
	for whole := len(cluster); len(cluster) > 0; {
		r, n := utf8.DecodeRuneInString(cluster)
		var text string
		switch {
		case r == utf8.RuneError && n == 1:
			text = fmt.Sprintf(`\x%02x`, cluster[0])
		case r < ' ':
			text = string('␀' + r)
		case r == 0x7f:
			text = "␡"
		case n > 1 && len(cluster) == whole && safeWidth(cluster[:n]) > 0:
			text = cluster[:n]
		case n == 1:
			text = cluster[:1]
		default:
			text = fmt.Sprintf("<U+%04X>", r)
		}
		if !cells(text, f) {
			return false
		}
		cluster = cluster[n:]
	}
	return true
}

// cells hands text to f: whole where it is one rune, else byte by byte (ASCII).
func cells(text string, f func(string, int) bool) bool {
	if text[0] >= utf8.RuneSelf {
		return f(text, max(1, ansi.StringWidth(text)))
	}
	for i := range len(text) {
		if !f(text[i:i+1], 1) {
			return false
		}
	}
	return true
}
