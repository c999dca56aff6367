package ui

import (
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/internal/world"
)

func TestStatusLine(t *testing.T) {
	for _, tc := range []struct {
		name      string
		change    func(*model.Snapshot)
		sees, not []string
	}{
		{"all well", func(s *model.Snapshot) { s.Totals, s.Sources = model.Totals{Calls: 3}, nil },
			[]string{"findings 0", "lost 0"}, []string{"✗", "!", "bad lines", "let go"}},
		{"errors", func(s *model.Snapshot) { s.Totals = model.Totals{ErrorKinds: 140} },
			[]string{"findings 140 ✗"}, []string{"!"}},
		{"errors and warnings", func(s *model.Snapshot) { s.Totals = model.Totals{ErrorKinds: 140, Warnings: 2} },
			[]string{"findings 140 ✗ 2 !"}, nil},
		{"warnings", func(s *model.Snapshot) { s.Totals = model.Totals{Warnings: 1} },
			[]string{"findings 1 !"}, []string{"✗"}},
		{"bad lines", func(s *model.Snapshot) { s.Totals = model.Totals{Malformed: 12, Lost: 3} },
			[]string{"bad lines 12", "lost 3"}, nil},
		{"inputs", func(s *model.Snapshot) {
			s.Totals, s.Sources = model.Totals{}, []model.SourceStat{{Err: "gone"}, {}, {Err: "denied"}}
		},
			[]string{"2 inputs failed"}, []string{"bad lines"}},
		{"an input", func(s *model.Snapshot) { s.Totals, s.Sources = model.Totals{}, []model.SourceStat{{Err: "gone"}} },
			[]string{"1 input failed"}, nil},
		{"no input failed", func(s *model.Snapshot) { s.Totals, s.Sources = model.Totals{}, []model.SourceStat{{}} },
			nil, []string{"failed"}},
		{"calls that failed", func(s *model.Snapshot) { s.Totals, s.Sources = model.Totals{Failed: 1200}, nil },
			[]string{"calls/s 0  failed 1,200  findings 0"}, nil},
		{"memory", func(s *model.Snapshot) { s.Totals = model.Totals{LetGo: model.LetGo{Calls: 48_400}} },
			[]string{"let go 48.4k calls"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := *usual().snap
			tc.change(&s)
			d := drive(t, &s)
			line, _ := d.Line("sessiontop")
			for _, want := range tc.sees {
				if !strings.Contains(line, want) {
					t.Errorf("no %q in %q", want, line)
				}
			}
			for _, not := range tc.not {
				if strings.Contains(line, not) {
					t.Errorf("%q in %q", not, line)
				}
			}
		})
	}
}

func TestWhatIsLostIsSaidOnASmallTerminal(t *testing.T) {
	s := *usual().snap
	s.Totals.Malformed, s.Totals.LetGo.Calls, s.Totals.Warnings = 12, 48_400, 2
	drive(t, &s).Size(80, 24).Sees("7 ✗ 2 !", "1 input failed", "bad lines 12")
	drive(t, &s).Size(60, 15).Sees("7 ✗ 2 !", "1 input failed")
	s.Sources = nil
	drive(t, &s).Size(80, 24).Sees("7 ✗ 2 !", "bad lines 12", "let go 48.4k calls")
	drive(t, &s).Size(60, 15).Sees("7 ✗ 2 !", "bad lines 12")
}

func TestALongTitleLeavesRoomForTheCounts(t *testing.T) {
	title := func(c *Config) { c.Title = "python 漢字 -m celery -A jobs worker -c 4 -P prefork --without-gossip" }
	fleet(t, title).Size(80, 24).Sees("sessiontop  sessions 10  findings 7 ✗  1 input failed  bad lines 2")
	fleet(t, title).Size(100, 24).Sees("sessiontop  python 漢字 -m celery -A…  findings 7 ✗")
	fleet(t, title).Size(400, 40).Sees("--without-gossip")
}

func TestRateOfASilentSourceIsNone(t *testing.T) {
	w := world.New(true)
	c := world.Conn("10.0.0.5:1", "10.0.0.7:8545", "http://node:8545")
	for i := range 100 {
		w.Call(2000+float64(80*i), 1, 300, c, i, "eth_chainId", "[]", `"0x1"`)
	}
	d := drive(t, w.Snapshot()).SeesNot("calls/s 0 ")
	for range 6 {
		d.Tick()
	}
	d.Sees("calls/s 0 ")
}
