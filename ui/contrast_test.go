package ui

import (
	"image/color"
	"math"
	"testing"
)

// luminance is the relative luminance of WCAG 2.2.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	line := func(v uint32) float64 {
		x := float64(v) / 0xffff
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*line(r) + 0.7152*line(g) + 0.0722*line(b)
}

// contrast is the contrast ratio of WCAG 2.2, 1 to 21.
func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestEveryThemeCanBeRead(t *testing.T) {
	grounds := map[string]color.Color{
		"dark": hex("#12161c"), "colour-blind": hex("#12161c"),
		"light": hex("#ffffff"), "colour-blind-light": hex("#ffffff"),
	}
	for name, ground := range grounds {
		k := themeTokens(name, true)
		for _, tc := range []struct {
			what       string
			fore, back color.Color
			least      float64
		}{
			{"the tab that is on", k.onAccent, k.accent, 4.5},
			{"a match", k.ink, k.match, 4.5},
			{"the status line", k.barFg, k.barBg, 4.5},
			{"errors in the status line", k.bad, k.barBg, 3},
			{"warnings in the status line", k.warn, k.barBg, 3},
			{"a popup", k.barFg, k.popup, 4.5},
			{"a popup's help", k.dim, k.popup, 3},
			{"errors", k.bad, ground, 4.5},
			{"warnings", k.warn, ground, 4.5},
			{"what is all right", k.good, ground, 4.5},
			{"what is dimmed", k.dim, ground, 4.5},
		} {
			if got := contrast(tc.fore, tc.back); got < tc.least {
				t.Errorf("%s: %s has a contrast of %.1f, want %.1f", name, tc.what, got, tc.least)
			}
		}
		for i, lane := range k.lanes {
			if got := contrast(lane, ground); got < 4.5 {
				t.Errorf("%s: lane %d has a contrast of %.1f", name, i, got)
			}
		}
	}
}
