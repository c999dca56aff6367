package ui

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"github.com/sessiontop/sessiontop/ui/internal/world"
)

var sgrColour = regexp.MustCompile(`\x1b\[[0-9;]*\b(3[0-7]|38|4[0-7]|48|9[0-7])[;m]`)

func everyScreen(d *driver, look func(content string)) {
	for _, keys := range [][]string{nil, {"enter"}, {"enter"}, {"esc", "esc"}, {"2"}, {"enter"}, {"3"}, {"4"}, {"j"}, {"5"}, {"i"}, {"esc", "?"}, {"esc", "c"}, {"esc", "/"}} {
		d.Press(keys...)
		look(d.app.View().Content)
	}
}

func TestNoColorHasNoColour(t *testing.T) {
	everyScreen(fleet(t, func(c *Config) { c.NoColor = true }), func(s string) {
		if at := sgrColour.FindString(s); at != "" {
			t.Fatalf("colour %q in\n%s", at, ansi.Strip(s))
		}
	})
}

func TestColourIsThereOtherwise(t *testing.T) {
	for _, theme := range []string{"dark", "light", "colour-blind", "colour-blind-light", "16"} {
		if !sgrColour.MatchString(fleet(t, func(c *Config) { c.Theme = theme }).app.View().Content) {
			t.Errorf("%s has no colour", theme)
		}
	}
}

func TestASCII(t *testing.T) {
	everyScreen(fleet(t, func(c *Config) { c.ASCII = true }), func(s string) {
		for _, r := range ansi.Strip(s) {
			if r > unicode.MaxASCII {
				t.Fatalf("%q in\n%s", r, ansi.Strip(s))
			}
		}
	})
	fleet(t, func(c *Config) { c.ASCII = true }).Size(80, 24).Press("enter").Golden("ladder-ascii-80x24")
}

func TestSelectionIsReversed(t *testing.T) {
	lines := strings.Split(fleet(t, func(c *Config) { c.NoColor = true }).app.View().Content, "\n")
	if !strings.Contains(lines[3], "\x1b[0;7m") {
		t.Errorf("selected row: %q", lines[3])
	}
	if strings.Contains(lines[4], "\x1b[0;7m") {
		t.Errorf("other row: %q", lines[4])
	}
}

func TestHostileTextCannotLeave(t *testing.T) {
	everyScreen(fleet(t), func(s string) {
		for _, r := range ansi.Strip(s) {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
				t.Fatalf("%U on the screen", r)
			}
		}
		for _, bad := range []string{"\x1b[2J", "\x1b]0;", "\x1b[H", "\x1b[31mevil"} {
			if strings.Contains(s, bad) {
				t.Fatalf("%q reached the terminal", bad)
			}
		}
	})
	fleet(t).Press("/").Type("evil").Press("enter").Sees("␛[31mevil<U+")
}

// The evidence tells what happened, and why, in sentences that are broken at
// blanks: a name in them stays in one piece.
func TestAHostileNameBreaksNoSentence(t *testing.T) {
	w := world.New(false)
	shared := world.Conn("1.1.1.1:1", "2.2.2.2:2", "http://n")
	w.Proc(100, 1, "main\n\x1b[2J\u202ecmd")
	w.Open(0, 100, shared)
	for pid := 101; pid <= 102; pid++ {
		w.Proc(pid, 100, "child\ttwo\nlines")
		w.Fork(float64(pid-90), 100, pid)
		w.Send(1000, pid, shared, pid, "eth\nchainId", "[]")
	}
	w.Recv(1001, 101, shared, 102, `"0x1"`)
	w.Recv(1002, 102, shared, 101, `"0x1"`)
	d := drive(t, w.End()).Size(200, 40).Press("4")
	d.Sees("was opened by main␊␛[2J<U+202E>cmd 100")
	d.Press("j").Sees("101 asked eth␊chainId and read PID 102's reply to eth␊chainId", "was opened by main␊␛[2J<U+202E>cmd 100")
}

func TestThemes(t *testing.T) {
	for _, name := range Themes() {
		if got, err := ParseTheme(name); err != nil || got != name {
			t.Errorf("ParseTheme(%q) = %q, %v", name, got, err)
		}
	}
	if _, err := ParseTheme("pink"); err == nil || !strings.Contains(err.Error(), "colour-blind") {
		t.Errorf("pink: %v", err)
	}
	fleet(t).Press(":").Type("theme pink").Press("enter").Sees(`theme "pink" is unknown`)
	d := fleet(t)
	before := d.app.View().Content
	if d.Press(":").Type("theme light").Press("enter"); d.app.View().Content == before {
		t.Error("the theme did not change")
	}
}
