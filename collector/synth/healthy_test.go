package synth_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sessiontop/sessiontop/collector/synth"
)

// pick is one of the values.
func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// healthyFleet is some fleet without sharing, timeouts or faults: if it forks,
// then before it has a connection.
func healthyFleet(r *rand.Rand, host string, ahead time.Duration) synth.Fleet {
	f := synth.Healthy(1).Fleets[0]
	f.Host, f.Ahead, f.Parents, f.Children = host, ahead, 1+r.IntN(4), pick(r, 0, 0, 3)
	f.Mix = pick(r, synth.Indexer, synth.Wallet, synth.Worker)
	f.Transport = pick(r, synth.HTTP, synth.HTTP, synth.WebSocket, synth.IPC)
	f.InFlight, f.Subscribes, f.OwnIDs = r.IntN(6), r.IntN(2) == 0, r.IntN(2) == 0
	f.LockStep, f.Same = r.IntN(2) == 0, pick(r, 0.0, 0.5, 1)
	f.Speed, f.Think = pick(r, 0.0, 4, 20), pick(r, f.Think, synth.Delay{Mean: 20 * time.Microsecond})
	f.Batch, f.Wake = pick(r, 0.0, 0.3), pick(r, synth.WakeFirst, synth.WakeRandom, synth.WakeLast)
	f.Stamp.Sigma = pick(r, 0, 15*time.Microsecond, time.Millisecond)
	f.Stamp.Tail = synth.Tail{Share: pick(r, 0.0, 0.02), Median: 5 * time.Millisecond}
	f.Writes = pick(r, synth.Delay{}, synth.Delay{Mean: 50 * time.Microsecond})
	f.Parts = synth.Tail{Share: pick(r, 0.0, 0.05), Median: 100 * time.Microsecond}
	return f
}

// No history without sharing, timeouts or faults has a finding, whatever its log
// tells. SESSIONTOP_HISTORIES is how many are tried.
func TestHealthyHistories(t *testing.T) {
	histories, err := strconv.ParseUint(os.Getenv("SESSIONTOP_HISTORIES"), 10, 64)
	if err != nil {
		histories = 40
	}
	for seed := range histories {
		r := rand.New(rand.NewPCG(seed, 5))
		cfg := synth.Config{Seed: seed, Start: synth.Healthy(1).Start, Block: 50 * time.Millisecond, Calls: 1 + r.IntN(120)}
		cfg.Log = synth.Log{
			OneFile: r.IntN(4) == 0, Mono: r.IntN(2) == 0, Off: r.IntN(3) == 0, Cookie: r.IntN(3) == 0, NoAddrs: r.IntN(4) == 0,
			Opener: r.IntN(2) == 0, Forks: r.IntN(2) == 0, Seq: r.IntN(2) == 0, Resolution: pick(r, 0, time.Microsecond, time.Millisecond, time.Second),
		}
		for i, host := range []string{"alpha", "beta", "gamma"}[:1+r.IntN(3)] {
			cfg.Fleets = append(cfg.Fleets, healthyFleet(r, host, time.Duration(i-1)*700*time.Millisecond))
			cfg.Fleets[i].Chain = uint8(i) // each host has a node of its own at the same address
		}
		run := simulate(t, cfg)
		if all := run.verdicts(nil, true); len(all) > 0 {
			t.Errorf("seed %d: %d findings in %d replies, the first: %s\n%+v", seed, len(all), run.truth.Read, all[0], cfg)
		}
	}
}

// A host's clock that is ahead of the others' changes no finding.
func TestClocksOfHosts(t *testing.T) {
	cfg := synth.Everything(3)
	cfg.Calls, cfg.Log.Lost = 40, 0
	want := simulate(t, cfg).verdicts(nil, false)
	for _, ahead := range []time.Duration{0, -time.Minute, 24 * time.Hour} {
		for i := range cfg.Fleets {
			if cfg.Fleets[i].Host == "beta" {
				cfg.Fleets[i].Ahead = ahead
			}
		}
		if diff := cmp.Diff(want, simulate(t, cfg).verdicts(nil, false)); diff != "" || len(want) < 100 {
			t.Errorf("%d findings; one host %v ahead (-want +got):\n%.2000s", len(want), ahead, diff)
		}
	}
}
