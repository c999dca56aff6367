package strace_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/strace"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// translate gives the session log of a trace that comes in pieces.
func translate(t testing.TB, name string, trace []byte, piece int) ([]byte, foreign.Stats) {
	t.Helper()
	var log bytes.Buffer
	out := foreign.NewLines(&log)
	tr := strace.Format().New(out, foreign.Source{Name: name, Modified: time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)})
	for len(trace) > 0 {
		n := min(piece, len(trace))
		if k, err := tr.Write(trace[:n]); k != n || err != nil {
			t.Fatalf("Write: %d, %v", k, err)
		}
		trace = trace[n:]
	}
	if err := tr.Close(); err != nil {
		t.Fatal(err)
	}
	return log.Bytes(), out.Stats()
}

// decoded are the events of a session log, all of whose lines must be usable.
func decoded(t testing.TB, log []byte, strings *model.Interner) decode.Out {
	t.Helper()
	var out decode.Out
	decode.New(strings, ethereum.New()).Block(1, 0, log, &out)
	if out.Stats.Malformed > 0 {
		t.Fatalf("line at %d of the session log: %s", out.Stats.BadOffset, out.Stats.BadReason)
	}
	return out
}

// inOrder sorts events by time, as the reader of a session log does.
func inOrder(events []model.Event) {
	slices.SortStableFunc(events, func(a, b model.Event) int { return int(a.Time - b.Time) })
}

// story tells a session log with the processes as letters, by first appearance.
func story(t testing.TB, log []byte) (lines []string) {
	t.Helper()
	out := decoded(t, log, model.NewInterner(1<<20))
	inOrder(out.Events)
	letters := map[int64]string{}
	letter := func(pid int64) string {
		if letters[pid] == "" {
			letters[pid] = string(rune('A' + len(letters)))
		}
		return letters[pid]
	}
	kinds := [...]string{"", "send", "recv", "fail", "open", "close", "fork", "exec", "exit", "lost"}
	for i := range out.Events {
		ev := &out.Events[i]
		text := letter(int64(ev.Proc.PID)) + " " + kinds[ev.Kind]
		switch ev.Kind {
		case model.Send, model.Recv:
			text += " " + out.Messages[ev.Msg].ID.String()
		case model.Fork:
			text += " " + letter(ev.N)
		case model.Exit:
			text += fmt.Sprint(" ", ev.N)
		}
		if ev.Kind <= model.Close && ev.Conn.Opener != 0 && letter(int64(ev.Conn.Opener)) != "A" {
			text += " opened by another"
		}
		lines = append(lines, text)
	}
	return lines
}

// TestCalls: every call that moves bytes, in every style of trace, tells the
// same story.
func TestCalls(t *testing.T) {
	want := []string{"A open"}
	for i := range 7 {
		want = append(want, fmt.Sprint("A send ", 1+i), fmt.Sprint("A recv ", 1+i))
	}
	want = append(want, "A send 8", "A fork B", "B recv 8", "B exit 3", "A close", "A exit 0")
	for _, style := range []string{"yy", "fds", "xx", "stderr", "ns"} {
		t.Run(style, func(t *testing.T) {
			trace := read(t, style+".strace")
			if !strace.Format().Sniff(trace) || !strace.Format().Sniff(trace[:len(trace)/2]) {
				t.Error("is not taken for a trace")
			}
			log, stats := translate(t, "trace.log", trace, len(trace))
			if d := cmp.Diff(want, story(t, log)); d != "" {
				t.Error(d)
			}
			if stats.Bad != 0 || stats.Read != uint64(bytes.Count(trace, []byte("\n"))) {
				t.Errorf("%+v", stats)
			}
			for _, piece := range []int{1, 7, 1000} {
				again, _ := translate(t, "trace.log", trace, piece)
				if !bytes.Equal(log, again) {
					t.Fatalf("another log in pieces of %d", piece)
				}
			}
		})
	}
}

// TestAttached: of a process that strace -p has found with a connection to a Unix
// socket, and of the child that it forks later, the calls are told, however little
// the trace says of the descriptor.
func TestAttached(t *testing.T) {
	var want []string
	for i, who := range []string{"A", "A", "A", "B", "B"} {
		if i == 3 {
			want = append(want, "A fork B")
		}
		want = append(want, fmt.Sprint(who, " send ", 1+i), fmt.Sprint(who, " recv ", 1+i))
	}
	want = append(want, "B exit 0", "A close", "A exit 0")
	for name, conn := range map[string]string{"unix-attached": "socket 1 of 12161>unknown", "unix-attached-yy": "socket:[3590606]>socket:[3590607]"} {
		trace := read(t, name+".strace")
		log, stats := translate(t, "trace.log", trace, len(trace))
		if d := cmp.Diff(want, story(t, log)); d != "" || stats.Bad > 0 {
			t.Errorf("%s: %+v\n%s", name, stats, d)
		}
		for _, ev := range decoded(t, log, model.NewInterner(1<<20)).Events {
			if ev.Conn != nil && ev.Conn.Label() != conn {
				t.Errorf("%s: %s, want %s", name, ev.Conn.Label(), conn)
			}
		}
		if _, kinds := findings(t, log); !maps.Equal(kinds, map[model.FindingKind]int{model.SharedSession: 1}) {
			t.Errorf("%s: found %v", name, kinds)
		}
	}
}

// TestCutStrings: a trace without -s says what to do.
func TestCutStrings(t *testing.T) {
	trace := read(t, "short.strace")
	log, stats := translate(t, "trace.log", trace, len(trace))
	if d := cmp.Diff([]string{"A fork B", "B exit 3", "A exit 0"}, story(t, log)); d != "" {
		t.Error(d)
	}
	if stats.Bad != 17 || !strings.Contains(stats.BadReason, "-s 65536") {
		t.Errorf("%+v", stats)
	}
}

// swap is a reply to one process's call that another read.
type swap struct{ Reader, Owner string }

// truth are the swaps that the token tells which the server gave back with each
// reply. Nothing else reads it.
func truth(trace []byte) map[swap]int {
	reply := regexp.MustCompile(`X-Token: (\d+)-\d+[^{]*\\r\\n\\r\\n\{\\"jsonrpc\\": \\"2.0\\", \\"id\\": \d`)
	swaps := map[swap]int{}
	for line := range strings.Lines(string(trace)) {
		pid, call, _ := strings.Cut(line, " ")
		if !strings.Contains(call, "recvfrom") {
			continue
		}
		for _, m := range reply.FindAllStringSubmatch(call, -1) {
			if m[1] != pid {
				swaps[swap{pid, m[1]}]++
			}
		}
	}
	return swaps
}

// findings are what the model finds in a session log.
func findings(t testing.TB, log []byte) (swaps map[swap]int, kinds map[model.FindingKind]int) {
	t.Helper()
	store := model.NewStore(model.Options{})
	out := decoded(t, log, store.Strings())
	inOrder(out.Events)
	store.Apply(&model.Batch{Events: out.Events, Messages: out.Messages})
	store.Finish()
	snap := store.Snapshot()
	swaps, kinds = map[swap]int{}, map[model.FindingKind]int{}
	for i := range snap.Findings.Len() {
		f := snap.Findings.At(i)
		if f.Void {
			continue
		}
		kinds[f.Kind]++
		if f.Kind == model.SwappedReply {
			swaps[swap{fmt.Sprint(snap.PID(f.Reader)), fmt.Sprint(snap.PID(f.Other))}]++
		}
	}
	return swaps, kinds
}

// TestFleet: the trace of forked web3.py workers alone tells of every reply that
// another than its asker read.
func TestFleet(t *testing.T) {
	for name, want := range map[string]map[model.FindingKind]int{
		"fleet.strace": {model.SharedSession: 1, model.SwappedReply: 9},
		"torn.strace":  {model.SharedSession: 1, model.SwappedReply: 5, model.TornMessage: 2},
	} {
		t.Run(name, func(t *testing.T) {
			trace := read(t, name)
			log, stats := translate(t, name, trace, 4096)
			swaps, kinds := findings(t, log)
			if stats.Bad != 0 {
				t.Errorf("%+v", stats)
			}
			if !maps.Equal(kinds, want) {
				t.Errorf("found %v, want %v", kinds, want)
			}
			if d := cmp.Diff(truth(trace), swaps); d != "" {
				t.Errorf("swaps (-the server's tokens +found):\n%s", d)
			}
		})
	}
}
