package ui

import (
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/internal/world"
)

// runs is drive on a live snapshot, with the program's end in the test's hands.
func runs(t *testing.T, s *model.Snapshot) (*driver, *Ending) {
	t.Helper()
	e := new(Ending)
	return drive(t, s, func(c *Config) { c.Ended = func() Ending { return *e } }), e
}

func TestAProgramThatFailedBeforeItWroteALog(t *testing.T) {
	d, e := runs(t, world.New(true).Snapshot())
	d.Sees("Waiting for logs", "● LIVE")
	*e = Ending{"python3 ended: exit status 2", "logs/stderr.txt", true}
	d.Tick().Sees("What it said is in logs/stderr.txt.").SeesNot("LIVE", "Waiting").Golden("ended-120x40")
	for _, size := range [][2]int{{60, 15}, {80, 24}} {
		d.Size(size[0], size[1])
		for _, row := range []string{"● ENDED", "   python3"} {
			if line, _ := d.Line(row); !strings.Contains(line, "python3 ended: exit status 2") {
				t.Errorf("%v: %q", size, line)
			}
		}
	}
}

func TestAFleetThatRanToItsEnd(t *testing.T) {
	d, e := runs(t, world.Fleet(true).Snapshot())
	for range 4 {
		d.Tick()
	}
	d.Press("3").Sees("● LIVE", "alive")
	*e = Ending{Text: "gunicorn ended"}
	d.Tick().Sees("gunicorn ended", "● LIVE", "alive")
	e.Over = true
	d.Tick().Sees("gunicorn ended", "● ENDED", "no exit seen").SeesNot("LIVE", "Waiting")
}
