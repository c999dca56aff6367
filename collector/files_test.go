package collector_test

import (
	"cmp"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/model"
)

// logLine is one line of some process's session log.
type logLine struct {
	at   int64 // Unix nanoseconds
	pid  int
	text string
}

// morning is when the tests' logs of the past begin, in Unix nanoseconds.
const morning = int64(1_795_338_000_000_000_000)

// forkedFleet is the logs of pairs of forked processes on one socket each,
// beside healthy ones, with swaps as the dice fall. since is in Unix
// nanoseconds.
func forkedFleet(rng *rand.Rand, since int64, calls int) []logLine {
	var out []logLine
	add := func(at int64, pid, port int, ev, msg string) {
		out = append(out, logLine{at, pid, fmt.Sprintf(
			`{"ts":%q,"pid":%d,"ev":%q,"ino":%d,"local":"127.0.0.1:%d","peer":"127.0.0.1:8545","msg":%s}`,
			time.Unix(0, at).UTC().Format(time.RFC3339Nano), pid, ev, port, port, msg)})
	}
	for pair := range 4 {
		at, a, b, port := since+int64(pair)*1000, 100+2*pair, 101+2*pair, 50000+pair
		step := func() int64 { at += 50_000 + rng.Int64N(2_000_000); return at }
		for id := range calls {
			request := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"m%d","params":[]}`, id, rng.IntN(3))
			reply := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":"0x%x"}`, id, rng.IntN(100))
			if pair%2 == 0 { // alone on its socket
				add(step(), a, port, "send", request)
				add(step(), a, port, "recv", reply)
				continue
			}
			first, second := a, b
			if rng.IntN(2) == 0 {
				first, second = b, a
			}
			add(step(), a, port, "send", request)
			add(step(), b, port, "send", request)
			add(step(), first, port, "recv", reply)
			add(step(), second, port, "recv", reply)
		}
	}
	slices.SortStableFunc(out, func(x, y logLine) int {
		return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.pid, y.pid))
	})
	return out
}

func write(t *testing.T, path string, lines []logLine) {
	t.Helper()
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.text + "\n")
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// byPID splits the lines by process.
func byPID(lines []logLine) map[int][]logLine {
	out := map[int][]logLine{}
	for _, l := range lines {
		out[l.pid] = append(out[l.pid], l)
	}
	return out
}

// load reads the paths to their end.
func load(t *testing.T, opt collector.Options, paths ...string) *model.Snapshot {
	t.Helper()
	e := model.NewEngine(model.Options{}, nil)
	opt.Strings = e.Strings()
	src, err := collector.NewFiles(paths, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	if err := src.Run(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	e.Finish()
	return e.Snapshot()
}

// told is what a snapshot says, less where it was read.
func told(s *model.Snapshot) []string {
	var out []string
	for i := range s.Findings.Len() {
		f := s.Findings.At(i)
		if f.Void {
			continue
		}
		out = append(out, fmt.Sprintf("%d %s %s %v %s id %v owner %d",
			f.Time, f.Kind, f.Certainty, f.Evidence.Names(), s.Explain(f).Message, f.Call.ID.Val, s.PID(f.Owner.Proc)))
	}
	slices.Sort(out)
	return append(out, fmt.Sprintf("%d calls, %d replies, %d sessions, %d processes",
		s.Totals.Calls, s.Totals.Replies, s.Totals.Sessions, s.Totals.Processes))
}

// The same lines give the same findings, however they are laid out in files.
func TestSameLogsSameFindings(t *testing.T) {
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 1))
		lines := forkedFleet(rng, morning, 60)
		layouts := map[string]func(dir string){
			"one file in order": func(dir string) { write(t, filepath.Join(dir, "all.jsonl"), lines) },
			"one file a process": func(dir string) {
				for pid, own := range byPID(lines) {
					write(t, filepath.Join(dir, fmt.Sprintf("w-%d.jsonl", pid)), own)
				}
			},
			"named the other way round": func(dir string) {
				for pid, own := range byPID(lines) {
					write(t, filepath.Join(dir, fmt.Sprintf("w-%d.jsonl", 1000-pid)), own)
				}
			},
			"one file, process after process": func(dir string) {
				var all []logLine
				for _, own := range byPID(lines) {
					all = append(all, own...)
				}
				write(t, filepath.Join(dir, "joined.jsonl"), all)
			},
			"one file, a little out of order": func(dir string) {
				all := slices.Clone(lines)
				for i := 0; i+1 < len(all); i += 2 {
					if all[i].pid != all[i+1].pid {
						all[i], all[i+1] = all[i+1], all[i]
					}
				}
				write(t, filepath.Join(dir, "untidy.jsonl"), all)
			},
			"rotated and compressed": func(dir string) {
				for pid, own := range byPID(lines) {
					half := len(own) / 2
					name := filepath.Join(dir, fmt.Sprintf("w-%d.jsonl", pid))
					writeGzip(t, name+".1.gz", own[:half])
					write(t, name, own[half:])
				}
			},
		}
		var want []string
		for name, lay := range layouts {
			dir := t.TempDir()
			lay(dir)
			got := told(load(t, collector.Options{}, dir))
			if want == nil {
				want = got
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("seed %d, %s:\n%s", seed, name, diff)
			}
		}
		if len(want) < 20 {
			t.Errorf("seed %d: only %d findings, the test shows nothing", seed, len(want))
		}
	}
}

func writeGzip(t *testing.T, path string, lines []logLine) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	for _, l := range lines {
		io.WriteString(z, l.text+"\n")
	}
	if err := cmp.Or(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// Standard input, joined from several logs, is put in order as well.
func TestStandardInput(t *testing.T) {
	lines := forkedFleet(rand.New(rand.NewPCG(9, 9)), morning, 40)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "all.jsonl"), lines)
	want := told(load(t, collector.Options{}, dir))
	var joined strings.Builder
	for _, own := range byPID(lines) {
		for _, l := range own {
			joined.WriteString(l.text + "\n")
		}
	}
	got := told(load(t, collector.Options{Stdin: strings.NewReader(joined.String())}, "-"))
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Followed while they are written, the logs give what they give afterwards. On
// a busy machine the writer may pause for longer than the window; then lines are
// late, and a wider one is tried.
func TestLiveLikeCold(t *testing.T) {
	for window := 2 * time.Second; ; window *= 2 {
		lines := forkedFleet(rand.New(rand.NewPCG(5, 5)), time.Now().UnixNano(), 50)
		hot := loadLive(t, filepath.Join(t.TempDir(), "appears later"), lines, window)
		if late := hot.Totals.Late; late != 0 && window < 16*time.Second {
			continue
		} else if late != 0 {
			t.Fatalf("%d events came late within a window of %s", late, window)
		}
		cold := t.TempDir()
		write(t, filepath.Join(cold, "all.jsonl"), lines)
		if diff := gocmp.Diff(told(load(t, collector.Options{}, cold)), told(hot)); diff != "" {
			t.Error(diff)
		}
		return
	}
}

// loadLive gives what comes of lines that are written, a file a process, while
// the folder is followed.
func loadLive(t *testing.T, dir string, lines []logLine, window time.Duration) *model.Snapshot {
	t.Helper()
	e, _, stop := follow(t, collector.Options{Window: window}, dir)

	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	files := map[int]*os.File{}
	for i, l := range lines {
		if files[l.pid] == nil {
			f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf("w-%d.jsonl", l.pid)), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			files[l.pid] = f
		}
		io.WriteString(files[l.pid], l.text+"\n")
		if i%40 == 0 {
			time.Sleep(time.Millisecond)
		}
	}
	waitFor(t, func() bool {
		s := e.Snapshot()
		return s.Totals.Lines == uint64(len(lines)) && s.Totals.Events == uint64(len(lines))
	})
	stop()
	e.Finish()
	return e.Snapshot()
}

// follow reads the paths while they grow. It is over when stop has returned; what
// was read can be read back until the test's end.
func follow(t *testing.T, opt collector.Options, paths ...string) (e *model.Engine, src *collector.Files, stop func()) {
	t.Helper()
	e = model.NewEngine(model.Options{Live: true}, nil)
	opt.Follow, opt.Strings = true, e.Strings()
	src, err := collector.NewFiles(paths, opt)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- src.Run(ctx, e) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		stop()
		src.Close()
	})
	return e, src, stop
}

// What is not there yet is shown as such until it is.
func TestWaitedFor(t *testing.T) {
	dir := t.TempDir()
	late, never := filepath.Join(dir, "late.jsonl"), filepath.Join(dir, "*.never")
	e, _, stop := follow(t, collector.Options{}, late, never)
	are := func(want ...string) func() bool {
		return func() bool {
			var got []string
			for _, s := range e.Snapshot().Sources {
				got = append(got, fmt.Sprintf("%s %v", filepath.Base(s.Path), s.Waiting))
			}
			slices.Sort(got)
			return slices.Equal(got, want)
		}
	}
	waitFor(t, are("*.never true", "late.jsonl true"))
	write(t, late, forkedFleet(rand.New(rand.NewPCG(1, 1)), morning, 1))
	waitFor(t, are("*.never true", "late.jsonl false"))
	stop()
}

// Of what is read it is shown that nobody knows yet whose log it is, until it says
// so.
func TestWhoseLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "worker.log")
	plain := []logLine{{text: "starting"}, {text: "listening on 8000"}}
	write(t, path, plain)
	e, _, stop := follow(t, collector.Options{}, path)
	source := func() model.SourceStat {
		if s := e.Snapshot().Sources; len(s) == 1 {
			return s[0]
		}
		return model.SourceStat{}
	}
	waitFor(t, func() bool { return source().Waiting && source().Read == 27 })
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(forkedFleet(rand.New(rand.NewPCG(1, 1)), morning, 1)[0].text + "\n"); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { s := source(); return !s.Waiting && s.Lines == 3 && s.Malformed == 2 })
	stop()
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); {
		if time.Now().After(deadline) {
			t.Fatal("waited for half a minute in vain")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// A body is read back from where it was, secrets redacted.
func TestBodies(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.jsonl"), []logLine{{text: `{"ts":1,"pid":7,"ev":"send","sess":"s","msg":{"jsonrpc":"2.0","id":1,"method":"m","params":["secret"]}}`}})
	e := model.NewEngine(model.Options{}, nil)
	src, err := collector.NewFiles([]string{dir}, collector.Options{
		Strings: e.Strings(),
		Redact:  func(b []byte) []byte { return []byte(strings.ReplaceAll(string(b), "secret", "<redacted>")) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if err := src.Run(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	c := e.Snapshot().Calls.At(0)
	if c == nil {
		t.Fatal("no call")
	}
	got, err := src.Body(c.Ask)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"jsonrpc":"2.0","id":1,"method":"m","params":["<redacted>"]}`; string(got) != want {
		t.Errorf("body %s, want %s", got, want)
	}
}

// What cannot be used is counted, with where and why, and the rest is read.
func TestMalformedLinesAreCounted(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.jsonl"), []logLine{
		{text: `{"ts":1,"pid":7,"ev":"send","sess":"s","seq":1,"msg":{"jsonrpc":"2.0","id":1,"method":"m"}}`},
		{text: `this is no JSON`},
		{text: `{"ts":2,"pid":7,"ev":"recv","sess":"s","seq":5,"msg":{"jsonrpc":"2.0","id":1,"result":1}}`},
	})
	s := load(t, collector.Options{}, dir)
	if len(s.Sources) != 1 {
		t.Fatalf("%d sources", len(s.Sources))
	}
	src := s.Sources[0]
	if src.Lines != 3 || src.Malformed != 1 || src.BadOffset != 92 || src.BadReason == "" {
		t.Errorf("source: %+v", src)
	}
	if src.Lost != 3 {
		t.Errorf("%d lines lost by seq, want 3", src.Lost)
	}
	if s.Totals.Calls != 1 || s.Totals.Replies != 1 {
		t.Errorf("totals: %+v", s.Totals)
	}
}

// A line that is too long is one line that cannot be used, and the last of them.
func TestLineTooLong(t *testing.T) {
	dir := t.TempDir()
	lines := forkedFleet(rand.New(rand.NewPCG(3, 3)), morning, 20)
	long := logLine{text: `{"ts":1,"pid":7,"ev":"recv","raw":"` + strings.Repeat("x", 70<<20) + `"}`}
	write(t, filepath.Join(dir, "a.jsonl"), lines)
	want := load(t, collector.Options{}, dir)
	write(t, filepath.Join(dir, "a.jsonl"), slices.Concat(lines[:100], []logLine{long}, lines[100:]))
	got := load(t, collector.Options{}, dir)
	if src := got.Sources[0]; src.Malformed != 1 || src.Lines != uint64(len(lines))+1 {
		t.Errorf("%d of %d lines could not be used, want 1 of %d", src.Malformed, src.Lines, len(lines)+1)
	}
	if got.Totals.Calls != want.Totals.Calls || got.Totals.Replies != want.Totals.Replies {
		t.Errorf("%d calls, %d replies; want %d and %d", got.Totals.Calls, got.Totals.Replies, want.Totals.Calls, want.Totals.Replies)
	}
}

// A log whose beginning is gone, as of one that was rotated, says nothing of
// what its first replies answer. What is not there is not lost.
func TestLogThatBeginsInTheMiddle(t *testing.T) {
	dir := t.TempDir()
	line := func(seq, id int, ev, rest string) logLine {
		return logLine{text: fmt.Sprintf(`{"ts":%d,"pid":7,"ev":%q,"ino":5,"local":"1.1.1.1:5","url":"ws://n/","msg":{"jsonrpc":"2.0","id":%d,%s},"seq":%d}`,
			morning+int64(seq)*100_000, ev, id, rest, seq)}
	}
	write(t, filepath.Join(dir, "a.jsonl"), []logLine{
		line(301, 9, "send", `"method":"m"`), line(302, 7, "recv", `"result":1`),
		line(303, 8, "recv", `"result":1`), line(304, 9, "recv", `"result":1`),
	})
	s := load(t, collector.Options{}, dir)
	if s.Totals.ErrorKinds != 0 || s.Totals.Lost != 0 || s.Totals.Replies != 3 {
		t.Errorf("%+v", s.Totals)
	}
}

// A folder that cannot be searched is said to be a problem, beside what can.
func TestProblemsAreShown(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.jsonl"), forkedFleet(rand.New(rand.NewPCG(1, 1)), morning, 2))
	deep := dir
	for range 12 {
		deep = filepath.Join(deep, "d")
	}
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	s := load(t, collector.Options{}, dir)
	var wrong []string
	for _, src := range s.Sources {
		if src.Err != "" {
			wrong = append(wrong, src.Path+": "+src.Err)
		}
	}
	if len(wrong) != 1 || !strings.Contains(wrong[0], filepath.Join("d", "d")) {
		t.Errorf("problems: %q", wrong)
	}
	if s.Totals.Calls == 0 {
		t.Error("the rest was not read")
	}
}
