//go:build linux && (amd64 || arm64)

package live

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// BenchmarkCall is what user space does about a call and its reply of 300 bytes
// each, from the samples to the findings.
func BenchmarkCall(b *testing.B) {
	const conns, turn = 8, 256
	engine := model.NewEngine(model.Options{Live: true}, nil)
	kept, err := newSpill(b.TempDir(), defaultKeep)
	if err != nil {
		b.Fatal(err)
	}
	dialect := ethereum.New()
	c := &Capture{tracker: newTracker(), lines: lines{source: 1, spill: kept, decoder: decode.New(engine.Strings(), dialect)}}
	defer kept.close()
	c.tracker.write, c.tracker.redact = c.lines.write, ethereum.Redact
	r := newRing()
	r.tracker = c.tracker
	var texts [turn][2][]byte
	for i := range texts {
		zeros := strings.Repeat("0", 150)
		texts[i][0] = []byte(post(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"eth_call","params":["0x%s"]}`, i, zeros)))
		texts[i][1] = []byte(answer(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":"0x%s"}`, i, zeros)))
	}
	var offsets [conns][2]int64
	pass := func(cookie int, kind sampleKind, off *int64, data []byte) {
		r.now += 10_000
		s := sample{kind: kind, pid: 10, tid: 10, cookie: uint64(cookie), mono: r.now, flags: at(*off), off: *off, data: data}
		if kind == sampleSent {
			s.off++ // the SYN
		}
		*off += int64(len(data))
		c.take(&s)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		k, text := i%conns, &texts[i%turn]
		pass(k+1, sampleSent, &offsets[k][0], text[0])
		pass(k+1, sampleReceived, &offsets[k][1], text[1])
		if i%turn == turn-1 {
			if err := c.deliver(engine, time.Unix(0, r.now), settle); err != nil {
				b.Fatal(err)
			}
		}
	}
}
