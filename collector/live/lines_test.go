package live

import (
	"testing"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/model"
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
