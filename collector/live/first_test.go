//go:build linux && (amd64 || arm64)

package live_test

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/collector/record"
)

// TestFirstAtOnce: where two threads write the first bytes of a connection at
// the same time, both are captured.
func TestFirstAtOnce(t *testing.T) {
	const conns = 2000
	c := attach(t, live.Selector{PIDs: []int32{int32(os.Getpid())}})
	for n := range conns {
		ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		if err != nil {
			t.Fatal(err)
		}
		var ready atomic.Int32
		var wg sync.WaitGroup
		for id := range 2 {
			wg.Go(func() {
				line := fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%d,"method":"eth_call","params":[]}`+"\n", 2*n+id)
				for ready.Add(1); ready.Load() < 2; {
					runtime.Gosched()
				}
				if _, err := unix.Write(ends[0], line); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		unix.Close(ends[0])
		unix.Close(ends[1])
	}
	c.end()
	if got := len(c.told(record.Send)); got != 2*conns {
		t.Errorf("captured %d of %d messages; %+v", got, 2*conns, c.Stats())
	}
}
