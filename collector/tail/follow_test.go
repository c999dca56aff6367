package tail_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/tail"
)

func TestFollowsWhatAppearsLate(t *testing.T) {
	for _, pollOnly := range []bool{false, true} {
		t.Run(fmt.Sprintf("pollOnly=%v", pollOnly), func(t *testing.T) {
			dir := t.TempDir()
			opt := fast()
			opt.PollOnly = pollOnly
			r := newReader(t, []string{
				filepath.Join(dir, "late"), filepath.Join(dir, "single"), filepath.Join(dir, "glob-*", "x.log"),
			}, opt)
			r.scan()
			if len(r.live) > 0 {
				t.Fatal("there is nothing yet")
			}
			write(t, filepath.Join(dir, "late", "sub", "a.jsonl"), "a1\npart")
			write(t, filepath.Join(dir, "single"), "s1\n")
			write(t, filepath.Join(dir, "glob-1", "x.log"), "x1\n")
			in := filepath.Join("late", "sub", "a.jsonl")
			r.until("the first lines", func() bool {
				return r.text(in) == "a1\n" && r.text("single") == "s1\n" && r.text(filepath.Join("glob-1", "x.log")) == "x1\n"
			})
			appendTo(t, filepath.Join(dir, in), "ial\na3\n")
			r.until("the rest of the line", func() bool { return r.text(in) == "a1\npartial\na3\n" })
			must(t, os.RemoveAll(filepath.Join(dir, "late")))
			write(t, filepath.Join(dir, in), "again\n")
			r.until("the new folder", func() bool { return r.text(in) == "again\n" })
		})
	}
}

func TestANoticeEndsTheWait(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "w.jsonl")
	write(t, path, "1\n")
	r := newReader(t, []string{dir}, tail.Options{Follow: true, PollMin: time.Microsecond, PollMax: time.Hour})
	r.until("the first line", func() bool { return r.text("w.jsonl") == "1\n" })
	for range 40 { // the pause doubles with every idle look
		r.set.Ask()
		r.scan()
	}
	appendTo(t, path, "2\n")
	r.until("a notice of the second line", func() bool { return r.text("w.jsonl") == "1\n2\n" })
	write(t, filepath.Join(dir, "v.jsonl"), "v\n")
	r.until("a notice of the new file", func() bool { return r.text("v.jsonl") == "v\n" })
}

func TestWaitEnds(t *testing.T) {
	r := newReader(t, []string{t.TempDir()}, tail.Options{Follow: true, PollMax: time.Hour, PollMin: time.Hour, PollOnly: true})
	r.scan()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r.set.Wait(ctx, 0) // returns, or the test runs into its time limit
	must(t, r.set.Close())
	r.set.Wait(context.Background(), 0)
}

func TestRenamedFileGoesOn(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "w.jsonl")
	write(t, path, "1\n")
	r := newReader(t, []string{dir}, fast())
	r.until("the first line", func() bool { return r.text("w.jsonl") == "1\n" })
	must(t, os.Rename(path, path+".1"))
	appendTo(t, path+".1", "2\n")
	write(t, path, "new\n")
	r.until("both", func() bool { return r.text("w.jsonl.1") == "1\n2\n" && r.text("w.jsonl") == "new\n" })
	if s, _ := r.source("w.jsonl.1"); s.ID != 0 || s.Path != path+".1" {
		t.Errorf("the renamed source is %+v", s)
	}
}

func TestTruncatedWithoutACopyIsCountedAsLost(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "w.jsonl")
	write(t, path, "first line\nno newline yet")
	r := newReader(t, []string{dir}, fast())
	r.until("the first line", func() bool { return r.text("w.jsonl") == "first line\n" })
	must(t, os.Truncate(path, 0))
	appendTo(t, path, "second\n")
	r.until("the second generation", func() bool { return r.text("w.jsonl") == "second\n" })
	r.until("the end of the first", func() bool { return r.ends[0] })
	s := r.set.Sources()[0]
	if s.Lost != int64(len("no newline yet")) || s.Err == nil || !strings.Contains(s.Err.Error(), "offset 11") {
		t.Errorf("lost %d: %v", s.Lost, s.Err)
	}
}

func TestRemovedUnreadIsCountedAsLost(t *testing.T) {
	for _, follow := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "w.jsonl")
		write(t, path, "never read\n")
		opt := fast()
		opt.Follow = follow
		r := newReader(t, []string{path}, opt)
		r.scan()
		must(t, os.Remove(path))
		r.until("the end", func() bool { return r.ends[0] })
		if s, _ := r.source("w.jsonl"); s.Lost != 11 || s.Err == nil || !strings.Contains(s.Err.Error(), "removed") {
			t.Errorf("follow %v: lost %d: %v", follow, s.Lost, s.Err)
		}
	}
}

func TestRenamedWhileReadOnce(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.jsonl"), filepath.Join(dir, "b.jsonl")
	text := noise(1000)
	write(t, a, text)
	write(t, b, text)
	r := newReader(t, []string{a, b}, tail.Options{MaxHandles: 1, BlockSize: 1024})
	r.scan()
	for _, f := range r.live {
		r.step(f)
	}
	must(t, os.Rename(a, a+".1"))
	r.drain()
	if len(r.live) > 0 || r.text("a.jsonl.1") != text || r.text("b.jsonl") != text {
		t.Error(r.describe())
	}
}

func TestLastLineOfARemovedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.jsonl")
	write(t, path, "1\nno newline")
	r := newReader(t, []string{path}, fast())
	r.until("the first line", func() bool { return r.text("w.jsonl") == "1\n" })
	must(t, os.Remove(path))
	r.until("the end", func() bool { return r.ends[0] })
	if got := r.text("w.jsonl"); got != "1\nno newline" {
		t.Errorf("got %q", got)
	}
}

// TestLinger: a removed file is still watched for a time, for its writer may
// have it open.
func TestLinger(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.jsonl")
	write(t, path, "1\n")
	opt := fast()
	opt.Linger = time.Hour
	r := newReader(t, []string{path}, opt)
	r.until("the first line", func() bool { return r.text("w.jsonl") == "1\n" })
	w, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	defer w.Close()
	must(t, os.Remove(path))
	r.settle()
	_, err = w.WriteString("2\nno newline")
	must(t, err)
	r.until("the second line", func() bool { return r.text("w.jsonl") == "1\n2\n" })
	r.settle()
	if r.ends[0] {
		t.Error("the end came before its time")
	}
	r.set.Age(2 * time.Hour)
	r.until("the end", func() bool { return r.ends[0] })
	if got := r.text("w.jsonl"); got != "1\n2\nno newline" {
		t.Errorf("got %q", got)
	}
	r.set.Age(2 * time.Hour)
	r.look()
	if n := r.set.Known(); n != 0 {
		t.Errorf("%d ended sources are kept for ever", n)
	}
}

// TestFileWrittenAnewGoesOn: tools that copy logs between machines write the
// whole file again and put it in the old one's place.
func TestFileWrittenAnewGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.jsonl")
	write(t, path, banner+"1\n")
	r := newReader(t, []string{path}, fast())
	r.until("the first", func() bool { return r.text("w.jsonl") == banner+"1\n" })
	write(t, path+".part", banner+"1\n2\n")
	must(t, os.Rename(path+".part", path))
	r.until("what is new", func() bool { return r.text("w.jsonl") == banner+"1\n2\n" })
	if n := len(r.set.Sources()); n != 1 {
		t.Errorf("%d sources, want 1", n)
	}
}

// TestHoleOfAWriterWithoutAppend: after a truncation such a writer goes on at
// its old offset.
func TestHoleOfAWriterWithoutAppend(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.jsonl")
	w, err := os.Create(path)
	must(t, err)
	defer w.Close()
	old := strings.Repeat("old\n", 1000)
	_, err = w.WriteString(old)
	must(t, err)
	r := newReader(t, []string{path}, fast())
	r.until("the old lines", func() bool { return r.text("w.jsonl") == old })
	must(t, os.Truncate(path, 0))
	_, err = w.WriteString("new \x00 line\n")
	must(t, err)
	hole := strings.Repeat("\x00", len(old))
	r.until("the new line", func() bool { return r.text("w.jsonl") == hole+"new \x00 line\n" })
	if s, _ := r.source("w.jsonl"); s.ID != 1 || s.Skipped != 0 {
		t.Errorf("%+v", s)
	}
}

func TestMovedOutOfSightIsReadOn(t *testing.T) {
	dir := t.TempDir()
	path, away := filepath.Join(dir, "w.jsonl"), filepath.Join(t.TempDir(), "archive.jsonl")
	write(t, path, "1\n")
	r := newReader(t, []string{path}, fast())
	r.until("the first line", func() bool { return r.text("w.jsonl") == "1\n" })
	must(t, os.Rename(path, away))
	for range 5 {
		r.look()
		r.drain()
	}
	appendTo(t, away, "2\n")
	r.until("the second line", func() bool { return r.text("w.jsonl") == "1\n2\n" })
}

func TestCloseEndsNext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.jsonl")
	write(t, path, "1\n")
	r := newReader(t, []string{path}, fast())
	r.scan()
	must(t, r.set.Close())
	if _, err := r.live[0].Next(); err != os.ErrClosed {
		t.Errorf("Next after Close: %v", err)
	}
}
