package strace_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/strace"
	"github.com/sessiontop/sessiontop/model"
)

// files are those that strace -ff has written into a folder of testdata.
func files(t *testing.T, folder string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", folder, "trace.*"))
	if err != nil || len(names) < 3 {
		t.Fatal(names, err)
	}
	return names
}

// together translates files of one trace and gives the session logs that they
// make, one after the other. They are there as a whole, or grow.
func together(t *testing.T, names []string, grow bool) (log []byte, bad uint64) {
	t.Helper()
	kin := &foreign.Kin{}
	var logs []*bytes.Buffer
	var outs []*foreign.Lines
	var trs []foreign.Gatherer
	var rest [][]byte
	for _, name := range names {
		trace, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		src := foreign.Source{Name: filepath.Base(name), Folder: filepath.Dir(name), Kin: kin}
		if format := strace.Format(); !format.Gathers(src) || !format.Sniff(trace) {
			t.Fatalf("%s is not taken for a file of a trace", name)
		}
		logs = append(logs, &bytes.Buffer{})
		outs = append(outs, foreign.NewLines(logs[len(logs)-1]))
		trs = append(trs, strace.Format().New(outs[len(outs)-1], src).(foreign.Gatherer))
		rest = append(rest, trace)
	}
	write := func(i int, part []byte) {
		if _, err := trs[i].Write(part); err != nil {
			t.Fatal(err)
		}
		rest[i] = rest[i][len(part):]
	}
	for at := first(rest); grow && slices.ContainsFunc(rest, func(b []byte) bool { return len(b) > 0 }); at += 0.01 {
		for i, tr := range trs {
			write(i, rest[i][:until(rest[i], at)])
			if err := tr.Advance(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range trs {
		write(i, rest[i])
	}
	for i, tr := range trs {
		if err := tr.Close(); err != nil {
			t.Fatal(err)
		}
		bad += outs[i].Stats().Bad
	}
	for _, l := range logs {
		log = append(log, l.Bytes()...)
	}
	return log, bad
}

// stamp is the time of the line that b begins with.
func stamp(b []byte) float64 {
	word, _, _ := bytes.Cut(b, []byte(" "))
	s, _ := strconv.ParseFloat(string(word), 64)
	return s
}

func first(traces [][]byte) float64 {
	at := math.Inf(1)
	for _, b := range traces {
		at = min(at, stamp(b))
	}
	return at
}

// until is how much of a trace was written by a time.
func until(trace []byte, at float64) (n int) {
	for line := range bytes.Lines(trace) {
		if stamp(line) > at {
			break
		}
		n += len(line)
	}
	return n
}

// TestFilesOfThreads: what strace -ff writes of a process's threads, each in a
// file of its own, is that process's, in whatever order the files come.
func TestFilesOfThreads(t *testing.T) {
	trace := read(t, "yy.strace")
	one, _ := translate(t, "trace.log", trace, len(trace))
	want := story(t, one)
	names := files(t, "ff-threads")
	for range 2 {
		for _, grow := range []bool{false, true} {
			log, bad := together(t, names, grow)
			if d := cmp.Diff(want, story(t, log)); d != "" || bad > 0 {
				t.Errorf("%q, growing %v: %d unusable\n%s", names, grow, bad, d)
			}
		}
		slices.Reverse(names)
	}
}

// TestFleetInFiles: every reply that another than its asker read is told from the
// files of a forked fleet, too, with sockets' names (-yy) and without.
func TestFleetInFiles(t *testing.T) {
	for folder, want := range map[string]map[model.FindingKind]int{
		"ff":      {model.SharedSession: 1, model.SwappedReply: 4},
		"ff-bare": {model.SharedSession: 1, model.SwappedReply: 11, model.TornMessage: 2, model.LostReply: 1},
	} {
		t.Run(folder, func(t *testing.T) {
			names := files(t, folder)
			log, bad := together(t, names, false)
			swaps, kinds := findings(t, log)
			if d := cmp.Diff(want, kinds); d != "" || bad > 0 {
				t.Errorf("%d unusable\n%s", bad, d)
			}
			grown, _ := together(t, names, true)
			if d := cmp.Diff(log, grown); d != "" {
				t.Errorf("while they grow:\n%s", d)
			}
			var all strings.Builder
			for _, name := range names {
				trace, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				for line := range strings.Lines(string(trace)) {
					all.WriteString(strings.TrimPrefix(filepath.Ext(name), ".") + " " + line)
				}
			}
			if d := cmp.Diff(truth([]byte(all.String())), swaps); d != "" {
				t.Errorf("swaps (-the server's tokens +found):\n%s", d)
			}
		})
	}
}

// TestFilesOfOtherTraces: only the files of one folder and name are one trace.
func TestFilesOfOtherTraces(t *testing.T) {
	kin := &foreign.Kin{}
	line := func(fd string) string {
		return `1.000001 sendto(3, "` + header + ask1 + `", 95, 0, NULL, 0) = 95` + "\n"
	}
	told := ""
	for _, src := range []foreign.Source{{Name: "trace.7", Folder: "a"}, {Name: "trace.7", Folder: "b"}, {Name: "other.7", Folder: "a"}} {
		src.Kin = kin
		var b bytes.Buffer
		tr := strace.Format().New(foreign.NewLines(&b), src)
		if _, err := tr.Write([]byte("0.000001 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3\n" + line("3"))); err != nil {
			t.Fatal(err)
		}
		if err := tr.Close(); err != nil {
			t.Fatal(err)
		}
		told += b.String()
	}
	if n := strings.Count(told, `"ev":"send"`); n != 3 {
		t.Errorf("%d requests, want 3: %s", n, told)
	}
	for name, want := range map[string]bool{"trace.4121": true, "trace.4121.gz": true, "app.strace.99": true, "trace.log": false, "trace.1": false, "4121": false, "": false, "t.99999999": false} {
		if got := strace.Format().Gathers(foreign.Source{Name: name}); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
