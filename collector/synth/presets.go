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

// BareNames is SharedSockets whose log knows no connection, only what the
// clients call their sessions: a name that a fork copies.
func BareNames(seed uint64) Config {
	c := SharedSockets(seed)
	c.Log.Names, c.Log.NoAddrs, c.Log.Opener = true, true, false
	return c
}

// asynchronous is workers that have several calls in flight on a connection and
// are told of new blocks.
func asynchronous(t Transport) Fleet {
	f := worker()
	f.Parents, f.Transport, f.InFlight, f.Subscribes = 4, t, 4, true
	return f
}

// Multiplexed is healthy workers on WebSocket and IPC connections of their own.
func Multiplexed(seed uint64) Config {
	ws, ipc := asynchronous(WebSocket), asynchronous(IPC)
	ipc.Comm = "keeper"
	return Config{
		Seed: seed, Start: begin, Block: 100 * time.Millisecond, Calls: 2000, Fleets: []Fleet{ws, ipc},
		Log: Log{Opener: true, Forks: true, Seq: true},
	}
}

// SharedWebSocket is parents that fork children, which go on with the parent's
// WebSocket. Who reads a reply to another's call drops it unless the id is one
// of its own; the other waits in vain.
func SharedWebSocket(seed uint64) Config {
	f := asynchronous(WebSocket)
	f.Parents, f.Children, f.Warm, f.Sharing, f.Wake = 12, 2, 4, SharedSocket, WakeRandom
	f.Timeout = 300 * time.Millisecond
	return Config{
		Seed: seed, Start: begin, Block: 100 * time.Millisecond, Calls: 200, Fleets: []Fleet{f},
		Log: Log{Opener: true, Forks: true},
	}
}

// Everything is all that can go wrong, at once: on three hosts, one of whose
// clocks is ahead and one behind; over HTTP, WebSocket and IPC; with timeouts,
// torn requests and replies, faults of the server and of a client, lines that
// come late and lines that are lost.
func Everything(seed uint64) Config {
	shared := SharedSockets(seed).Fleets[0]
	shared.Host, shared.Parents, shared.Batch = "alpha", 8, 0.1
	shared.Timeout, shared.Stall = 60*time.Millisecond, Tail{0.002, 100 * time.Millisecond}
	keeps := shared
	keeps.Host, keeps.Parents, keeps.Ahead, keeps.Keeps, keeps.Wake = "beta", 4, 3*time.Second, true, WakeLast
	torn := shared
	torn.Host, torn.Parents, torn.Timeout = "beta", 4, 300*time.Millisecond
	torn.Ahead, torn.Stall, torn.Writes = keeps.Ahead, Tail{}, Delay{10 * time.Microsecond, 20 * time.Microsecond}
	halves := torn
	halves.Writes, halves.Parts = Delay{}, Tail{0.01, 100 * time.Microsecond}
	greedy := torn
	greedy.Writes, greedy.OverReads, greedy.Wake = Delay{}, true, WakeFirst
	faulty := worker()
	faulty.Host, faulty.Comm, faulty.Parents, faulty.Batch, faulty.Checks = "gamma", "proxied", 4, 0.1, true
	faulty.Ahead = -400 * time.Millisecond
	faulty.Faults = Faults{0.002, 0.002, 0.005, 0.005, 0.02, 0.005, 0.02, 0.02}
	ws, ipc, forked := asynchronous(WebSocket), asynchronous(IPC), SharedWebSocket(seed).Fleets[0]
	ws.Host, ws.Faults.SameID, ipc.Host, ipc.Comm = "alpha", 0.01, "gamma", "keeper"
	ipc.Ahead = faulty.Ahead
	forked.Host, forked.Parents, forked.OwnIDs = "alpha", 2, true
	return Config{
		Seed: seed, Start: begin, Block: 100 * time.Millisecond, Calls: 300,
		Fleets: []Fleet{shared, keeps, torn, halves, greedy, faulty, ws, ipc, forked},
		Log:    Log{Opener: true, Forks: true, Seq: true, Late: 0.01, Lost: 0.0005},
	}
}
