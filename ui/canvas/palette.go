package canvas

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Palette says how each role looks. It is immutable.
type Palette struct {
	sgr   [][1 << attrs]string
	ascii bool
}

// NewPalette returns the palette whose role i looks like looks[i]; a role
// beyond them looks plain. With ascii, every cell that is not ASCII is
// replaced by the nearest that is.
func NewPalette(looks []ansi.Style, ascii bool) *Palette {
	p := &Palette{sgr: make([][1 << attrs]string, len(looks)), ascii: ascii}
	for i, look := range looks {
		for a := range p.sgr[i] {
			p.sgr[i][a] = sgr(look, Style(a)<<8)
		}
	}
	return p
}

// sgr is the sequence for a look with attributes, after a reset.
func sgr(look ansi.Style, a Style) string {
	s := append(ansi.Style{}.Reset(), look...)
	if a&Bold != 0 {
		s = s.Bold()
	}
	if a&Faint != 0 {
		s = s.Faint()
	}
	if a&Underline != 0 {
		s = s.Underline(true)
	}
	if a&Reverse != 0 {
		s = s.Reverse(true)
	}
	return s.String()
}

func (p *Palette) of(s Style) string {
	if r := int(s & roleMask); r < len(p.sgr) {
		return p.sgr[r][s>>8]
	}
	return ansi.ResetStyle
}

// String is the canvas as lines of styled text, without the blanks at the end
// of a line.
func (c *Canvas) String(p *Palette) string {
	var b strings.Builder
	b.Grow(c.w*c.h + c.w*c.h/2)
	for y := range c.h {
		if y > 0 {
			b.WriteByte('\n')
		}
		row := c.cells[y*c.w : (y+1)*c.w]
		end := len(row)
		for end > 0 && row[end-1].text == " " && row[end-1].style&^(Bold|Faint) == Plain {
			end--
		}
		writeRow(&b, row[:end], p)
	}
	return b.String()
}

func writeRow(b *strings.Builder, row []cell, p *Palette) {
	style := Plain
	for i := range row {
		if s := row[i].style; s != style {
			b.WriteString(p.of(s))
			style = s
		}
		if p.ascii {
			writeASCII(b, row[i])
		} else {
			b.WriteString(row[i].text)
		}
	}
	if style != Plain {
		b.WriteString(ansi.ResetStyle)
	}
}

// writeASCII writes a cell in as many ASCII characters as it is wide.
func writeASCII(b *strings.Builder, c cell) {
	if len(c.text) <= 1 {
		b.WriteString(c.text)
		return
	}
	r, _ := utf8.DecodeRuneInString(c.text)
	b.WriteByte(plainOf(r))
	for i := 1; i < int(c.width); i++ {
		b.WriteByte('?')
	}
}

// plainOf is the ASCII character that stands for r.
func plainOf(r rune) byte {
	switch r {
	case '─', '━', '╌', '┄', '╴', '╶', '—', '–':
		return '-'
	case '│', '┃', '┆', '╎', '▏', '▕':
		return '|'
	case '▶', '›', '→', '▸':
		return '>'
	case '◀', '‹', '←', '◂':
		return '<'
	case '▲', '↑', '▴':
		return '^'
	case '▼', '↓', '▾':
		return 'v'
	case '✗', '╳', '×':
		return 'x'
	case '✓':
		return '+'
	case '●', '•':
		return '*'
	case '○', '◌':
		return 'o'
	case '…':
		return '~'
	case '·':
		return '.'
	case '≠':
		return '!'
	case 'µ':
		return 'u'
	case '▁', '▂':
		return '_'
	case '▃', '▄':
		return '-'
	case '▅', '▆':
		return '='
	case '▇', '█', '▉', '▊', '▋', '▌', '▍', '▎', '▐':
		return '#'
	case '░', '▒', '▓':
		return '.'
	}
	if r >= '─' && r <= '╿' {
		return '+'
	}
	return '?'
}
