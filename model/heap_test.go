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

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
