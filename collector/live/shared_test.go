//go:build linux && (amd64 || arm64)

package live_test

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
)

// TestSwappedReplies holds what is found against what the processes
// themselves know: the tokens that they sent and read.
func TestSwappedReplies(t *testing.T) {
	t.Parallel()
	const calls = 500 // of each child
	for _, when := range []string{"connect", "fork", "call"} {
		t.Run("attached before "+when, func(t *testing.T) {
			t.Parallel()
			f := startFleet(t, serve(t, "tcp", "http"), 2, calls, "http", "1")
			c := f.capturedFrom(when)
			captured(t, c, f)
			compare(t, c, f)
		})
	}
	t.Run("four children", func(t *testing.T) {
		t.Parallel()
		f := startFleet(t, serve(t, "tcp", "http"), 4, calls, "http", "1")
		c := f.capturedFrom("fork")
		captured(t, c, f)
		compare(t, c, f)
	})
	t.Run("HTTP over a Unix socket", func(t *testing.T) {
		t.Parallel()
		f := startFleet(t, serve(t, "unix", "http"), 2, calls, "http", "1")
		c := f.capturedFrom("call")
		captured(t, c, f)
		compare(t, c, f)
	})
	t.Run("lines over a Unix socket", func(t *testing.T) {
		t.Parallel()
		f := startFleet(t, serve(t, "unix", "lines"), 2, calls, "lines", "1")
		c := f.capturedFrom("connect")
		captured(t, c, f)
		compare(t, c, f)
	})
}

// TestTornReplies: a server that writes header and body apart has two
// processes read a part each; both are named.
func TestTornReplies(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			t.Parallel()
			testTornReplies(t, network)
		})
	}
}

func testTornReplies(t *testing.T, network string) {
	f := startFleet(t, serve(t, network, "halves"), 2, 500, "http", "1")
	c := f.capturedFrom("call")
	captured(t, c, f)
	var parts []record.Record
	for _, r := range c.told(record.Recv) {
		if r.Part {
			parts = append(parts, r)
		}
	}
	if len(parts) == 0 {
		t.Fatal("no reply was torn")
	}
	slices.SortFunc(parts, func(a, b record.Record) int { return cmp.Compare(a.Off, b.Off) })
	for i := 0; i+1 < len(parts); i += 2 {
		head, body := parts[i], parts[i+1]
		if head.PID == body.PID || head.Rest || !body.Rest || len(head.Raw) > 0 || !bytes.Contains(body.Raw, []byte(`"result"`)) {
			t.Fatalf("%+v and %+v are no two parts of one reply", head, body)
		}
	}
	snap, named := c.engine.Snapshot(), 0
	for i := range snap.Findings.Len() {
		if f := snap.Findings.At(i); f.Kind == model.TornMessage && !f.Void && f.Other != model.NoProc && f.Other != f.Reader {
			named++
		}
	}
	if named == 0 {
		t.Errorf("found %v, but no torn message that names two", c.found())
	}
}

// TestTornRequests: header and body in two writes get mixed up on the wire, and
// the server gives up; what each process asked is told all the same, and whose the
// replies until then were. Of a connection that was there before the capture it is
// not known how many replies are outstanding: the last of them, before what is
// torn, may be its reader's own for all that is known, if the ids are alike.
func TestTornRequests(t *testing.T) {
	for _, how := range [][2]string{{"tcp", "connect"}, {"tcp", "fork"}, {"tcp", "call"}, {"unix", "call"}} {
		t.Run(how[0]+", attached before "+how[1], func(t *testing.T) {
			t.Parallel()
			testTornRequests(t, how[0], how[1])
		})
	}
}

func testTornRequests(t *testing.T, network, when string) {
	f := startFleet(t, serve(t, network, "http"), 4, 500, "http", "2")
	c := f.capturedFrom(when)
	captured(t, c, f)
	asked := map[string]bool{}
	for _, r := range c.told(record.Send) {
		asked[fmt.Sprint(r.PID, " ", between(r.Msg, `"params":["`, `"`))] = true
	}
	swapped := 0
	truth := f.truth()
	for _, r := range truth {
		if want := fmt.Sprint(r.pid, " ", r.asked); !asked[want] {
			t.Errorf("%s was asked, and is not told", want)
		}
		if r.told != "-" && r.swapped() {
			swapped++
		}
	}
	unsure := 0
	if when != "connect" {
		unsure = 1
	}
	if n := c.found()[model.SwappedReply]; network == "tcp" && (n < swapped-unsure || n > swapped) {
		t.Errorf("found %v, there were %d swapped replies", c.found(), swapped)
	}
	if len(truth) == 4*500 {
		t.Error("no request was torn")
	}
}

// captured holds the replies captured against those that the children read.
func captured(t *testing.T, c *capture, f *fleet) {
	t.Helper()
	want, got := map[string]int{}, map[string]int{}
	for _, r := range f.truth() {
		if r.told != "-" {
			want[fmt.Sprint(r.pid, " ", r.told)]++
		}
	}
	for _, r := range c.told(record.Recv) {
		if token := between(append(r.Msg, r.Raw...), `"result":"`, `"`); token != "" {
			got[fmt.Sprint(r.PID, " ", token)]++
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("captured %d replies; the processes know of %d, or of others", len(got), len(want))
	}
}

// compare holds what was found against what the children know.
func compare(t *testing.T, c *capture, f *fleet) {
	t.Helper()
	calls, swapped, stale, ahead, gaveUp := 0, 0, 0, 0, 0
	for _, r := range f.truth() {
		switch {
		case r.told == "-":
			gaveUp++
		case r.swapped():
			swapped++
		case r.told != r.asked || r.ahead:
			stale++
		}
		if r.ahead {
			ahead++
		} else {
			calls++
		}
	}
	if n := len(c.told(record.Send)); n != calls {
		t.Errorf("captured %d calls, there were %d", n, calls)
	}
	found := c.found()
	t.Logf("%d calls, %d swapped, %d stale, %d read ahead, %d given up; found %v", calls, swapped, stale, ahead, gaveUp, found)
	if n := found[model.SwappedReply]; n != swapped {
		t.Errorf("found %d swapped replies, there were %d", n, swapped)
	}
}
