package synth_test

import (
	"slices"
	"time"

	"github.com/sessiontop/sessiontop/collector/synth"
)

// scenario is a simulation by name.
type scenario struct {
	name string
	cfg  synth.Config
}

// with is cfg with a change to it and to its first fleet.
func with(cfg synth.Config, change func(*synth.Config, *synth.Fleet)) synth.Config {
	cfg.Fleets = slices.Clone(cfg.Fleets)
	change(&cfg, &cfg.Fleets[0])
	return cfg
}

// scenarios are the ways in which things go wrong.
func scenarios() []scenario {
	shared, off, counts := synth.SharedSockets(1), synth.SharedWithOff(1), synth.SharedSockets(1)
	counts.Log.Counts = true
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
		{"timeouts, keeps", with(shared, func(c *synth.Config, f *synth.Fleet) {
			f.Timeout, f.Keeps = 60*time.Millisecond, true
			f.Stall = synth.Tail{Share: 0.003, Median: 100 * time.Millisecond}
		})},
		{"private, timeouts, keeps", with(synth.Healthy(1), func(c *synth.Config, f *synth.Fleet) {
			f.Timeout, f.Keeps = 60*time.Millisecond, true
			f.Stall = synth.Tail{Share: 0.003, Median: 100 * time.Millisecond}
		})},
		{"over-reads", with(shared, func(c *synth.Config, f *synth.Fleet) {
			f.Timeout, f.OverReads = 300*time.Millisecond, true
			f.Waking = synth.Delay{Floor: 4 * time.Microsecond, Mean: 80 * time.Microsecond}
		})},
		{"torn", with(shared, func(c *synth.Config, f *synth.Fleet) {
			f.Timeout = 300 * time.Millisecond
			f.Writes = synth.Delay{Floor: 10 * time.Microsecond, Mean: 20 * time.Microsecond}
		})},
		{"batches", with(shared, func(c *synth.Config, f *synth.Fleet) { f.Batch = 0.2 })},
		{"pool checks", with(shared, func(c *synth.Config, f *synth.Fleet) {
			f.Checks, f.Parents = true, 100
			c.Calls = 100
		})},
		{"server faults", with(synth.Healthy(1), func(c *synth.Config, f *synth.Fleet) {
			f.Batch = 0.1
			f.Checks = true
			f.Faults = synth.Faults{Duplicate: 0.002, Unsolicited: 0.002, WrongID: 0.005, WrongType: 0.005, WrongEcho: 0.02, Malformed: 0.005, BatchItem: 0.02}
		})},
		{"server repeats", with(synth.Healthy(1), func(c *synth.Config, f *synth.Fleet) {
			f.Parents, c.Calls = 50, 200
			f.Faults = synth.Faults{Duplicate: 0.01}
		})},
		{"server talks", with(synth.Healthy(1), func(c *synth.Config, f *synth.Fleet) {
			f.Parents, c.Calls = 50, 200
			f.Faults = synth.Faults{Unsolicited: 0.01}
		})},
		{"halves", with(shared, func(c *synth.Config, f *synth.Fleet) {
			f.Timeout = 300 * time.Millisecond
			f.Parts = synth.Tail{Share: 0.01, Median: 100 * time.Microsecond}
		})},
		{"hosts", with(shared, func(c *synth.Config, f *synth.Fleet) {
			f.Parents, f.Host = 8, "alpha"
			ahead, behind := *f, *f
			ahead.Host, ahead.Ahead, behind.Host, behind.Ahead = "beta", 3*time.Second, "gamma", -400*time.Millisecond
			c.Fleets = append(c.Fleets, ahead, behind)
			c.Log.Mono = true
		})},
		{"multiplexed", synth.Multiplexed(1)},
		{"multiplexed, one id", with(synth.Multiplexed(1), func(c *synth.Config, f *synth.Fleet) { f.Faults.SameID = 0.01; f.Batch = 0.1 })},
		{"websocket", synth.SharedWebSocket(1)},
		{"websocket, lock-step", with(synth.SharedWebSocket(1), func(c *synth.Config, f *synth.Fleet) { f.LockStep = true })},
		{"websocket, own ids", with(synth.SharedWebSocket(1), func(c *synth.Config, f *synth.Fleet) { f.OwnIDs = true; f.Batch = 0.1 })},
		{"ipc", with(synth.SharedWebSocket(1), func(c *synth.Config, f *synth.Fleet) { f.Transport = synth.IPC; f.Children = 4 })},
		{"names", synth.BareNames(1)},
		{"everything", synth.Everything(1)},
		{"everything, complete", with(synth.Everything(2), func(c *synth.Config, _ *synth.Fleet) { c.Log.Lost = 0 })},
		{"late lines", with(shared, func(c *synth.Config, f *synth.Fleet) { c.Log.Late = 0.05 })},
		{"lost lines", with(shared, func(c *synth.Config, f *synth.Fleet) { c.Log.Lost = 0.001; c.Log.Seq = true })},
		{"one file", with(shared, func(c *synth.Config, f *synth.Fleet) { c.Log.OneFile = true })},
		{"mono", with(shared, func(c *synth.Config, f *synth.Fleet) { c.Log.Mono = true; c.Log.Resolution = time.Millisecond })},
		{"cookie", with(shared, func(c *synth.Config, f *synth.Fleet) { c.Log.Cookie = true; c.Log.NoAddrs = true })},
		{"off", with(off, func(c *synth.Config, f *synth.Fleet) { c.Log.Constant = false })},
		{"off, 1 ms", with(off, func(c *synth.Config, f *synth.Fleet) { c.Log.Constant = false; c.Log.Resolution = time.Millisecond })},
		{"off, 1 s", with(off, func(c *synth.Config, f *synth.Fleet) { c.Log.Constant = false; c.Log.Resolution = time.Second })},
		{"off, constant", off},
		{"counts", counts},
		{"counts, 4 children", with(counts, func(c *synth.Config, f *synth.Fleet) { f.Children = 4 })},
		{"counts, over-reads", with(counts, func(c *synth.Config, f *synth.Fleet) {
			f.Timeout, f.OverReads = 300*time.Millisecond, true
			f.Waking = synth.Delay{Floor: 4 * time.Microsecond, Mean: 80 * time.Microsecond}
		})},
		{"counts, tail 1%", with(counts, func(c *synth.Config, f *synth.Fleet) {
			f.Stamp.Tail = synth.Tail{Share: 0.01, Median: time.Millisecond}
		})},
		{"off, constant, 4 children", with(off, func(c *synth.Config, f *synth.Fleet) { f.Children = 4 })},
	}
}
