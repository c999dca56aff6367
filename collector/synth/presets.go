package synth

import "time"

// begin is when the simulations of the presets begin: 2026-11-22T09:00:00Z.
const begin = 1_795_338_000_000_000_000

// The figures of a web3.py worker beside its node: what the client needs
// between two calls, the loopback, and the scheduler.
var (
	pythonThinks = Delay{Floor: 300 * time.Microsecond, Mean: 700 * time.Microsecond}
	loopback     = Delay{Floor: 12 * time.Microsecond, Mean: 4 * time.Microsecond}
	wakes        = Delay{Floor: 4 * time.Microsecond, Mean: 8 * time.Microsecond}
)

func worker() Fleet {
	return Fleet{
		Comm: "worker", Parents: 1, Mix: Worker, Think: pythonThinks, Net: loopback, Waking: wakes, Spread: 0.35,
		Stamp: Stamp{Sigma: 15 * time.Microsecond},
	}
}

// Healthy is workers that each have their own connection.
func Healthy(seed uint64) Config {
	f := worker()
	f.Parents = 8
	return Config{Seed: seed, Start: begin, Calls: 2000, Fleets: []Fleet{f}, Log: Log{Opener: true, Forks: true, Seq: true}}
}

// SharedSockets is the fault: parents that have made a call fork children,
// which run one program in lock-step on the parent's HTTP connection. The
// stamps are off by 15 µs (sigma).
func SharedSockets(seed uint64) Config {
	f := worker()
	f.Parents, f.Children, f.Warm = 25, 2, 1
	f.Sharing, f.LockStep, f.Wake = SharedSocket, true, WakeRandom
	return Config{Seed: seed, Start: begin, Calls: 400, Fleets: []Fleet{f}, Log: Log{Opener: true, Forks: true}}
}

// SharedWithOff is SharedSockets without usable times, but with the offsets of
// the bytes on the wire.
func SharedWithOff(seed uint64) Config {
	c := SharedSockets(seed)
	c.Log.Off, c.Log.Constant = true, true
	return c
}
