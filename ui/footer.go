package ui

import (
	"strings"

	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// drawFooter draws the keys that matter here, or what there is to say.
func (a *App) drawFooter(r canvas.Region) {
	switch {
	case a.pending != 0:
		word := map[rune]string{'m': "mark this place: press a letter", '\'': "jump to a mark: press its letter"}[a.pending]
		r.Text(1, 0, sAccent, word)
		return
	case a.toast.text != "":
		r.Cut(1, 0, r.W-2, a.toast.style, a.toast.text)
		return
	}
	var shown []binding
	used := 1
	here, quit := a.where(), binding{}
	for _, b := range bindings() {
		if b.foot&here == 0 {
			continue
		}
		if b.act == actQuit {
			quit = b
			continue
		}
		shown = append(shown, b)
	}
	need := footWidth(quit)
	x := 1
	for _, b := range shown {
		if used+footWidth(b)+need > r.W {
			continue
		}
		used += footWidth(b)
		x = a.footKey(r, x, b)
	}
	a.footKey(r, x, quit)
}

func footLabel(b binding) string {
	name, _, _ := strings.Cut(b.show, " ")
	return name
}

func footWidth(b binding) int {
	return sanitize.Width(footLabel(b)) + 1 + len(b.short) + 2
}

func (a *App) footKey(r canvas.Region, x int, b binding) int {
	end := r.Text(x, 0, sKey, footLabel(b))
	end = r.Text(end+1, 0, sKeyText, b.short)
	a.zones = append(a.zones, zone{rect{x, r.Y, end - x, 1}, b.act})
	return end + 2
}
