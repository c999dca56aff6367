package model_test

import (
	"runtime"
	"testing"

	"github.com/sessiontop/sessiontop/model"
)

// What the model says it holds is near what it does hold, so that the memory cap
// means something.
func TestMemoryIsWhatTheHeapSays(t *testing.T) {
	for name, sessions := range map[string]int{"one call a session": 100_000, "many calls a session": 100} {
		t.Run(name, func(t *testing.T) {
			store := model.NewStore(model.Options{Memory: 4 << 30})
			batches := traffic(store, 100_000, sessions, false)
			before := heap()
			for i := range batches {
				store.Apply(&batches[i])
			}
			store.Finish()
			said := store.Snapshot().Totals.Memory
			held := heap() - before
			t.Logf("said %d MB, held %d MB: %d bytes a session", said>>20, held>>20, held/int64(sessions))
			if said < held*3/4 || said > held*2 {
				t.Errorf("said %d bytes, held %d", said, held)
			}
			runtime.KeepAlive(store)
			runtime.KeepAlive(batches)
		})
	}
}

// A log in which a process has another parent with every line takes no more memory
// than one in which it keeps its parent.
func TestParentsOfBeforeAreForgotten(t *testing.T) {
	const lines, enough = 300_000, 8 << 20
	store := model.NewStore(model.Options{})
	before := heap()
	for i := range int32(lines) {
		ev := model.Event{Kind: model.Exec, Time: int64(i), Proc: &model.ProcInfo{PID: 7, PPID: i + 10}}
		store.Apply(&model.Batch{Events: []model.Event{ev}})
	}
	if held := heap() - before; held > enough {
		t.Errorf("%d lines of one process hold %d bytes", lines, held)
	}
	runtime.KeepAlive(store)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
