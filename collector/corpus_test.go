package collector_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// pair is a real request with its reply.
type pair struct{ Ask, Reply json.RawMessage }

func corpus(t *testing.T) []pair {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "model", "ethereum", "testdata", "pairs.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []pair
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		var p pair
		if err := json.Unmarshal(sc.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	if len(out) < 100 {
		t.Fatalf("%d pairs only", len(out))
	}
	return out
}

// The real pairs are healthy traffic: nothing is found in them, whether one
// process asks all on one connection or many at once on their own.
func TestCorpusIsSilent(t *testing.T) {
	pairs := corpus(t)
	for name, processes := range map[string]int{"one session": 1, "many processes, interleaved": 16} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var lines []logLine
			at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC).UnixNano()
			add := func(pid int, ev string, msg []byte) {
				at += 37_000
				lines = append(lines, logLine{at, pid, fmt.Sprintf(
					`{"ts":%d,"pid":%d,"ev":%q,"ino":%d,"local":"127.0.0.1:%d","peer":"127.0.0.1:8545","url":"http://127.0.0.1:8545","msg":%s}`,
					at, pid, ev, pid, 40000+pid, msg)})
			}
			for round := 0; round < 3; round++ {
				for from := 0; from < len(pairs); from += processes {
					now := pairs[from:min(from+processes, len(pairs))]
					for i, p := range now {
						add(100+i, "send", p.Ask)
					}
					for i := range now { // the last to ask is the first to have its answer
						k := len(now) - 1 - i
						add(100+k, "recv", now[k].Reply)
					}
				}
			}
			write(t, filepath.Join(dir, "all.jsonl"), lines)
			s := load(t, collector.Options{Dialect: ethereum.New()}, dir)
			if got := told(s); len(got) != 1 {
				t.Errorf("healthy pairs gave findings: %v", got)
			}
			if want := uint64(3 * len(pairs)); s.Totals.Calls != want || s.Totals.Replies != want {
				t.Errorf("%d calls and %d replies, want %d of each", s.Totals.Calls, s.Totals.Replies, want)
			}
		})
	}
}
