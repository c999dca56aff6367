package tail_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestAFolderPutBackIsReadOnce: a folder that is removed and filled again with
// the same logs, as a copy or a checkout does it, tells nothing new; what its
// files then have beyond is read.
func TestAFolderPutBackIsReadOnce(t *testing.T) {
	logs := map[string]string{"small.jsonl": noise(6), "middle.jsonl": noise(70), "big.jsonl": noise(1000)}
	for name, step := range map[string]int{"between two looks": 0, "in parts": 700} {
		for _, pollOnly := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, pollOnly=%v", name, pollOnly), func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "logs")
				opt := fast()
				opt.PollOnly, opt.Linger = pollOnly, time.Hour
				for name, text := range logs {
					write(t, filepath.Join(dir, name), text)
				}
				r := newReader(t, []string{dir}, opt)
				all := func(more string) func() bool {
					return func() bool {
						for name, text := range logs {
							if r.text(name) != text+more {
								return false
							}
						}
						return true
					}
				}
				r.until("the logs", all(""))
				must(t, os.RemoveAll(dir))
				for name, text := range logs {
					r.putBack(filepath.Join(dir, name), text, step)
				}
				r.settle()
				for name := range logs {
					appendTo(t, filepath.Join(dir, name), "more\n")
				}
				r.until("what is new", all("more\n"))
				if n := len(r.set.Sources()); n != len(logs) {
					t.Errorf("%d sources, want %d\n%s", n, len(logs), r.describe())
				}
			})
		}
	}
}

// putBack writes a log, with a look at the disk before each step bytes of it; 0
// is all at once, without a look.
func (r *reader) putBack(path, text string, step int) {
	r.t.Helper()
	if step == 0 {
		write(r.t, path, text)
		return
	}
	write(r.t, path, "")
	for len(text) > 0 {
		r.look()
		r.drain()
		n := min(len(text), step)
		appendTo(r.t, path, text[:n])
		text = text[n:]
	}
}

// TestAnotherLogInThePlaceOfARemovedOne: it is read from its beginning as soon as
// it differs, however much it begins alike.
func TestAnotherLogInThePlaceOfARemovedOne(t *testing.T) {
	for _, pollOnly := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "w.jsonl")
		opt := fast()
		opt.PollOnly, opt.Linger = pollOnly, time.Hour
		write(t, path, banner+noise(100))
		r := newReader(t, []string{path}, opt)
		r.until("the first", func() bool { return r.text("w.jsonl") == banner+noise(100) })
		must(t, os.Remove(path))
		r.putBack(path, banner, 500)
		r.look()
		appendTo(t, path, "another\n")
		r.until("the second", func() bool { return r.text("w.jsonl") == banner+"another\n" })
	}
}

// TestAnOlderLogPutBack: a log that is only the beginning of the one that was
// read may be written to, so it counts as another one in the end.
func TestAnOlderLogPutBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.jsonl")
	opt := fast()
	opt.Linger = time.Hour
	write(t, path, noise(200))
	r := newReader(t, []string{path}, opt)
	r.until("the first", func() bool { return r.text("w.jsonl") == noise(200) })
	must(t, os.Remove(path))
	r.putBack(path, noise(100), 500)
	r.settle()
	if n := len(r.set.Sources()); n != 1 {
		t.Errorf("%d sources before its time, want 1", n)
	}
	r.set.Age(2 * time.Hour)
	r.until("the older one", func() bool { return r.text("w.jsonl") == noise(100) })
	appendTo(t, path, "other\n")
	r.until("what follows", func() bool { return r.text("w.jsonl") == noise(100)+"other\n" })
}
