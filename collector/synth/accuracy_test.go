package synth_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/synth"
)

func with(cfg synth.Config, change func(*synth.Config, *synth.Fleet)) synth.Config {
	cfg.Fleets = slices.Clone(cfg.Fleets)
	change(&cfg, &cfg.Fleets[0])
	return cfg
}

type scenario struct {
	name string
	cfg  synth.Config
}

func scenarios() []scenario {
	shared, off := synth.SharedSockets(1), synth.SharedWithOff(1)
	return []scenario{
		{"healthy", synth.Healthy(1)},
		{"shared sockets", shared},
		{"seed 2", synth.SharedSockets(2)},
		{"fifo", with(shared, func(c *synth.Config, f *synth.Fleet) { f.Wake = synth.WakeFirst })},
		{"last", with(shared, func(c *synth.Config, f *synth.Fleet) { f.Wake = synth.WakeLast })},
		{"4 children", with(shared, func(c *synth.Config, f *synth.Fleet) { f.Children = 4 })},
		{"8 children", with(shared, func(c *synth.Config, f *synth.Fleet) { f.Children = 8; f.Parents = 12 })},
		{"fast node", with(shared, func(c *synth.Config, f *synth.Fleet) { f.Speed = 4 })},
		{"4 fast", with(shared, func(c *synth.Config, f *synth.Fleet) { f.Speed = 4; f.Children = 4 })},
		{"go client", with(shared, func(c *synth.Config, f *synth.Fleet) {
			f.Think = synth.Delay{Floor: 20 * time.Microsecond, Mean: 60 * time.Microsecond}
		})},
		{"go client, fast node", with(shared, func(c *synth.Config, f *synth.Fleet) {
			f.Speed = 4
			f.Think = synth.Delay{Floor: 20 * time.Microsecond, Mean: 60 * time.Microsecond}
		})},
		{"wallet", with(shared, func(c *synth.Config, f *synth.Fleet) { f.Mix = synth.Wallet })},
		{"indexer", with(shared, func(c *synth.Config, f *synth.Fleet) { f.Mix = synth.Indexer })},
		{"same parameters", with(shared, func(c *synth.Config, f *synth.Fleet) { f.Same = 1 })},
		{"no lock-step", with(shared, func(c *synth.Config, f *synth.Fleet) { f.LockStep = false })},
		{"no jitter", with(shared, func(c *synth.Config, f *synth.Fleet) { f.Stamp.Sigma = 0 })},
		{"jitter 50us", with(shared, func(c *synth.Config, f *synth.Fleet) { f.Stamp.Sigma = 50 * time.Microsecond })},
		{"tail 1%", with(shared, func(c *synth.Config, f *synth.Fleet) {
			f.Stamp.Tail = synth.Tail{Share: 0.01, Median: time.Millisecond}
		})},
		{"timeouts", with(shared, func(c *synth.Config, f *synth.Fleet) {
			f.Timeout = 60 * time.Millisecond
			f.Stall = synth.Tail{Share: 0.003, Median: 100 * time.Millisecond}
		})},
		{"off", with(off, func(c *synth.Config, f *synth.Fleet) { c.Log.Constant = false })},
		{"off, 1 ms", with(off, func(c *synth.Config, f *synth.Fleet) { c.Log.Constant = false; c.Log.Resolution = time.Millisecond })},
		{"off, 1 s", with(off, func(c *synth.Config, f *synth.Fleet) { c.Log.Constant = false; c.Log.Resolution = time.Second })},
		{"off, constant", off},
		{"off, constant, 4 children", with(off, func(c *synth.Config, f *synth.Fleet) { f.Children = 4 })},
	}
}

func TestAccuracy(t *testing.T) {
	for _, c := range scenarios() {
		t.Run(c.name, func(t *testing.T) {
			r := simulate(t, c.cfg)
			table := r.score()
			fmt.Printf("## %s: %d lines, %d replies; twins %d, of them missed %d; astray %s\n%s\n",
				c.name, r.truth.Lines, r.truth.Read, table.TwinsDue, table.TwinsMissed, table.Summary(), table)
		})
	}
}
