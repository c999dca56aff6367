package collector_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// writeFleet writes n lines of a fleet of 64 workers, with the methods that
// workers call most, to one file or to one a process.
func writeFleet(b *testing.B, dir string, n int, perProcess bool) (size int64) {
	const workers = 64
	rng := rand.New(rand.NewPCG(1, 1))
	outs := make([]*bufio.Writer, workers)
	for i := range outs {
		if i > 0 && !perProcess {
			outs[i] = outs[0]
			continue
		}
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("worker-%d.jsonl", 4100+i)))
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		outs[i] = bufio.NewWriterSize(f, 1<<16)
		defer outs[i].Flush()
	}
	methods := []struct{ name, params, result string }{
		{"eth_chainId", `[]`, `"0x1"`},
		{"eth_getBalance", `["0x%040x","latest"]`, `"0x%x"`},
		{"eth_call", `[{"to":"0x%040x","data":"0x70a08231"},"latest"]`, `"0x%064x"`},
		{"eth_getTransactionCount", `["0x%040x","latest"]`, `"0x%x"`},
		{"eth_accounts", `[]`, `["0x%040x"]`},
		{"eth_gasPrice", `[]`, `"0x%x"`},
	}
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	open := make([]int, workers)
	ids := make([]int, workers)
	for range n {
		at = at.Add(time.Duration(200 + rng.IntN(4000)))
		w := rng.IntN(workers)
		line := fmt.Sprintf(`{"ts":%q,"pid":%d,"ppid":4000,"tid":%d,"comm":"worker","ev":`, at.Format("2006-01-02T15:04:05.000000000Z07:00"), 4100+w, 4100+w)
		conn := fmt.Sprintf(`,"ino":%d,"local":"127.0.0.1:%d","peer":"127.0.0.1:8545",`, 88000+w, 50000+w)
		if open[w] == 0 {
			open[w] = 1 + rng.IntN(len(methods))
			m := methods[open[w]-1]
			ids[w]++
			params := m.params
			if len(params) > 2 {
				params = fmt.Sprintf(params, w)
			}
			line += fmt.Sprintf(`"send"%s"msg":{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}}`, conn, ids[w], m.name, params)
		} else {
			result := methods[open[w]-1].result
			if open[w] > 1 {
				result = fmt.Sprintf(result, rng.IntN(1e9))
			}
			open[w] = 0
			line += fmt.Sprintf(`"recv"%s"status":200,"msg":{"jsonrpc":"2.0","id":%d,"result":%s}}`, conn, ids[w], result)
		}
		size += int64(len(line)) + 1
		outs[w].WriteString(line)
		outs[w].WriteByte('\n')
	}
	return size
}

// BenchmarkColdLoad reads session logs to findings, every check on.
func BenchmarkColdLoad(b *testing.B) {
	for name, perProcess := range map[string]bool{"one file": false, "64 files": true} {
		b.Run(name, func(b *testing.B) {
			const lines = 400_000
			dir := b.TempDir()
			b.SetBytes(writeFleet(b, dir, lines, perProcess))
			b.ReportAllocs()
			for b.Loop() {
				e := model.NewEngine(model.Options{}, nil)
				src, err := collector.NewFiles([]string{dir}, collector.Options{Strings: e.Strings(), Dialect: ethereum.New()})
				if err != nil {
					b.Fatal(err)
				}
				if err := src.Run(b.Context(), e); err != nil {
					b.Fatal(err)
				}
				e.Finish()
				if got := e.Snapshot().Totals; got.Events != lines || got.ErrorKinds != 0 {
					b.Fatalf("%d events, %d findings", got.Events, got.ErrorKinds)
				}
				src.Close()
			}
			b.ReportMetric(float64(lines)*float64(b.N)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}
