package synth_test

import (
	"testing"

	"github.com/sessiontop/sessiontop/collector/synth"
	"github.com/sessiontop/sessiontop/model"
)

// goal is the least recall, precision and rate of right owners of the replies
// that went astray.
type goal struct{ recall, precision, owner float64 }

// goal is what must be reached: on shared sockets with stamps that are off by
// 15 µs, the aims; with offsets, all; where an ideal observer knows no more
// (TestIdealObserver), less.
func (c *scenario) goal() goal {
	switch {
	case c.cfg.Log.Off:
		return goal{1, 1, 1}
	case c.cfg.Log.Lost > 0:
		return goal{0.985, 0.995, 0.99}
	case c.name == "tail 1%", c.name == "jitter 50us":
		return goal{0.995, 0.997, 0.99}
	case c.cfg.Fleets[0].Wake == synth.WakeFirst && c.cfg.Fleets[0].Sharing == synth.SharedSocket: // hardly any go astray
		return goal{0.995, 0.99, 0.99}
	}
	return goal{0.995, 0.998, 0.99}
}

func TestAccuracy(t *testing.T) {
	for _, c := range scenarios() {
		t.Run(c.name, func(t *testing.T) {
			r := simulate(t, c.cfg)
			table := r.score()
			t.Logf("%d lines, %d replies; twins %d, of them missed %d; astray: %s\n%s",
				r.truth.Lines, r.truth.Read, table.TwinsDue, table.TwinsMissed, table.Summary(), table)
			c.meet(t, table)
		})
	}
}

// meet holds the table against the scenario's goal; what is said to be proven
// is always right.
func (c *scenario) meet(t *testing.T, table *synth.Table) {
	want := c.goal()
	astray := []string{"swapped-reply", "stale-reply"}
	got := goal{table.Recall(astray...), table.Precision(astray...), table.OwnerRate(astray...)}
	if got.recall < want.recall || got.precision < want.precision || got.owner < want.owner {
		t.Errorf("replies astray: %s; want at least %.2f %%, %.2f %%, %.2f %%",
			table.Summary(), 100*want.recall, 100*want.precision, 100*want.owner)
	}
	if c.cfg.Log.Lost > 0 {
		return // what is not in the log cannot be proven by it
	}
	for row, n := range table.Rows {
		if row.Certainty == model.Proven && n.False+n.OwnerWrong > 0 {
			t.Errorf("%d of %d %s that are said to be proven are wrong", n.False+n.OwnerWrong, n.True+n.False, row.Kind)
		}
	}
}
