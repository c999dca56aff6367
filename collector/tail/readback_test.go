package tail_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/sessiontop/sessiontop/collector/tail"
)

// TestReadBackThroughARotation reads the same lines again while their file
// goes through all that a rotation does with it.
func TestReadBackThroughARotation(t *testing.T) {
	for _, opt := range []tail.Options{fast(), {}} {
		path := filepath.Join(t.TempDir(), "w.jsonl")
		text := noise(5000)
		write(t, path, text)
		r := newReader(t, []string{filepath.Dir(path)}, opt)
		r.until("all lines", func() bool { return r.text("w.jsonl") == text })
		check := func(when string) {
			t.Helper()
			for _, at := range []int{70_000, 3, 50_000, 0} {
				got, err := r.set.ReadBack(0, int64(at), 40)
				if err != nil || string(got) != text[at:at+40] {
					t.Fatalf("%s: ReadBack at %d: %q, %v", when, at, got, err)
				}
			}
		}
		check("at first")
		must(t, os.Rename(path, path+".1"))
		check("renamed")
		write(t, path, "another\n")
		check("recreated")
		write(t, path+".2.gz", string(gz(t, []byte(text))))
		must(t, os.Remove(path+".1"))
		check("compressed")
		must(t, os.Rename(path+".2.gz", path+".3.gz"))
		check("compressed and renamed")
		write(t, path+".4.zst", string(zst(t, []byte(text))))
		must(t, os.Remove(path+".3.gz"))
		check("compressed in another way")
	}
}

func TestReadBackSaysWhyNot(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "w.jsonl")
	write(t, path, "1\n2\n")
	r := newReader(t, []string{dir}, fast())
	r.until("all lines", func() bool { return r.text("w.jsonl") == "1\n2\n" })
	ask := func(source uint32, at int64, n int, want string) {
		t.Helper()
		if b, err := r.set.ReadBack(source, at, n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ReadBack(%d, %d, %d) = %q, %v, want %q", source, at, n, b, err, want)
		}
	}
	ask(7, 0, 1, "no source 7")
	ask(0, -1, 1, "cannot read 1 bytes at offset -1")
	ask(0, 0, 1<<30, "at most")
	ask(0, 3, 2, "can no longer be read")
	must(t, os.Truncate(path, 0))
	ask(0, 0, 2, "truncated or overwritten")
	appendTo(t, path, "a new generation\n")
	ask(0, 0, 2, "truncated or overwritten")
	r.until("the new lines", func() bool { return r.text("w.jsonl") == "a new generation\n" })
	must(t, os.Remove(path))
	r.until("its end", func() bool { return r.ends[1] })
	ask(1, 0, 2, "was removed")
}

// TestReadBackFromManyGoroutines runs while the set is being read.
func TestReadBackFromManyGoroutines(t *testing.T) {
	dir := t.TempDir()
	text := noise(20_000)
	write(t, filepath.Join(dir, "a.log"), text)
	write(t, filepath.Join(dir, "b.log.1.gz"), string(gz(t, []byte(text))))
	write(t, filepath.Join(dir, "c.log.1.zst"), string(zst(t, []byte(text))))
	r := newReader(t, []string{dir}, tail.Options{Follow: true, BlockSize: 1024, MaxHandles: 2})
	r.scan()
	r.drain()
	var readers sync.WaitGroup
	for g := range 12 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for i := range 50 {
				at := (g*7919 + i*104729) % (len(text) - 100)
				got, err := r.set.ReadBack(uint32(g%3), int64(at), 100)
				if err != nil || string(got) != text[at:at+100] {
					t.Errorf("ReadBack(%d, %d): %v", g%3, at, err)
					return
				}
			}
		}()
	}
	appendTo(t, filepath.Join(dir, "a.log"), "more\n")
	r.until("what is new", func() bool { return strings.HasSuffix(r.text("a.log"), "more\n") })
	readers.Wait()
}
