//go:build linux && (amd64 || arm64)

package live_test

import (
	"net/netip"
	"os"
	"strconv"
	"testing"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/collector/record"
)

// TestThread: a process of which a thread is seen first has its own name and
// start, not the thread's.
func TestThread(t *testing.T) {
	t.Parallel()
	address := serve(t, "tcp", "http")
	c := attach(t, live.Selector{Ports: []uint16{netip.MustParseAddrPort(address).Port()}})
	f := startScript(t, "testdata/thread.py", address)
	f.step("call")
	c.end()
	text, err := os.ReadFile(f.logs)
	if err != nil {
		t.Fatal(err)
	}
	start, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	var sent []record.Process
	for _, r := range c.told(record.Send) {
		if r.PID == int(f.pid()) {
			sent = append(sent, r.Process)
		}
	}
	if len(sent) != 1 || sent[0].Start != start || sent[0].Comm == "caller" {
		t.Errorf("told of %+v, want one call of a process that started at %d", sent, start)
	}
}
