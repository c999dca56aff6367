package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/sessiontop/sessiontop/collector/record"
)

// TestRecordLogs: processes with a connection have a log each, and what others
// do stands in one, under their PIDs.
func TestRecordLogs(t *testing.T) {
	dir := t.TempDir()
	logs, err := newRecordLogs(dir, record.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	at := int64(1)
	write := func(pid int, ev record.Event, child int) {
		at++
		logs.write(record.Record{Process: record.Process{PID: pid, Start: 7, Comm: "w"}, Event: ev, Time: at, Child: child})
	}
	const short = 50
	write(3, record.Send, 0)
	for pid := 10; pid < 10+short; pid++ {
		write(3, record.Fork, pid)
		write(pid, record.Exec, 0)
		write(pid, record.Exit, 0)
	}
	write(4, record.Exec, 0)
	write(4, record.Recv, 0)
	write(4, record.Exit, 0)
	if err := logs.close(); err != nil {
		t.Fatal(err)
	}
	if n, err := logs.dropped(); n != 0 || err != nil {
		t.Errorf("%d dropped: %v", n, err)
	}
	for name, want := range map[string]map[string]int{
		"w-3.jsonl":              {`"ev":"fork"`: short, `"pid":3,`: short + 1},
		"w-4.jsonl":              {`"pid":4,`: 2, `"ev":"exit"`: 1},
		record.Self().FileName(): {`"ev":"exec"`: short + 1, `"ev":"exit"`: short, `"pid":10,`: 2, `"pid":4,`: 1, `"tid"`: 0, `"pid":` + strconv.Itoa(os.Getpid()): 0},
	} {
		log, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for text, n := range want {
			if got := bytes.Count(log, []byte(text)); got != n {
				t.Errorf("%s has %d times %s, want %d", name, got, text, n)
			}
		}
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl")); len(files) != 3 {
		t.Errorf("%d logs: %v", len(files), files)
	}
}
