//go:build amd64 || arm64

package live_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
)

// TestSwappedReplies holds what is found against what the processes
// themselves know: the tokens that they sent and read.
func TestSwappedReplies(t *testing.T) {
	for _, when := range []string{"connect", "fork", "call"} {
		t.Run("attached before "+when, func(t *testing.T) {
			f := startFleet(t, serve(t, "tcp", "http"), 2, 2000, "http", "1")
			compare(t, f.capturedFrom(when), f)
		})
	}
	t.Run("four children", func(t *testing.T) {
		f := startFleet(t, serve(t, "tcp", "http"), 4, 500, "http", "1")
		compare(t, f.capturedFrom("fork"), f)
	})
	t.Run("HTTP over a Unix socket", func(t *testing.T) {
		f := startFleet(t, serve(t, "unix", "http"), 2, 1000, "http", "1")
		compare(t, f.capturedFrom("call"), f)
	})
	t.Run("lines over a Unix socket", func(t *testing.T) {
		f := startFleet(t, serve(t, "unix", "lines"), 2, 1000, "lines", "1")
		compare(t, f.capturedFrom("connect"), f)
	})
}

// compare holds what was captured and found against what the children know.
func compare(t *testing.T, c *capture, f *fleet) {
	t.Helper()
	want, got := map[string]int{}, map[string]int{}
	calls, swapped, stale, ahead, gaveUp := 0, 0, 0, 0, 0
	for _, r := range f.truth() {
		if !r.ahead {
			calls++
		} else {
			ahead++
		}
		if r.swapped() {
			swapped++
		}
		if r.told == "-" {
			gaveUp++
			continue
		}
		if !r.swapped() && (r.told != r.asked || r.ahead) {
			stale++
		}
		want[fmt.Sprint(r.pid, " ", r.told)]++
	}
	for _, r := range c.told(record.Recv) {
		got[fmt.Sprint(r.PID, " ", between(r.Msg, `"result":"`, `"`))]++
	}
	if !maps.Equal(got, want) {
		t.Errorf("captured %d replies; the processes know of %d, or of others", len(got), len(want))
	}
	if n := len(c.told(record.Send)); n != calls {
		t.Errorf("captured %d calls, there were %d", n, calls)
	}
	found := c.found()
	t.Logf("%d calls, %d swapped, %d stale, %d read ahead, %d given up; found %v", calls, swapped, stale, ahead, gaveUp, found)
	if n := found[model.StaleReply]; n != stale && f.framing == "http" {
		t.Errorf("found %d stale replies, there were %d", n, stale)
	}
	if n := found[model.SwappedReply]; n != swapped {
		t.Errorf("found %d swapped replies, there were %d", n, swapped)
	}
}
