package live

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// TestLinesAreRead: what live capture writes, it reads.
func TestLinesAreRead(t *testing.T) {
	kept, err := newSpill(t.TempDir(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.close()
	l := lines{source: 1, spill: kept, decoder: decode.New(model.NewInterner(1<<20), model.NoDialect{})}
	r := newRing()
	r.tracker.write = l.write
	r.connects(10)
	r.sends(10, post(call))
	r.forks(10, 11)
	r.reads(11, answer(reply))
	r.take(sample{kind: sampleSent, pid: 10, flags: hasOffset, off: r.sent + 1001, lost: 3, data: []byte(post(call))})
	r.take(sample{kind: sampleExited, pid: 11, data: make([]byte, processSize)})
	r.take(sample{kind: sampleClosed})
	out, err := l.flush()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[model.EventKind]int{}
	for _, ev := range out.Events {
		kinds[ev.Kind]++
	}
	if out.Stats.Malformed > 0 || kinds[model.Lost] != 2 || kinds[model.Exit] != 1 {
		t.Errorf("%d lines malformed; events %v", out.Stats.Malformed, kinds)
	}
}

// TestKeptLinesSayTheSame: what is known of a line without reading it is what
// reading it would tell.
func TestKeptLinesSayTheSame(t *testing.T) {
	kept, err := newSpill(t.TempDir(), 1<<24)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.close()
	strings := model.NewInterner(1 << 20)
	dialect := ethereum.New()
	l := lines{source: 7, spill: kept, decoder: decode.New(strings, dialect)}
	random := rand.New(rand.NewPCG(1, 2))
	one := func(of []string) []byte { return []byte(of[random.IntN(len(of))]) }
	bodies := []string{
		call, reply, "[" + call + "," + reply + "]", "null", "[]", "5", "{\n\"id\":2,\n\"result\":null}", `{"id":null,"result":1}`,
		"", "<html>\n", `{"id":1`, call + call, reply + " x", `{"id":1}}`, "\xff", "  ", "\u00a0",
	}
	for range 5000 {
		r := record.Record{
			Time: 1_795_338_000_000_000_000 + random.Int64N(3e9), Mono: random.Int64N(1e12), TID: random.IntN(3),
			Process: record.Process{PID: 1 + random.IntN(3), Start: random.Uint64N(2), Comm: string(one([]string{"a", "é\"", ""}))},
			Conn:    record.Conn{Cookie: random.Uint64N(3), Peer: string(one([]string{"127.0.0.1:8545", ""}))},
			URL:     string(one([]string{"", "http://h/key/0123456789abcdef0123456789abcdef"})),
			Event:   record.Send, Msg: one(bodies),
		}
		if random.IntN(2) == 0 {
			r.Event, r.Status = record.Recv, []int{0, 200, 502}[random.IntN(3)]
		}
		if random.IntN(2) == 0 {
			r.Off, r.HasOff = random.Int64N(1000), true
		}
		if len(r.Msg) == 0 || random.IntN(8) == 0 {
			r.Raw, r.Msg, r.Part = r.Msg, nil, true
		}
		l.write(r)
	}
	out, err := l.flush()
	if err != nil {
		t.Fatal(err)
	}
	text, err := kept.read(model.Origin{Len: uint32(kept.end)})
	if err != nil {
		t.Fatal(err)
	}
	var read decode.Out
	decode.New(strings, dialect).Block(7, 0, text, &read)
	if read.Stats.Malformed > 0 || read.Stats.Lines != 5000 {
		t.Fatalf("%d lines, %d of them unusable: %s", read.Stats.Lines, read.Stats.Malformed, read.Stats.BadReason)
	}
	if diff := cmp.Diff(read.Events, out.Events) + cmp.Diff(read.Messages, out.Messages); diff != "" {
		t.Error("lines as read (-) and as known (+):\n", diff[:min(len(diff), 4000)])
	}
}
