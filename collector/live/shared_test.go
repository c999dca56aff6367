//go:build amd64 || arm64

package live_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
)

// TestSwappedReplies holds what is found against what the processes
// themselves know: the tokens that they sent and read.
func TestSwappedReplies(t *testing.T) {
	for _, when := range []string{"connect", "fork", "call"} {
		t.Run("attached before "+when, func(t *testing.T) {
			f := startFleet(t, serve(t, "tcp", "http"), 2, 3000, "http", "1")
			var c *capture
			for _, step := range []string{"connect", "fork", "call"} {
				if step == when {
					c = attach(t, live.Selector{PIDs: []int32{f.pid()}})
				}
				f.step(step)
			}
			until(t, "the end of both children", func() bool { return len(c.told(record.Exit)) >= 2 })
			c.end()
			compare(t, c, f)
		})
	}
}

func compare(t *testing.T, c *capture, f *fleet) {
	t.Helper()
	truth := f.truth()
	want := map[string]int{}
	swapped, gaveUp := 0, 0
	for _, r := range truth {
		switch {
		case r.told == "-":
			gaveUp++
			continue
		case !strings.HasPrefix(r.told, fmt.Sprint(r.pid, "-")):
			swapped++
		}
		want[fmt.Sprint(r.pid, " ", r.told)]++
	}
	got := map[string]int{}
	sent := 0
	for _, r := range c.told(record.Recv) {
		got[fmt.Sprint(r.PID, " ", between(r.Msg, `"result":"`, `"`))]++
	}
	for range c.told(record.Send) {
		sent++
	}
	extra := 0
	for k, n := range want {
		if got[k] != n {
			t.Errorf("%s: captured %d, the process knows of %d", k, got[k], n)
		}
	}
	for k, n := range got {
		extra += n - want[k]
	}
	snap := c.engine.Snapshot()
	found := map[model.FindingKind]int{}
	cert := map[string]int{}
	for i := range snap.Findings.Len() {
		fi := snap.Findings.At(i)
		if !fi.Void {
			found[fi.Kind]++
			cert[fi.Kind.String()+" "+fi.Certainty.String()]++
		}
	}
	t.Logf("calls %d, sent %d, swapped %d, gave up %d; read ahead %d; found %v; stats %+v", len(truth), sent, swapped, gaveUp, extra, cert, c.Stats())
	if found[model.SwappedReply] != swapped {
		t.Errorf("found %d swapped replies, there were %d", found[model.SwappedReply], swapped)
	}
}
