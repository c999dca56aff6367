// Package shot turns a frame, which is text with ANSI styles, into an SVG: a
// screenshot on a machine without a display. The same frame gives the same
// bytes. A word of ASCII is one <text>; every other character is one of its own
// at its own cell, so that no font can shift what follows it; lines and blocks
// are drawn, so that they join.
package shot

import (
	"fmt"
	"image/color"
	"strings"
	"unicode/utf8"

	uv "github.com/charmbracelet/ultraviolet"
)

// Size of a cell in SVG units, and where text stands in it.
const (
	cellW    = 8.4
	cellH    = 18.0
	baseline = 13.5
	fontSize = 14
)

// Look is what a terminal would decide.
type Look struct {
	Fg, Bg color.Color // of text without a colour
	Title  string      // of the SVG, for readers who do not see it
}

// Dark is a usual dark terminal.
func Dark(title string) Look {
	return Look{Fg: color.RGBA{0xd6, 0xdb, 0xe3, 0xff}, Bg: color.RGBA{0x12, 0x16, 0x1c, 0xff}, Title: title}
}

// Light is a usual light terminal.
func Light(title string) Look {
	return Look{Fg: color.RGBA{0x24, 0x29, 0x2f, 0xff}, Bg: color.RGBA{0xff, 0xff, 0xff, 0xff}, Title: title}
}

// SVG is the frame on a terminal of w by h cells.
func SVG(frame string, w, h int, look Look) string {
	buf := uv.NewScreenBuffer(w, h)
	uv.NewStyledString(frame).Draw(buf, uv.Rect(0, 0, w, h))
	p := &painter{look: look}
	p.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" font-family="JetBrains Mono, DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="%d" shape-rendering="crispEdges">`+"\n",
		num(float64(w)*cellW), num(float64(h)*cellH), num(float64(w)*cellW), num(float64(h)*cellH), fontSize)
	p.printf("<title>%s</title>\n", escape(look.Title))
	p.printf(`<rect width="100%%" height="100%%" fill="%s"/>`+"\n", hex(look.Bg))
	for y := range h {
		p.row(buf, y, w)
	}
	p.printf("</svg>\n")
	return p.b.String()
}

type painter struct {
	b    strings.Builder
	look Look
}

func (p *painter) printf(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

// row draws the grounds of a line, then what stands on them.
func (p *painter) row(buf uv.ScreenBuffer, y, w int) {
	for x := 0; x < w; {
		_, bg := p.colours(buf.CellAt(x, y))
		n := 1
		for x+n < w && bg != "" {
			if _, next := p.colours(buf.CellAt(x+n, y)); next != bg {
				break
			}
			n++
		}
		if bg != "" {
			p.rect(float64(x)*cellW, float64(y)*cellH, float64(n)*cellW, cellH, bg)
		}
		x += n
	}
	for x := 0; x < w; {
		x += p.piece(buf, x, y, w)
	}
}

// piece draws the character at x, or the whole ASCII word that starts there,
// and returns how many cells it took.
func (p *painter) piece(buf uv.ScreenBuffer, x, y, w int) int {
	c := buf.CellAt(x, y)
	if c == nil || c.Content == "" || c.Content == " " {
		return 1
	}
	fg, _ := p.colours(c)
	r, _ := utf8.DecodeRuneInString(c.Content)
	if p.drawn(r, float64(x)*cellW, float64(y)*cellH, fg) {
		return 1
	}
	text, n := c.Content, max(1, c.Width)
	for word := ascii(c.Content); word && x+n < w; {
		next := buf.CellAt(x+n, y)
		if next == nil || !ascii(next.Content) || !next.Style.Equal(&c.Style) {
			break
		}
		text += next.Content
		n++
	}
	p.text(float64(x)*cellW, float64(y)*cellH, text, fg, n, &c.Style)
	return n
}

func (p *painter) text(x, y float64, s, fg string, n int, st *uv.Style) {
	p.printf(`<text x="%s" y="%s" fill="%s"`, num(x), num(y+baseline), fg)
	if n > 1 {
		p.printf(` textLength="%s" lengthAdjust="spacingAndGlyphs"`, num(float64(n)*cellW))
	}
	if st.Attrs&uv.AttrBold != 0 {
		p.b.WriteString(` font-weight="bold"`)
	}
	if st.Attrs&uv.AttrItalic != 0 {
		p.b.WriteString(` font-style="italic"`)
	}
	if st.Attrs&uv.AttrFaint != 0 {
		p.b.WriteString(` opacity="0.6"`)
	}
	if st.Underline != uv.UnderlineNone {
		p.b.WriteString(` text-decoration="underline"`)
	}
	p.printf(">%s</text>\n", escape(s))
}

func (p *painter) rect(x, y, w, h float64, fill string) {
	p.printf(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n", num(x), num(y), num(w), num(h), fill)
}

// colours of a cell; the ground is "" where it is the terminal's own.
func (p *painter) colours(c *uv.Cell) (fg, bg string) {
	if c == nil {
		return hex(p.look.Fg), ""
	}
	f, b := c.Style.Fg, c.Style.Bg
	if f == nil {
		f = p.look.Fg
	}
	if c.Style.Attrs&uv.AttrReverse != 0 {
		if b == nil {
			b = p.look.Bg
		}
		return hex(b), hex(f)
	}
	if b != nil {
		bg = hex(b)
	}
	return hex(f), bg
}

func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

func num(x float64) string {
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.2f", x), "0"), ".")
}

func ascii(s string) bool { return len(s) == 1 && s[0] > ' ' && s[0] < 0x7f }

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}
