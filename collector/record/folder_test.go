package record_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/sessiontop/sessiontop/collector/record"
)

var worker = record.Process{PID: 7, Comm: "w"}

// folder is a Folder in dir. closeIt closes it and wants nothing to have failed.
func folder(t *testing.T, dir string, l record.Limits) (f *record.Folder, closeIt func()) {
	t.Helper()
	f, err := record.NewFolder(dir, l)
	if err != nil {
		t.Fatal(err)
	}
	return f, func() {
		t.Helper()
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

func create(t *testing.T, f *record.Folder, p record.Process) *record.Writer {
	t.Helper()
	w, err := f.Create(p)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// asks writes n requests, numbered from first on.
func asks(w *record.Writer, first, n int) {
	for i := first; i < first+n; i++ {
		w.Write(record.Record{Event: record.Send, Msg: fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%d,"method":"eth_chainId"}`, i)})
	}
}

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// text is what a log says, packed or not.
func text(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	b, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(path, err)
	}
	return string(b)
}

// wait waits for a condition.
func wait(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !cond(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func TestLogsAreRotatedBySize(t *testing.T) {
	dir := t.TempDir()
	const size, calls = 4096, 200
	f, closeFolder := folder(t, dir, record.Limits{Size: size, Keep: 100})
	w := create(t, f, worker)
	asks(w, 0, calls)
	wait(t, "all but the first rotated are packed", func() bool {
		return slices.ContainsFunc(names(t, dir), func(n string) bool { return n == "w-7.jsonl.2.gz" }) &&
			!slices.ContainsFunc(names(t, dir), func(n string) bool {
				return strings.HasSuffix(n, ".tmp") || n != "w-7.jsonl" && n != "w-7.jsonl.1" && !strings.HasSuffix(n, ".gz")
			})
	})
	w.Close()
	closeFolder()
	last := len(names(t, dir)) - 1
	if last < 3 {
		t.Fatalf("%v", names(t, dir))
	}
	next := 0
	for n := last; n >= 0; n-- {
		path := filepath.Join(dir, "w-7.jsonl")
		switch {
		case n == 1:
			path += ".1"
		case n > 1:
			path += fmt.Sprintf(".%d.gz", n)
		}
		log := text(t, path)
		if n > 0 && (len(log) < size || len(log) > size+300) {
			t.Errorf("%s has %d bytes", path, len(log))
		}
		for i, l := range parse(t, log) {
			if want := fmt.Sprintf(`"id":%d,`, next); l.Seq != i+1 || (l.V == 1) != (i == 0) || !strings.Contains(string(l.Msg), want) {
				t.Fatalf("line %d of %s is %+v, want %s", i, path, l, want)
			}
			next++
		}
		if st, err := os.Stat(path); err != nil || st.Mode() != 0o600 {
			t.Errorf("%v, %v", st.Mode(), err)
		}
	}
	if next != calls {
		t.Errorf("%d of %d calls are in the logs", next, calls)
	}
}

func TestLogsAreRotatedByAge(t *testing.T) {
	dir := t.TempDir()
	start := time.Now()
	var w *record.Writer
	at := func(age time.Duration, want int) {
		t.Helper()
		w.Write(record.Record{Event: record.Open, Time: start.Add(age).UnixNano()})
		if got := names(t, dir); len(got) != want {
			t.Fatalf("at %v: %v", age, got)
		}
	}
	f, closeFolder := folder(t, dir, record.Limits{Age: time.Hour, Keep: 1})
	w = create(t, f, worker)
	at(0, 1)
	at(59*time.Minute, 1)
	at(60*time.Minute, 2)
	w.Close()
	closeFolder()
	f, closeFolder = folder(t, dir, record.Limits{Age: time.Hour, Keep: 1})
	w = create(t, f, worker) // which goes on with the log, as old as it is
	at(119*time.Minute, 2)
	if lines := parse(t, read(t, filepath.Join(dir, "w-7.jsonl"))); len(lines) != 2 {
		t.Errorf("%d lines, want those at an hour and later", len(lines))
	}
	at(120*time.Minute, 2)
	if lines := parse(t, read(t, filepath.Join(dir, "w-7.jsonl"))); len(lines) != 1 {
		t.Errorf("%d lines, want the last alone", len(lines))
	}
	w.Close()
	closeFolder()
}

func TestNoMoreAreKept(t *testing.T) {
	for keep, want := range [][]string{{"w-7.jsonl"}, {"w-7.jsonl", "w-7.jsonl.1"}, {"w-7.jsonl", "w-7.jsonl.1", "w-7.jsonl.2"}} {
		dir := t.TempDir()
		f, closeFolder := folder(t, dir, record.Limits{Size: 1, Keep: keep})
		w := create(t, f, worker)
		asks(w, 0, 10)
		w.Close()
		closeFolder()
		got := names(t, dir)
		for i := range got {
			got[i] = strings.TrimSuffix(got[i], ".gz")
		}
		if !slices.Equal(got, want) {
			t.Errorf("keep %d: %v", keep, got)
		}
	}
}

func folderSize(t *testing.T, dir string) (size int64) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if st, err := e.Info(); err == nil {
			size += st.Size()
		}
	}
	return size
}

func TestAllLogsTogetherAreBounded(t *testing.T) {
	const total = 64 << 10
	dir := t.TempDir()
	f, closeFolder := folder(t, dir, record.Limits{Size: 8 << 10, Keep: 3, Total: total})
	foreign := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(foreign, make([]byte, 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	for pid := range 50 { // processes that come and go
		w := create(t, f, record.Process{PID: pid + 1, Comm: "w"})
		asks(w, 0, 100)
		w.Close()
	}
	wait(t, "there is less than the limit", func() bool { return folderSize(t, dir) <= total+1000 })
	all := names(t, dir)
	if !slices.Contains(all, "w-50.jsonl") || slices.Contains(all, "w-1.jsonl") || !slices.Contains(all, "notes.txt") {
		t.Errorf("left: %v", all)
	}
	var live []*record.Writer
	for pid := range 20 { // and such as all stay
		live = append(live, create(t, f, record.Process{PID: pid + 100, Comm: "w"}))
		asks(live[pid], 0, 30)
	}
	wait(t, "there is less than the limit", func() bool { return folderSize(t, dir) <= total+1000 })
	for _, w := range live {
		asks(w, 30, 1)
		w.Close()
		if w.Dropped() != 0 {
			t.Errorf("%d events dropped", w.Dropped())
		}
	}
	closeFolder()
	if size := folderSize(t, dir); size > total+1000 {
		t.Errorf("%d bytes are left", size)
	}
}

func TestAFolderHasOneUser(t *testing.T) {
	dir := t.TempDir()
	_, closeFolder := folder(t, dir, record.Limits{})
	if f, err := record.NewFolder(dir, record.Limits{}); err == nil {
		f.Close()
		t.Skip("folders cannot be locked here")
	} else if !strings.Contains(err.Error(), dir+": another program records into it") {
		t.Error(err)
	}
	closeFolder()
	_, closeFolder = folder(t, dir, record.Limits{})
	closeFolder()
}

func TestALogHasOneWriter(t *testing.T) {
	f, closeFolder := folder(t, t.TempDir(), record.Limits{})
	defer closeFolder()
	w := create(t, f, worker)
	if _, err := f.Create(worker); err == nil || !strings.Contains(err.Error(), "w-7.jsonl is being written to") {
		t.Error(err)
	}
	w.Close()
	w.Close()
	create(t, f, worker).Close()
}

func TestWhatWasLeftUnfinishedIsRemoved(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"w-7.jsonl.gz.tmp", "other.gz.tmp", "w-7.jsonl.2"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("{}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, closeFolder := folder(t, dir, record.Limits{Keep: 5})
	wait(t, "it is tidy", func() bool { return slices.Equal(names(t, dir), []string{"other.gz.tmp", "w-7.jsonl.2.gz"}) })
	closeFolder()
}

// TestALogThatCannotBeRotatedGoesOn: no line is lost for it, and it is said.
func TestALogThatCannotBeRotatedGoesOn(t *testing.T) {
	dir := t.TempDir()
	f, err := record.NewFolder(dir, record.Limits{Size: 1000, Keep: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "w-7.jsonl.1", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	w := create(t, f, worker)
	asks(w, 0, 100)
	w.Close()
	if err := f.Close(); err == nil || !strings.Contains(err.Error(), "w-7.jsonl.1") {
		t.Errorf("error %v", err)
	}
	if lines := parse(t, read(t, filepath.Join(dir, "w-7.jsonl"))); len(lines) != 100 || w.Dropped() != 0 {
		t.Errorf("%d lines, %d dropped", len(lines), w.Dropped())
	}
}
