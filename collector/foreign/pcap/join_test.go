package pcap_test

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/foreigntest"
	"github.com/sessiontop/sessiontop/collector/foreign/pcap"
	"github.com/sessiontop/sessiontop/collector/foreign/strace"
	"github.com/sessiontop/sessiontop/collector/foreign/web3py"
)

// heldAgainst is the session log of a capture beside what clients' logs tell.
func heldAgainst(t *testing.T, capture []byte, calls *foreign.Calls) []string {
	t.Helper()
	log, stats := foreigntest.Translate(t, pcap.Format(), foreign.Source{Calls: calls}, capture, 1000)
	if stats.Bad > 0 {
		t.Errorf("%+v", stats)
	}
	var lines []string
	for line := range strings.Lines(log) {
		lines = append(lines, strings.TrimSpace(line[strings.Index(line, `"ts"`):]))
	}
	return lines
}

// logged is the calls of calls.pcap as clients of those PIDs, 0 is none, would
// have logged them, by so much earlier.
func logged(t *testing.T, before time.Duration, pids ...int) *foreign.Calls {
	t.Helper()
	c := foreign.NewCalls()
	i := 0
	for _, line := range heldAgainst(t, foreigntest.Read(t, "calls.pcap"), nil) {
		var l struct {
			Ts       time.Time
			Ev, Peer string
			Msg      struct {
				ID     json.RawMessage
				Method string
			}
		}
		if err := json.Unmarshal([]byte("{"+line), &l); err != nil {
			t.Fatal(err)
		}
		if l.Ev != "send" {
			continue
		}
		if pid := pids[i%len(pids)]; pid != 0 {
			at := l.Ts.Add(-before)
			c.Add(foreign.Call{
				PID: pid, Client: "client", Method: l.Msg.Method, ID: string(l.Msg.ID), Sure: true, Peer: l.Peer,
				Asked: at.UnixNano(), Got: at.Add(time.Millisecond).UnixNano(),
			})
		}
		i++
	}
	return c
}

// count is how many lines have all of the parts.
func count(lines []string, parts ...string) (n int) {
	for _, line := range lines {
		if !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(line, p) }) {
			n++
		}
	}
	return n
}

func TestCallsOfAClientsLogAreNotToldTwice(t *testing.T) {
	capture := foreigntest.Read(t, "calls.pcap")
	alone := heldAgainst(t, capture, foreign.NewCalls())
	const seen = `"pid":7,"ev":"send","local":"127.0.0.1:45096","peer":`
	for name, tc := range map[string]struct {
		calls *foreign.Calls
		seen  int // lines that show the process on the connection
		told  int // and lines as the client's port saw them
	}{
		"all":                  {logged(t, 0, 7), 8, 0},
		"all but one":          {logged(t, 0, 7, 7, 0, 7, 7, 7, 7, 7), 7, 4}, // it and its reply, and the connection's beginning and end
		"too few to be sure":   {logged(t, 0, 7, 7, 7, 0, 0, 0, 0, 0), 0, 2*5 + 2},
		"clocks that differ":   {logged(t, time.Minute, 7), 0, len(alone)},
		"of several processes": {logged(t, 0, 7, 8), 4, 0},
	} {
		t.Run(name, func(t *testing.T) {
			lines := heldAgainst(t, capture, tc.calls)
			if got := count(lines, seen, `"client":"client"`, `"part":true`); got != tc.seen {
				t.Errorf("seen %d times, want %d", got, tc.seen)
			}
			if got := count(lines, `"comm":"port"`); got != tc.told {
				t.Errorf("%d lines are told, want %d: %q", got, tc.told, lines)
			}
		})
	}
}

// twoConnections is calls.pcap twice at the same time, the second time from
// another port.
func twoConnections(t *testing.T) []byte {
	t.Helper()
	var both []packet
	for _, p := range packets(t, "calls.pcap", 0) {
		twin := packet{p.at + 1000, slices.Clone(p.data)}
		tcp := twin.data[ethernet+20:]
		for _, at := range []int{0, 2} {
			if port := binary.BigEndian.Uint16(tcp[at:]); port == 45096 {
				binary.BigEndian.PutUint16(tcp[at:], 45097)
			}
		}
		both = append(both, p, twin)
	}
	return classic(binary.LittleEndian, false, 1, both)
}

// Of calls that look alike, which connection each was on is not said; but none is
// told twice.
func TestCallsThatLookAlike(t *testing.T) {
	two := logged(t, 0, 7)
	for id := '1'; id <= '8'; id++ {
		for _, like := range two.Near("eth_call", string(id), 0, math.MaxInt64) {
			like.PID = 8
			two.Add(like)
		}
	}
	lines := heldAgainst(t, twoConnections(t), two)
	if len(lines) > 0 {
		t.Errorf("%q", lines)
	}
}

// A capture alone waits for nobody; beside clients' logs, until they must have
// told what they know.
func TestWhenACaptureIsTold(t *testing.T) {
	capture := foreigntest.Read(t, "calls.pcap")
	expected := foreign.NewCalls()
	expected.Expect()
	for name, tc := range map[string]struct {
		calls *foreign.Calls
		told  bool
	}{"alone": {foreign.NewCalls(), true}, "beside others": {expected, false}} {
		var b strings.Builder
		tr := pcap.Format().New(foreign.NewLines(&b), foreign.Source{Calls: tc.calls})
		if _, err := tr.Write(capture); err != nil {
			t.Fatal(err)
		}
		if told := strings.Contains(b.String(), `"ev":"recv"`); told != tc.told {
			t.Errorf("%s: told at once: %v", name, told)
		}
		if err := tr.(foreign.Holder).Release(); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(b.String(), `"ev":"recv"`); n != 8 {
			t.Errorf("%s: %d replies in the end", name, n)
		}
	}
}

// A connection that a client's log names is left to it.
func TestNamedConnections(t *testing.T) {
	capture := foreigntest.Read(t, "calls.pcap")
	alone := heldAgainst(t, capture, nil)
	at := packets(t, "calls.pcap", 0)[0].at
	for name, tc := range map[string]struct {
		local string
		at    int64
		want  int
	}{
		"named": {"127.0.0.1:45096", int64(at), 0}, "mapped": {"[::ffff:127.0.0.1]:45096", int64(at), 0},
		"another port": {"127.0.0.1:45097", int64(at), len(alone)}, "another time": {"127.0.0.1:45096", int64(at) - 60e9, len(alone)},
	} {
		c := foreign.NewCalls()
		c.Name(tc.local, "127.0.0.1:36161", tc.at)
		if lines := heldAgainst(t, capture, c); len(lines) != tc.want {
			t.Errorf("%s: %d lines, want %d", name, len(lines), tc.want)
		}
	}
}

// TestForkedFleet: beside DEBUG lines the capture says of forked children that
// they were on their parent's connection, as the trace, or the recorder, of the
// same run knows.
func TestForkedFleet(t *testing.T) {
	calls := foreign.NewCalls()
	log, err := os.ReadFile("testdata/joined/app.log")
	if err != nil {
		t.Fatal(err)
	}
	foreigntest.Translate(t, web3py.Format(), foreign.Source{Calls: calls}, log, len(log))
	lines := heldAgainst(t, foreigntest.Read(t, "joined/wire.pcap"), calls)
	var truth string
	for _, pid := range []string{"15626", "16230", "16237"} {
		b, err := os.ReadFile("testdata/joined/worker-" + pid + ".jsonl")
		if err != nil {
			t.Fatal(err)
		}
		truth += string(b)
	}
	pids := map[string]bool{}
	for _, line := range lines {
		_, who, _ := strings.Cut(line, `"pid":`)
		pid, where, _ := strings.Cut(who, `,"ev":"send",`)
		where, _, ok := strings.Cut(where, `,"client":"web3.py/7.x","part":true}`)
		local, _, _ := strings.Cut(where, ",")
		if !ok || !slices.ContainsFunc(strings.Split(truth, "\n"), func(l string) bool {
			return strings.Contains(l, `"pid":`+pid+`,`) && strings.Contains(l, local) && strings.Contains(l, `"ev":"send"`)
		}) {
			t.Errorf("it is not so: %s", line)
		}
		if local == `"local":"127.0.0.1:38464"` {
			pids[pid] = true
		}
	}
	if d := cmp.Diff(map[string]bool{"15626": true, "16230": true, "16237": true}, pids); d != "" || len(lines) < 10 {
		t.Errorf("%d lines\n%s", len(lines), d)
	}
}

// TestBesideATrace: a trace names its connections.
func TestBesideATrace(t *testing.T) {
	trace, err := os.ReadFile("../strace/testdata/fleet.strace")
	if err != nil {
		t.Fatal(err)
	}
	calls := foreign.NewCalls()
	var b strings.Builder
	out := foreign.NewLines(&b)
	out.TellTo(calls)
	tr := strace.Format().New(out, foreign.Source{})
	if _, err := tr.Write(trace); err != nil {
		t.Fatal(err)
	}
	if err := tr.Close(); err != nil {
		t.Fatal(err)
	}
	if lines := heldAgainst(t, foreigntest.Read(t, "fleet.pcap"), calls); len(lines) > 0 {
		t.Errorf("%q", lines)
	}
}
