package synth_test

import (
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/collector/synth"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// streamed applies endless traffic while it is generated, in the order of time.
type streamed struct {
	store   *model.Store
	decoder *decode.Decoder
	out     decode.Out
	sources map[string]*source
	newest  int64
	kept    int // events after the last apply
}

type source struct {
	id     uint32
	offset int64
}

func newStreamed() *streamed {
	s := &streamed{store: model.NewStore(model.Options{Memory: 256 << 20}), sources: make(map[string]*source)}
	s.decoder = decode.New(s.store.Strings(), ethereum.New())
	return s
}

func (s *streamed) line(file string, line []byte) error {
	src := s.sources[file]
	if src == nil {
		src = &source{id: uint32(len(s.sources))}
		s.sources[file] = src
	}
	s.decoder.Block(src.id, src.offset, line, &s.out)
	src.offset += int64(len(line))
	s.newest = max(s.newest, s.out.Events[len(s.out.Events)-1].Time)
	if len(s.out.Events) >= max(1<<16, 2*s.kept) {
		s.apply(s.newest - int64(50*time.Millisecond))
	}
	return nil
}

// apply hands the events up to time t to the model.
func (s *streamed) apply(t int64) {
	slices.SortStableFunc(s.out.Events, byTime)
	n, _ := slices.BinarySearchFunc(s.out.Events, t+1, func(e model.Event, t int64) int { return int(min(max(e.Time-t, -1), 1)) })
	s.store.Apply(&model.Batch{Events: s.out.Events[:n], Messages: s.out.Messages})
	var rest decode.Out
	for _, e := range s.out.Events[n:] {
		msgs := s.out.Messages[e.Msg : e.Msg+e.NMsg]
		e.Msg = uint32(len(rest.Messages))
		rest.Events, rest.Messages = append(rest.Events, e), append(rest.Messages, msgs...)
	}
	s.out, s.kept = rest, len(rest.Events)
}

// Healthy traffic gives no finding, however its log was written. SESSIONTOP_MESSAGES
// is how many messages are sent and received, 10,000,000 for the long run.
func TestSilence(t *testing.T) {
	messages := 30_000
	if n, err := strconv.Atoi(os.Getenv("SESSIONTOP_MESSAGES")); err == nil {
		messages = n
	}
	healthy := synth.Healthy(7)
	for _, c := range []scenario{
		{"plain", healthy},
		{"batches", with(healthy, func(_ *synth.Config, f *synth.Fleet) { f.Batch = 0.2 })},
		{"descheduled", with(healthy, func(_ *synth.Config, f *synth.Fleet) {
			f.Stamp.Tail = synth.Tail{Share: 0.02, Median: 5 * time.Millisecond}
		})},
		{"timeouts", with(healthy, func(_ *synth.Config, f *synth.Fleet) {
			f.Timeout, f.Stall = 60*time.Millisecond, synth.Tail{Share: 0.01, Median: 100 * time.Millisecond}
		})},
		{"children with their own clients", with(healthy, func(_ *synth.Config, f *synth.Fleet) { f.Children = 3; f.LockStep = true })},
		{"milliseconds", with(healthy, func(c *synth.Config, _ *synth.Fleet) { c.Log.Resolution = time.Millisecond })},
		{"seconds", with(healthy, func(c *synth.Config, _ *synth.Fleet) { c.Log.Resolution = time.Second })},
		{"offsets without times", with(healthy, func(c *synth.Config, _ *synth.Fleet) { c.Log.Constant, c.Log.Off = true, true })},
		{"one file", with(healthy, func(c *synth.Config, _ *synth.Fleet) { c.Log.OneFile = true })},
		{"cookies", with(healthy, func(c *synth.Config, _ *synth.Fleet) { c.Log.Cookie, c.Log.Mono = true, true })},
		{"several hosts", with(healthy, func(c *synth.Config, f *synth.Fleet) {
			f.Host, c.Fleets = "alpha", append(c.Fleets, *f)
			c.Fleets[1].Host, c.Fleets[1].Ahead = "beta", time.Second
		})},
		{"WebSocket and IPC", synth.Multiplexed(7)},
		{"no connection known", with(healthy, func(c *synth.Config, _ *synth.Fleet) { c.Log.NoAddrs = true })},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.cfg.FaultsOnly = true
			processes := 0
			for _, f := range c.cfg.Fleets {
				processes += max(1, f.Parents) * max(1, f.Children)
			}
			c.cfg.Calls = messages / 2 / processes
			s := newStreamed()
			truth, err := synth.Generate(c.cfg, s.line)
			if err != nil {
				t.Fatal(err)
			}
			s.apply(1 << 62)
			s.store.Finish()
			snap := s.store.Snapshot()
			for _, r := range truth.Replies {
				t.Fatalf("the traffic is not healthy: %+v", r)
			}
			if snap.Totals.Events != truth.Lines || snap.Totals.Calls < truth.Calls || snap.Totals.Replies < truth.Read {
				t.Errorf("%d events, %d calls, %d replies; want %d, %d, %d", snap.Totals.Events, snap.Totals.Calls, snap.Totals.Replies, truth.Lines, truth.Calls, truth.Read)
			}
			for _, k := range model.FindingKinds() {
				if n := snap.Totals.Of(k); n > 0 {
					t.Errorf("%d × %s in %d healthy messages", n, k, truth.Calls+truth.Read)
				}
			}
		})
	}
}
