//go:build linux && (amd64 || arm64)

package live_test

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/collector/record"
)

// TestUnusualCalls: bytes that move in ways that clients seldom use are taken for
// what they are; what cannot be read is counted, and accuses nobody.
func TestUnusualCalls(t *testing.T) {
	for way, want := range map[string]struct{ sent, received, unread int }{
		"discard":   {3, 2, 1},
		"errqueue":  {2, 2, 0},
		"sendmmsg":  {0, 2, 2},
		"io_uring":  {1, 0, 1},
		"fastopen":  {4, 4, 0},
		"reconnect": {6, 6, 0},
		"halfclose": {1, 1, 0},
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			if way == "io_uring" && !hasIOUring() {
				t.Skip("there is no io_uring")
			}
			f := startScript(t, "testdata/unusual.py", way)
			c := attach(t, live.Selector{PIDs: []int32{f.pid()}})
			f.step("connect")
			f.step("call")
			c.end()
			sent, received := len(c.told(record.Send)), len(c.told(record.Recv))
			if sent != want.sent || received != want.received || c.Stats().Incomplete != uint64(want.unread) {
				t.Errorf("%d sent, %d received, %+v; want %+v", sent, received, c.Stats(), want)
			}
			if found := c.found(); len(found) > 0 {
				t.Errorf("found %v", found)
			}
		})
	}
}

// hasIOUring says whether the kernel lets this process have an io_uring.
func hasIOUring() bool {
	var params [120]byte // struct io_uring_params
	fd, _, failed := unix.Syscall(unix.SYS_IO_URING_SETUP, 1, uintptr(unsafe.Pointer(&params)), 0)
	if failed == 0 {
		unix.Close(int(fd))
	}
	return failed == 0
}
