package synth_test

import (
	"testing"

	"github.com/sessiontop/sessiontop/collector/synth"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// goal is the least recall, precision and rate of right owners of the replies
// that went astray.
type goal struct{ recall, precision, owner float64 }

// goal is what must be reached: on shared sockets with stamps that are off by
// 15 µs, the aims; with offsets, all; where nobody could know more, less:
// TestIdealObserver tells of stamps, and meet holds that on a connection without
// an order, or a log without connections, what is missed fits its reader's call.
func (c *scenario) goal() goal {
	switch c.name {
	case "tail 1%", "jitter 50us":
		return goal{0.995, 0.997, 0.99}
	case "websocket", "ipc": // other programs that count their ids alike
		return goal{0.97, 0.997, 0.99}
	case "websocket, lock-step": // and call the same methods at the same time
		return goal{0.93, 0.998, 0.99}
	case "names": // whose owner nothing tells but type and echo
		return goal{0.97, 0.997, 0.9}
	case "everything":
		return goal{0.99, 0.99, 0.99}
	}
	switch f := &c.cfg.Fleets[0]; {
	case c.cfg.Log.Off:
		return goal{1, 1, 1}
	case c.cfg.Log.Counts:
		return goal{0.999, 0.999, 0.999}
	case c.cfg.Log.Lost > 0:
		return goal{0.985, 0.995, 0.99}
	case f.Wake == synth.WakeFirst && f.Sharing == synth.SharedSocket && f.Transport == synth.HTTP: // hardly any go astray
		return goal{0.995, 0.99, 0.99}
	}
	return goal{0.995, 0.998, 0.99}
}

// ordered says that the log tells in which order replies came on a connection.
func (c *scenario) ordered() bool {
	return c.cfg.Fleets[0].Transport == synth.HTTP && (c.cfg.Log.Cookie || !c.cfg.Log.NoAddrs)
}

func TestAccuracy(t *testing.T) {
	for _, c := range scenarios() {
		t.Run(c.name, func(t *testing.T) {
			r := simulate(t, c.cfg)
			table := r.score()
			t.Logf("%d lines, %d replies, %d notifications; twins %d, of them missed %d; astray: %s\n%s",
				r.truth.Lines, r.truth.Read, r.truth.Notices, table.TwinsDue, table.TwinsMissed, table.Summary(), table)
			c.meet(t, table)
			for _, k := range table.Cases {
				if !c.ordered() && k.Finding == nil && !r.fits(k.Reply) {
					t.Errorf("missed, and no reply to the call it was taken for:\n%s", r.explain(k))
				}
			}
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
	var kinds []string
	for _, k := range model.FindingKinds() {
		kinds = append(kinds, k.String())
	}
	if p := table.Precision(kinds...); p < want.precision {
		t.Errorf("findings of all kinds: precision %.2f %%, want %.2f %%", 100*p, 100*want.precision)
	}
	if c.cfg.Log.Lost > 0 {
		return // what is not in the log cannot be found, or proven, by it
	}
	for _, kind := range kinds {
		least := 1.0
		switch kind {
		case "swapped-reply", "stale-reply":
			continue
		case "lost-reply": // as good as what is known of the replies
			least = 0.9
		}
		if table.Recall(kind) < least {
			t.Errorf("%s: recall %.2f %%", kind, 100*table.Recall(kind))
		}
	}
	for row, n := range table.Rows {
		if row.Certainty == model.Proven && n.False+n.OwnerWrong > 0 {
			t.Errorf("%d of %d %s that are said to be proven are wrong", n.False+n.OwnerWrong, n.True+n.False, row.Kind)
		}
	}
}

// fits says that nothing in the reply speaks against the call that it was taken
// for.
func (r *run) fits(t *synth.Reply) bool {
	if t.Took == nil || t.Owner == nil || t.Took.ID != t.Owner.ID {
		return false
	}
	d, asked, read := ethereum.New(), r.message(t.Took.Line), r.message(t.Line)
	ask, reply := d.Ask(asked.Method, asked.Params), d.Reply(read.Result)
	return read.Result == nil || ask.Fits(&reply) && ask.Echo(&reply) != model.EchoContradicts
}
