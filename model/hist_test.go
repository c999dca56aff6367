package model_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/sessiontop/sessiontop/model"
)

// A quantile is the latency that this share of all does not exceed, up to the
// width of a bucket: never less than that, which a few calls alone would show.
func TestQuantile(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for n := 1; n < 300; n++ {
		var h model.Hist
		all := make([]uint32, n)
		for i := range all {
			all[i] = rnd.Uint32N(1 << rnd.Uint32N(20))
			h.Add(all[i])
		}
		slices.Sort(all)
		for _, percent := range []int{1, 50, 95, 99, 100} {
			want := all[(percent*n+99)/100-1]
			if got := h.Quantile(float64(percent) / 100); got < want || float64(got) > float64(want)*1.125 {
				t.Errorf("the %d%% of %d: %d, the exact one is %d", percent, n, got, want)
			}
		}
	}
}
