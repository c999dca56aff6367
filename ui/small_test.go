package ui

import (
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
)

func TestTheHeadOfTheSortedColumnKeepsItsArrow(t *testing.T) {
	d := fleet(t).Press(":").Type("sort finding").Press("enter")
	if head, _ := d.Line("SESSION "); !strings.HasPrefix(head, "▼ SESSION") {
		t.Errorf("%q", head)
	}
	d.Press("3").Press(":").Type("sort inherited").Press("enter").Sees("INHERIT▼")
}

func TestTheOrderIsSaidWithItsDirection(t *testing.T) {
	d := fleet(t).Press("r").Sees("the usual order, turned round").Press("r").SeesNot("turned round")
	d.Press(":").Type("sort calls").Press("enter", "r").Sees("sorted by calls, the lowest first").Press("r").Sees("sorted by calls, the highest first")
}

func TestTheScrollBarStandsApart(t *testing.T) {
	d := fleet(t, func(c *Config) { c.ASCII = true }).Size(80, 24).Press("3")
	if row, _ := d.Line("4119 gunicorn"); !strings.HasSuffix(row, " #") {
		t.Errorf("%q", row)
	}
}

func TestAFrozenHeadStillCountsTheSessions(t *testing.T) {
	s := *usual().snap
	s.Sources, s.Totals.Malformed, s.Totals.Warnings = nil, 0, 9
	drive(t, &s).Size(80, 24).Sees("procs 12", "sessions 10").Press("space").Sees("■ FROZEN", "sessions 10")
}

func TestAStreamThatHasEndedIsNotLive(t *testing.T) {
	s := *usual().snap
	s.Live, s.Sources = true, []model.SourceStat{{Name: "standard input", Size: 9, Read: 9}}
	stream := func(c *Config) { c.Stream = true }
	drive(t, &s, stream).Sees("● LIVE")
	s.Sources = []model.SourceStat{{Name: "standard input", Size: 9, Read: 9, Done: true}}
	drive(t, &s, stream).Sees("● ENDED")
	drive(t, &s).Sees("● LIVE") // a folder, in which another may appear
}

func TestWhatATooSmallTerminalSaysIsWhole(t *testing.T) {
	got := strings.Join(strings.Fields(fleet(t).Size(20, 8).Screen()), " ")
	if want := "sessiontop needs 60×15, this terminal is 20×8"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAnEmptyListOffersTheNamesThereAre(t *testing.T) {
	fleet(t).Press("/").Type("comm:gunicron").Press("enter").Sees("What there is of comm: gunicorn, ")
	fleet(t).Press("/").Type("pid:1 comm:node").Press("enter").Sees("What there is of pid: 4119, ").SeesNot("of comm:")
}

func TestCompletionsStandInAFrame(t *testing.T) {
	d := fleet(t, func(c *Config) { c.NoColor = true }).Press("/").Type("is:")
	if line, _ := d.Line("mismatch "); !strings.Contains(line, "│ mismatch") {
		t.Errorf("%q", line)
	}
	d.Press("esc", ":").Type("theme ")
	for _, name := range Themes() {
		d.Sees("│ " + name)
	}
}
