//go:build linux && (amd64 || arm64)

package live_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/model"
)

// counter is a Sink that counts, and can be slow.
type counter struct {
	sent, received, lost int
	delay                time.Duration
	engine               *model.Engine
	source               model.SourceStat
}

func (s *counter) Emit(b *model.Batch) error {
	for i := range b.Events {
		switch ev := &b.Events[i]; ev.Kind {
		case model.Send:
			s.sent++
		case model.Recv:
			s.received++
		case model.Lost:
			s.lost += int(ev.N)
		}
	}
	for _, st := range b.Sources {
		s.source = st
	}
	time.Sleep(s.delay)
	return s.engine.Emit(b)
}

func (s *counter) Advance(t int64) { s.engine.Advance(t) }

// watchCalls has a client make calls on new connections in each round, and end,
// while a capture watches it.
func watchCalls(t *testing.T, rounds, calls, rate, size int, delay time.Duration) (*counter, live.Stats) {
	t.Helper()
	server := start(t, "server")
	client := start(t, "client", server.line(t), "8", fmt.Sprint(calls), fmt.Sprint(rate), fmt.Sprint(size))
	sink := &counter{delay: delay, engine: model.NewEngine(model.Options{Live: true}, nil)}
	c, err := live.Attach(live.Options{
		Select: live.Selector{PIDs: []int32{client.pid()}}, Source: 1, Strings: sink.engine.Strings(), Dir: t.TempDir(),
	})
	var missing *live.RequirementError
	if errors.As(err, &missing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx, sink) }()
	for range rounds {
		fmt.Fprintln(client.in, "go")
		t.Log("calls, nanoseconds:", client.line(t))
	}
	client.in.Close()
	client.cmd.Wait()
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	sink.engine.Finish()
	return sink, c.Stats()
}

// TestComplete: of a client that aims at 20,000 calls a second nothing is lost.
// What rate it reached is logged: a busy machine allows less.
func TestComplete(t *testing.T) {
	const calls = 60_000
	sink, stats := watchCalls(t, 1, calls, 20_000, 150, 0)
	if sink.sent != calls || sink.received != calls || stats.Lost != 0 || stats.Incomplete != 0 {
		t.Errorf("captured %d sends and %d receives of %d calls; %+v", sink.sent, sink.received, calls, stats)
	}
	if n := sink.engine.Snapshot().Findings.Len(); n != 0 {
		t.Errorf("%d findings about a client that does nothing wrong", n)
	}
}

// TestLossIsCounted: where the reader is too slow, what is lost is said, and
// nothing is found wrong with a client of which only some is seen.
func TestLossIsCounted(t *testing.T) {
	const rounds, calls = 2, 6_000
	sink, stats := watchCalls(t, rounds, calls, 0, 8000, 100*time.Millisecond)
	t.Logf("%d sends, %d receives; %+v; source %+v; %d lost in events", sink.sent, sink.received, stats, sink.source, sink.lost)
	if stats.Lost == 0 {
		t.Skip("nothing was lost")
	}
	if sink.source.Lost < stats.Lost {
		t.Errorf("the source reports %d lost, want %d at least", sink.source.Lost, stats.Lost)
	}
	if missing := 2*rounds*calls - sink.sent - sink.received; uint64(missing) > stats.Lost+stats.Incomplete {
		t.Errorf("%d messages are missing, but only %d pieces of data were lost and %d messages dropped", missing, stats.Lost, stats.Incomplete)
	}
	snap := sink.engine.Snapshot()
	for i := range snap.Findings.Len() {
		if f := snap.Findings.At(i); !f.Void {
			t.Errorf("found %v (%v) of a client that does nothing wrong", f.Kind, f.Certainty)
		}
	}
}
