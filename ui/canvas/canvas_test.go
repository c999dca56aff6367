package canvas_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/sessiontop/sessiontop/ui/canvas"
)

var looks = []ansi.Style{{}, ansi.NewStyle().ForegroundColor(ansi.Red)}

func TestText(t *testing.T) {
	for _, tc := range []struct {
		name string
		draw func(r canvas.Region)
		want string
	}{
		{"text", func(r canvas.Region) { r.Text(1, 0, 0, "ab") }, " ab"},
		{"cut off at the edge", func(r canvas.Region) { r.Text(6, 0, 0, "abcdef") }, "      ab"},
		{"cut with a mark", func(r canvas.Region) { r.Cut(0, 0, 4, 0, "abcdef") }, "abc…"},
		{"exactly fits", func(r canvas.Region) { r.Cut(0, 0, 6, 0, "abcdef") }, "abcdef"},
		{"cut where what is spelled out does not fit", func(r canvas.Region) { r.Cut(0, 0, 6, 0, "a\u202e") }, "a<U+2…"},
		{"wide cut", func(r canvas.Region) { r.Cut(0, 0, 4, 0, "漢字漢") }, "漢…"},
		{"right", func(r canvas.Region) { r.Right(0, 0, 8, 0, "42") }, "      42"},
		{"half of a wide cell overwritten", func(r canvas.Region) { r.Text(0, 0, 0, "漢字"); r.Text(1, 0, 0, "x") }, " x字"},
		{"sanitised", func(r canvas.Region) { r.Text(0, 0, 0, "\x1b[2J") }, "␛[2J"},
		{"negative x", func(r canvas.Region) { r.Text(-1, 0, 0, "abc") }, "bc"},
		{"outside", func(r canvas.Region) { r.Text(0, 7, 0, "abc") }, ""},
		{"sub region clips", func(r canvas.Region) { r.Sub(2, 0, 3, 1).Text(0, 0, 0, "abcdef") }, "  abc"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := canvas.New(8, 1)
			tc.draw(c.All())
			if got := c.String(canvas.NewPalette(looks, false)); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestOneSequenceForARun(t *testing.T) {
	c := canvas.New(20, 1)
	c.All().Text(0, 0, 1, "abcdef")
	c.All().Text(6, 0, 1|canvas.Reverse, "ghi")
	got := c.String(canvas.NewPalette(looks, false))
	if n := strings.Count(got, "\x1b["); n != 3 {
		t.Errorf("%d sequences in %q, want 3", n, got)
	}
	if ansi.Strip(got) != "abcdefghi" {
		t.Errorf("text is %q", ansi.Strip(got))
	}
}

func TestASCII(t *testing.T) {
	c := canvas.New(20, 1)
	c.All().Text(0, 0, 0, "├─▶│✗…▃漢é")
	if got := c.String(canvas.NewPalette(looks, true)); got != "+->|x~-???" {
		t.Errorf("got %q", got)
	}
}

func BenchmarkString(b *testing.B) {
	c := canvas.New(200, 60)
	for y := range 60 {
		for x := 0; x < 200; x += 10 {
			c.All().Text(x, y, canvas.Style(x/10%2), "eth_call─▶")
		}
	}
	p := canvas.NewPalette(looks, false)
	for b.Loop() {
		_ = c.String(p)
	}
}
