//go:build linux && (amd64 || arm64)

package live_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
)

// TestMidway: watching begins and ends while processes share a connection. What
// they swap meanwhile is found, and a reply to what was asked before is not one
// that nobody asked for.
func TestMidway(t *testing.T) {
	t.Parallel()
	for name, over := range map[string][2]string{
		"HTTP": {"tcp", "http"}, "HTTP over a Unix socket": {"unix", "http"}, "lines": {"tcp", "lines"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := startFleet(t, serve(t, over[0], over[1]), 3, 1_000_000, over[1], "1")
			f.step("connect")
			f.step("fork")
			fmt.Fprintln(f.in, "call")
			for range 4 {
				c := attach(t, live.Selector{PIDs: []int32{f.pid()}})
				until(t, "calls are captured", func() bool { return len(c.told(record.Recv)) > 200 })
				c.end()
				found, swapped := c.found(), c.swapped()
				t.Logf("%d replies, %d swapped; found %v", len(c.told(record.Recv)), swapped, found)
				if n := found[model.SwappedReply]; n != swapped || found[model.UnsolicitedReply]+found[model.WrongID] > 0 {
					t.Errorf("found %v, where %d replies were swapped", found, swapped)
				}
			}
		})
	}
}

// swapped is how many of the replies captured are another process's, as the
// tokens tell, where their requests were captured.
func (c *capture) swapped() int {
	n := 0
	asked := map[string]bool{}
	for _, r := range c.told(record.Send) {
		asked[between(r.Msg, `"params":["`, `"`)] = true
	}
	for _, r := range c.told(record.Recv) {
		token := between(r.Msg, `"result":"`, `"`)
		if asked[token] && !strings.HasPrefix(token, fmt.Sprint(r.PID, "-")) {
			n++
		}
	}
	return n
}
