package synth_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/synth"
)

// belief is what the ideal observer thinks of a reply's true owner.
type belief struct {
	truth float64 // how likely it is
	best  bool    // it is the likeliest
}

// beliefs are those of the observer who sees what the dialect sees.
func (r *run) beliefs(stamp synth.Stamp) map[*synth.Reply]belief {
	all := make(map[*synth.Reply]belief)
	_, conns := r.observe(stamp, byDialect)
	for _, o := range conns {
		for j := range o.reads {
			b, most := belief{}, 0.0
			for i, p := range o.posterior[j] {
				if o.asks[i].call == o.reads[j].reply.Owner {
					b.truth = p
				}
				most = max(most, p)
			}
			b.best = b.truth >= most-1e-9
			all[o.reads[j].reply] = b
		}
	}
	return all
}

// knowable counts the differences of a run by whether they could be known.
func (r *run) knowable(stamp synth.Stamp, count map[string]int) {
	beliefs := r.beliefs(stamp)
	for _, b := range beliefs {
		if !b.best {
			count["the ideal observer is wrong"]++
		}
	}
	for _, k := range r.score().Cases {
		if k.Reply == nil {
			continue
		}
		b := beliefs[k.Reply]
		what := "engine's mistake"
		switch {
		case !b.best:
			what = "the ideal observer is wrong, too"
		case b.truth < 0.8:
			what = "a toss-up (the truth has less than 80 %)"
		}
		name := k.What
		if k.Finding != nil {
			name += "/" + k.Finding.Certainty.String()
		}
		count[fmt.Sprintf("%-15s twin=%-5v %s", name, k.Reply.Twin, what)]++
	}
}

// TestKnowable tells, of the scenarios whose name contains SYNTH_KNOWABLE, which
// mistakes could be avoided.
func TestKnowable(t *testing.T) {
	want := os.Getenv("SYNTH_KNOWABLE")
	if want == "" {
		t.Skip("SYNTH_KNOWABLE names no scenario")
	}
	for _, c := range scenarios() {
		if !strings.Contains(c.name, want) {
			continue
		}
		count := make(map[string]int)
		for seed := uint64(1); seed <= 3; seed++ {
			c.cfg.Seed = seed
			simulate(t, c.cfg).knowable(c.cfg.Fleets[0].Stamp, count)
		}
		for _, name := range slices.Sorted(maps.Keys(count)) {
			t.Logf("%s: %4d %s", c.name, count[name], name)
		}
	}
}
