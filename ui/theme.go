package ui

import (
	"fmt"
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sessiontop/sessiontop/ui/canvas"
)

// Roles: what a piece of the screen is. A Theme says how each looks.
const (
	sText canvas.Style = iota
	sDim
	sTitle
	sAccent
	sGood
	sWarn
	sBad
	sHead
	sHeadSort
	sBar
	sBarDim
	sBarTitle
	sBarGood
	sBarWarn
	sBarBad
	sTab
	sTabOn
	sKey
	sKeyText
	sBorder
	sBorderOn
	sJSONKey
	sJSONString
	sJSONNumber
	sJSONLiteral
	sJSONPunct
	sNote
	sMatch
	sSpark
	sInput
	sInputBad
	sPopup
	sPopupKey
	sPopupDim
	sPopupTitle
	sFlagged // the field that decided a finding
	sLane    // lanes take sLane … sLane+laneColours-1
)

// laneColours is how many colours tell processes apart.
const laneColours = 6

// tokens are the colours of a theme; nil leaves the terminal's own.
type tokens struct {
	dim, accent, good, warn, bad   color.Color
	barFg, barBg, border, popup    color.Color
	key, str, num, lit, match, ink color.Color
	onAccent                       color.Color // text on the accent
	spark                          color.Color
	lanes                          [laneColours]color.Color
}

// Themes lists the names that ParseTheme knows.
func Themes() []string {
	return []string{"auto", "dark", "light", "colour-blind", "colour-blind-light", "16", "none"}
}

// ParseTheme checks the name of a theme; "" is "auto", which is dark or light
// by the terminal's background.
func ParseTheme(name string) (string, error) {
	name = strings.ToLower(name)
	switch name {
	case "":
		return "auto", nil
	case "color-blind", "colorblind", "colourblind":
		return "colour-blind", nil
	}
	for _, t := range Themes() {
		if t == name {
			return t, nil
		}
	}
	return "", fmt.Errorf("theme %q is unknown; one of %s", name, strings.Join(Themes(), ", "))
}

func hex(s string) color.Color { return lipgloss.Color(s) }

func themeTokens(name string, dark bool) tokens {
	switch name {
	case "none":
		return tokens{}
	case "16":
		return sixteen()
	case "colour-blind":
		return colourBlind()
	case "colour-blind-light":
		return colourBlindLight()
	case "light":
		return light()
	case "dark":
		return darkTokens()
	}
	if dark {
		return darkTokens()
	}
	return light()
}

func darkTokens() tokens {
	return tokens{
		dim: hex("#7d8799"), accent: hex("#61afef"), good: hex("#7bc275"), warn: hex("#e5b567"), bad: hex("#ff6b6b"),
		barFg: hex("#cdd5e0"), barBg: hex("#232a36"), border: hex("#434c5e"), popup: hex("#1b212b"),
		key: hex("#7cc5ff"), str: hex("#a8cc8c"), num: hex("#e5b567"), lit: hex("#d19af0"),
		match: hex("#f2d649"), ink: hex("#101418"), onAccent: hex("#101418"), spark: hex("#5fb3b3"),
		lanes: [laneColours]color.Color{hex("#61afef"), hex("#d19af0"), hex("#5fb3b3"), hex("#e5a06e"), hex("#a8cc8c"), hex("#f0a6c8")},
	}
}

func light() tokens {
	return tokens{
		dim: hex("#6b7480"), accent: hex("#0b5cad"), good: hex("#1a7f37"), warn: hex("#8a5a00"), bad: hex("#c4161c"),
		barFg: hex("#1f2733"), barBg: hex("#dfe5ec"), border: hex("#b3bcc8"), popup: hex("#f2f4f7"),
		key: hex("#0b5cad"), str: hex("#256b2b"), num: hex("#8a5a00"), lit: hex("#7a3fb0"),
		match: hex("#ffe066"), ink: hex("#101418"), onAccent: hex("#ffffff"), spark: hex("#1b7c7c"),
		lanes: [laneColours]color.Color{hex("#0b5cad"), hex("#7a3fb0"), hex("#1b7c7c"), hex("#a14a00"), hex("#256b2b"), hex("#a8326f")},
	}
}

// colourBlind uses the palette of Okabe and Ito (2008), lightened for a dark
// ground: good and bad differ in blue against orange, never red against green.
func colourBlind() tokens {
	t := darkTokens()
	t.accent, t.good, t.warn, t.bad = hex("#56b4e9"), hex("#56b4e9"), hex("#f0e442"), hex("#ff8c1a")
	t.key, t.str, t.num, t.lit = hex("#56b4e9"), hex("#d6dbe3"), hex("#f0e442"), hex("#cc79a7")
	t.spark = hex("#56b4e9")
	t.lanes = [laneColours]color.Color{hex("#56b4e9"), hex("#cc79a7"), hex("#f0e442"), hex("#33c9a0"), hex("#d6dbe3"), hex("#9aa7ff")}
	return t
}

func colourBlindLight() tokens {
	t := light()
	t.accent, t.good, t.warn, t.bad = hex("#0072b2"), hex("#0072b2"), hex("#7a6a00"), hex("#b84e00")
	t.key, t.str, t.num, t.lit = hex("#0072b2"), hex("#30363d"), hex("#7a6a00"), hex("#a0447a")
	t.spark = hex("#0072b2")
	t.lanes = [laneColours]color.Color{hex("#0072b2"), hex("#a0447a"), hex("#7a6a00"), hex("#00775a"), hex("#30363d"), hex("#4a4fb5")}
	return t
}

// sixteen leaves every shade to the terminal's own sixteen colours.
func sixteen() tokens {
	return tokens{
		dim: ansi.BrightBlack, accent: ansi.Cyan, good: ansi.Green, warn: ansi.Yellow, bad: ansi.BrightRed,
		barFg: ansi.White, barBg: ansi.Black, border: ansi.BrightBlack,
		key: ansi.Cyan, str: ansi.Green, num: ansi.Yellow, lit: ansi.Magenta,
		match: ansi.Yellow, ink: ansi.Black, onAccent: ansi.Black, spark: ansi.Cyan,
		lanes: [laneColours]color.Color{ansi.Cyan, ansi.Magenta, ansi.Blue, ansi.Yellow, ansi.Green, ansi.BrightMagenta},
	}
}

// newPalette gives every role its look. Without colour, attributes carry what
// colour would: they never carry meaning alone either.
func newPalette(name string, dark, ascii bool) *canvas.Palette {
	t := themeTokens(name, dark)
	looks := make([]ansi.Style, sLane+laneColours)
	for role, look := range t.looks(name == "none") {
		looks[role] = look
	}
	for i, c := range t.lanes {
		looks[sLane+canvas.Style(i)] = fg(c)
	}
	return canvas.NewPalette(looks, ascii)
}

func (t *tokens) looks(mono bool) map[canvas.Style]ansi.Style {
	bar := func(c color.Color) ansi.Style { return on(c, t.barBg) }
	tabOn := on(t.onAccent, t.accent).Bold()
	match := on(t.ink, t.match)
	barBase := bar(t.barFg)
	if mono {
		tabOn, match = ansi.NewStyle().Bold().Reverse(true), ansi.NewStyle().Underline(true).Bold()
		barBase = ansi.NewStyle()
	}
	return map[canvas.Style]ansi.Style{
		sDim: fg(t.dim), sTitle: ansi.NewStyle().Bold(), sAccent: fg(t.accent),
		sGood: fg(t.good), sWarn: fg(t.warn), sBad: fg(t.bad).Bold(),
		sHead: fg(t.dim).Bold(), sHeadSort: fg(t.accent).Bold(),
		sBar: barBase, sBarDim: bar(t.dim), sBarTitle: bar(t.accent).Bold(),
		sBarGood: bar(t.good).Bold(), sBarWarn: bar(t.warn).Bold(), sBarBad: bar(t.bad).Bold(),
		sTab: fg(t.dim), sTabOn: tabOn, sKey: fg(t.accent).Bold(), sKeyText: fg(t.dim),
		sBorder: fg(t.border), sBorderOn: fg(t.accent),
		sJSONKey: fg(t.key), sJSONString: fg(t.str), sJSONNumber: fg(t.num), sJSONLiteral: fg(t.lit),
		sJSONPunct: fg(t.dim), sNote: fg(t.dim).Italic(true), sMatch: match, sSpark: fg(t.spark),
		sInput: ansi.NewStyle().Bold(), sInputBad: fg(t.bad).Bold().Underline(true),
		sPopup: on(t.barFg, t.popup), sPopupKey: on(t.accent, t.popup).Bold(), sPopupDim: on(t.dim, t.popup),
		sPopupTitle: on(t.accent, t.popup).Bold(), sFlagged: fg(t.bad).Bold().Underline(true),
	}
}

func fg(c color.Color) ansi.Style { return on(c, nil) }

func on(fore, back color.Color) ansi.Style {
	s := ansi.NewStyle()
	if fore != nil {
		s = s.ForegroundColor(fore)
	}
	if back != nil {
		s = s.BackgroundColor(back)
	}
	return s
}
