package synth_test

import (
	"testing"

	"github.com/sessiontop/sessiontop/collector/synth"
)

func TestAccuracy(t *testing.T) {
	for _, c := range []struct {
		name string
		cfg  synth.Config
	}{
		{"healthy", synth.Healthy(1)},
		{"shared sockets", synth.SharedSockets(1)},
		{"shared sockets with off", synth.SharedWithOff(1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := simulate(t, c.cfg)
			table := r.score()
			t.Logf("%d lines, %d calls, %d replies; twins %d, of them missed %d\n%s",
				r.truth.Lines, r.truth.Calls, r.truth.Read, table.TwinsDue, table.TwinsMissed, table)
		})
	}
}
