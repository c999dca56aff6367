package sanitize_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/sessiontop/sessiontop/ui/sanitize"
)

func TestText(t *testing.T) {
	for _, tc := range []struct {
		name, in, want string
	}{
		{"plain", "eth_getBlockByNumber", "eth_getBlockByNumber"},
		{"empty", "", ""},
		{"escape", "\x1b[31mred", "␛[31mred"},
		{"osc title", "\x1b]0;owned\a", "␛]0;owned␇"},
		{"newline and tab", "a\tb\n", "a␉b␊"},
		{"delete", "a\x7f", "a␡"},
		{"C1 as UTF-8", "\u009b31m", "<U+009B>31m"},
		{"C1 as a byte", "\x9b31m", `\x9b31m`},
		{"bidi override", "gunicorn\u202etxt", "gunicorn<U+202E>txt"},
		{"bidi isolate", "\u2066x\u2069", "<U+2066>x<U+2069>"},
		{"zero width", "eth\u200b_call", "eth<U+200B>_call"},
		{"byte order mark", "\ufeffx", "<U+FEFF>x"},
		{"soft hyphen", "a\u00adb", "a<U+00AD>b"},
		{"no-break space", "a\u00a0b", "a<U+00A0>b"},
		{"line separator", "a\u2028b", "a<U+2028>b"},
		{"invalid UTF-8", "a\xffb", `a\xffb`},
		{"wide", "漢字", "漢字"},
		{"accent", "cafe\u0301", "cafe\u0301"},
		{"lone accent", "\u0301x", "<U+0301>x"},
		{"flag", "🇩🇪", "<U+1F1E9><U+1F1EA>"},
		{"tag characters", "a\U000e0041", "a<U+E0041>"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := sanitize.Text(tc.in); got != tc.want {
				t.Errorf("Text(%q) = %q, want %q", tc.in, got, tc.want)
			}
		})
	}
}

func TestTowerOfMarksIsSpelledOut(t *testing.T) {
	got := sanitize.Text("e" + strings.Repeat("\u0301", 40))
	if !strings.HasPrefix(got, "e<U+0301>") {
		t.Errorf("got %.40q", got)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{
		"eth_call", "\x1b[2J\x1b]52;c;AAAA\a", "\u202e\u2066", "漢字", "e\u0301\u0301", "👨‍👩‍👧", "🇩🇪🇫", "👍🏽",
		"\xff\xfe", "\u0600a", "\u1100\u1161", "\u1100\u1140", "क्ष", "☁️", "\x00", "\u0d4ea", "a\u0903",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := sanitize.Text(s)
		if !utf8.ValidString(out) {
			t.Fatalf("%q: output is no UTF-8: %q", s, out)
		}
		for _, r := range out {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Fatalf("%q: output holds %U", s, r)
			}
		}
		w := sanitize.Width(s)
		if got := ansi.StringWidth(out); got != w {
			t.Fatalf("%q: Width %d, the terminal's %d for %q", s, w, got, out)
		}
		if got := ansi.StringWidthWc(out); got != w {
			t.Fatalf("%q: Width %d, by runes %d for %q", s, w, got, out)
		}
		if got := ansi.StringWidth("a" + out + "b"); got != w+2 {
			t.Fatalf("%q: joins its neighbours: %d, want %d", s, got, w+2)
		}
		if again := sanitize.Text(out); again != out {
			t.Fatalf("%q: not stable: %q then %q", s, out, again)
		}
	})
}

func BenchmarkTextPlain(b *testing.B) {
	for b.Loop() {
		sanitize.Text("127.0.0.1:51234>127.0.0.1:8545")
	}
}

func TestEveryRuneKeepsToItself(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r >= 0x3400 && r < 0xa000 || r >= 0xac00 && r < 0xd7a4 || r >= 0x20000 && r < 0xe0000 && r%64 != 0 || r > 0xe1000 && r%256 != 0 {
			continue // ideographs, syllables and private use are alike
		}
		out := sanitize.Text(string(r))
		want := sanitize.Width(string(r)) + 2
		if got := ansi.StringWidth("a" + out + "b"); got != want {
			t.Fatalf("%U: width %d between letters, want %d (%q)", r, got, want, out)
		}
		if got := ansi.StringWidthWc("a" + out + "b"); got != want {
			t.Fatalf("%U: width %d between letters by runes, want %d (%q)", r, got, want, out)
		}
	}
}
