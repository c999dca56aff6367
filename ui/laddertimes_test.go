package ui

import (
	"testing"

	"github.com/sessiontop/sessiontop/ui/internal/world"
)

func TestANarrowLadderTellsOnceWhatItsTimesHaveInCommon(t *testing.T) {
	c := world.Conn("10.0.0.5:1", "10.0.0.7:8545", "")
	for _, tc := range []struct {
		name  string
		later float64
		want  []string
	}{
		{"a minute", 1000, []string{" 09:00: ", " 30.0000 ", " 31.0000 "}},
		{"an hour", 100_000, []string{" 09: ", " 00:30.00 ", " 02:10.00 "}},
		{"hours", 3_600_000, []string{" TIME ", " 00:30.00 "}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := world.New(false)
			w.Call(30_000, 1, 100, c, 1, "eth_chainId", "[]", `"0x1"`)
			w.Call(30_000+tc.later, 1, 100, c, 2, "eth_chainId", "[]", `"0x1"`)
			drive(t, w.End()).Size(80, 24).Sees(tc.want...).Size(120, 40).Sees(" TIME UTC ", " 09:00:30.0000 ")
		})
	}
}
