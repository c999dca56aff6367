package collector_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// BenchmarkLineToSnapshot is how long it takes from the write of a line to the
// snapshot that shows it, at 50,000 lines/s over 16 files.
func BenchmarkLineToSnapshot(b *testing.B) {
	const files, perMilli = 16, 50
	dir := b.TempDir()
	e := model.NewEngine(model.Options{Live: true}, nil)
	src, err := collector.NewFiles([]string{dir}, collector.Options{Follow: true, Strings: e.Strings(), Dialect: ethereum.New()})
	if err != nil {
		b.Fatal(err)
	}
	defer src.Close()
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- src.Run(ctx, e) }()
	outs := make([]*os.File, files)
	for i := range outs {
		if outs[i], err = os.OpenFile(filepath.Join(dir, fmt.Sprintf("w-%d.jsonl", i)), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
			b.Fatal(err)
		}
		defer outs[i].Close()
	}
	type mark struct {
		lines uint64
		at    time.Time
	}
	marks := make(chan mark, 1<<16)
	var took []time.Duration
	seen := make(chan struct{})
	go func() {
		defer close(seen)
		for m := range marks {
			for e.Snapshot().Totals.Events < m.lines {
				time.Sleep(200 * time.Microsecond)
			}
			took = append(took, time.Since(m.at))
		}
	}()
	lines := uint64(0)
	for b.Loop() { // one millisecond's lines
		next := time.Now().Add(time.Millisecond)
		for range perMilli {
			w, ev, body := int(lines)%files, "send", `"method":"eth_call","params":[]`
			if lines/files%2 == 1 {
				ev, body = "recv", `"result":"0x"`
			}
			fmt.Fprintf(outs[w], `{"ts":%d,"pid":%d,"ev":%q,"ino":%d,"local":"127.0.0.1:%d","peer":"127.0.0.1:8545","msg":{"jsonrpc":"2.0","id":%d,%s}}`+"\n",
				time.Now().UnixNano(), 100+w, ev, 900+w, 50000+w, lines/files/2, body)
			lines++
		}
		marks <- mark{lines, time.Now()}
		time.Sleep(time.Until(next))
	}
	close(marks)
	<-seen
	stop()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(e.Snapshot().Totals.Late), "late")
}
