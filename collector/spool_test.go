package collector_test

import (
	"context"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/model"
)

// joined is the lines, process after process, minutes apart.
func joined(lines []logLine) (out []logLine) {
	for _, own := range byPID(lines) {
		out = append(out, own...)
	}
	return out
}

// Logs that were joined are put in order when they are compressed, too; where
// there is no room for that, what is out of order is counted as late.
func TestJoinedAndCompressed(t *testing.T) {
	lines := forkedFleet(rand.New(rand.NewPCG(3, 3)), morning, 2000)
	plain, packed := t.TempDir(), t.TempDir()
	write(t, filepath.Join(plain, "all.jsonl"), lines)
	writeGzip(t, filepath.Join(packed, "all.jsonl.gz"), joined(lines))
	want := told(load(t, collector.Options{}, plain))
	if diff := gocmp.Diff(want, told(load(t, collector.Options{}, packed))); diff != "" {
		t.Error(diff)
	}
	t.Setenv("TMPDIR", filepath.Join(plain, "gone"))
	t.Setenv("TMP", filepath.Join(plain, "gone")) // Windows
	s := load(t, collector.Options{}, packed)
	if s.Totals.Events != uint64(len(lines)) {
		t.Errorf("%d events, want %d", s.Totals.Events, len(lines))
	}
	if s.Totals.Late == 0 || s.Sources[0].Late != s.Totals.Late {
		t.Errorf("%d events late, %d of the source", s.Totals.Late, s.Sources[0].Late)
	}
}

// Very many runs in one file are merged all the same.
func TestManyRuns(t *testing.T) {
	const runs = 3000
	dir := t.TempDir()
	var b strings.Builder
	for range runs {
		b.WriteString(`{"ts":1700000010,"pid":7,"ev":"send","sess":"s","msg":{"jsonrpc":"2.0","method":"m"}}` + "\n")
		b.WriteString(`{"ts":1700000020,"pid":7,"ev":"send","sess":"s","msg":{"jsonrpc":"2.0","method":"m"}}` + "\n")
	}
	if err := os.WriteFile(filepath.Join(dir, "a.jsonl"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if s := load(t, collector.Options{}, dir); s.Totals.Events != 2*runs || s.Totals.Late != 0 {
		t.Errorf("%d events, %d late", s.Totals.Events, s.Totals.Late)
	}
}

// Reading standard input ends with ctx though its writer goes on, and leaves
// nothing on the disk.
func TestStandardInputIsInterrupted(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir) // Windows
	r, w := io.Pipe()
	defer w.Close()
	e := model.NewEngine(model.Options{}, nil)
	src, err := collector.NewFiles([]string{"-"}, collector.Options{Strings: e.Strings(), Stdin: r})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- src.Run(ctx, e) }()
	if _, err := io.WriteString(w, "{}\n"); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := src.Close(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left on the disk: %v, %v", left, err)
	}
}

// A body of standard input is read back.
func TestBodyOfStandardInput(t *testing.T) {
	e := model.NewEngine(model.Options{}, nil)
	line := `{"ts":1,"pid":7,"ev":"send","sess":"s","msg":{"jsonrpc":"2.0","id":1,"method":"m"}}` + "\n"
	src, err := collector.NewFiles([]string{"-"}, collector.Options{Strings: e.Strings(), Stdin: strings.NewReader(line)})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if err := src.Run(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	got, err := src.Body(e.Snapshot().Calls.At(0).Ask)
	if want := `{"jsonrpc":"2.0","id":1,"method":"m"}`; err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}
