package shot

// arms are the ends of the lines of a box-drawing character that meet in the
// middle of its cell.
type arms struct{ left, right, up, down bool }

// drawn draws r as lines or rectangles if it is one of the characters that must
// join their neighbours, and says whether it did.
func (p *painter) drawn(r rune, x, y float64, fg string) bool {
	if r >= '▁' && r <= '█' {
		part := float64(r-'▁'+1) / 8
		p.rect(x, y+cellH*(1-part), cellW, cellH*part, fg)
		return true
	}
	switch r {
	case '▐':
		p.rect(x+cellW/2, y, cellW/2, cellH, fg)
	case '░':
		p.printf(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s" opacity="0.35"/>`+"\n", num(x), num(y), num(cellW), num(cellH), fg)
	default:
		a, thick, ok := boxArms(r)
		if !ok {
			return false
		}
		p.lines(a, x, y, thick, fg)
	}
	return true
}

// boxArms is what a box-drawing character is made of, and how thick.
func boxArms(r rune) (a arms, thick float64, ok bool) {
	const thin = 1.2
	switch r {
	case '─':
		return arms{left: true, right: true}, thin, true
	case '│':
		return arms{up: true, down: true}, thin, true
	case '┃':
		return arms{up: true, down: true}, 3, true
	case '├':
		return arms{right: true, up: true, down: true}, thin, true
	case '┤':
		return arms{left: true, up: true, down: true}, thin, true
	case '┼':
		return arms{true, true, true, true}, thin, true
	case '└', '╰':
		return arms{right: true, up: true}, thin, true
	case '╭':
		return arms{right: true, down: true}, thin, true
	case '╮':
		return arms{left: true, down: true}, thin, true
	case '╯':
		return arms{left: true, up: true}, thin, true
	case '╶':
		return arms{right: true}, thin, true
	}
	return arms{}, 0, false
}

func (p *painter) lines(a arms, x, y, thick float64, fg string) {
	mx, my := x+cellW/2, y+cellH/2
	if a.left || a.right {
		from, to := mx-thick/2, mx+thick/2
		if a.left {
			from = x
		}
		if a.right {
			to = x + cellW
		}
		p.rect(from, my-thick/2, to-from, thick, fg)
	}
	if a.up || a.down {
		from, to := my-thick/2, my+thick/2
		if a.up {
			from = y
		}
		if a.down {
			to = y + cellH
		}
		p.rect(mx-thick/2, from, thick, to-from, fg)
	}
}
