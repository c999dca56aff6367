package record_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
)

// follower reads a folder's logs while they are written, as the screens do.
type follower struct {
	engine *model.Engine
	end    func()
}

func follow(t *testing.T, dir string) *follower {
	t.Helper()
	f := &follower{engine: model.NewEngine(model.Options{Live: true}, nil)}
	files, err := collector.NewFiles([]string{dir}, collector.Options{Follow: true, Strings: f.engine.Strings()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- files.Run(ctx, f.engine) }()
	f.end = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		files.Close()
	})
	t.Cleanup(f.end)
	return f
}

// TestWhoFollowsALogLosesNothing: each line of logs that are rotated and packed
// is read once, whether the reader keeps up or not.
func TestWhoFollowsALogLosesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		keep, burst int // calls between two looks at what was read
	}{
		"and is behind, where all are kept": {keep: 1000, burst: 1200},
		"and keeps up, where few are kept":  {keep: 3, burst: 80},
	} {
		t.Run(name, func(t *testing.T) {
			const processes, calls = 3, 1200
			dir := t.TempDir()
			reader := follow(t, dir)
			f, closeFolder := folder(t, dir, record.Limits{Size: 16 << 10, Keep: c.keep})
			var workers []*record.Writer
			for pid := range processes {
				workers = append(workers, create(t, f, record.Process{PID: pid + 1, Comm: "w"}))
			}
			lines := uint64(0)
			for i := range calls {
				for pid, w := range workers {
					call(w, pid, i)
				}
				lines += 2 * processes
				if (i+1)%c.burst == 0 {
					wait(t, fmt.Sprintf("all of %d lines are read", lines), func() bool {
						got := reader.engine.Snapshot().Totals
						return got.Lines >= lines && got.Calls+got.Replies >= lines
					})
				}
			}
			for _, w := range workers {
				w.Close()
			}
			closeFolder()
			reader.end()
			got := reader.engine.Snapshot().Totals
			if got.Lines != lines || got.Malformed != 0 || got.Lost != 0 || got.Calls != processes*calls || got.Replies != processes*calls {
				t.Errorf("%d lines of %d, %d malformed, %d lost; %d calls and %d replies of %d",
					got.Lines, lines, got.Malformed, got.Lost, got.Calls, got.Replies, processes*calls)
			}
			if n := len(names(t, dir)); n < 2*processes {
				t.Errorf("nothing was rotated: %d files", n)
			}
		})
	}
}

// call writes a call with its reply.
func call(w *record.Writer, pid, i int) {
	conn := record.Conn{Cookie: uint64(pid + 1)}
	w.Write(record.Record{Event: record.Send, Conn: conn, Msg: fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%d,"method":"eth_chainId"}`, i)})
	w.Write(record.Record{Event: record.Recv, Conn: conn, Status: 200,
		Msg: fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%d,"result":"0x%s1"}`, i, strings.Repeat("0", i%300))})
}
