package tail_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/sessiontop/sessiontop/collector/tail"
)

// TestManyFilesFewHandles reads and follows 2,000 files with 16 handles.
func TestManyFilesFewHandles(t *testing.T) {
	const files, handles = 2000, 16
	dir := t.TempDir()
	name := func(i int) string { return fmt.Sprintf("worker-%d.jsonl", i) }
	for i := range files {
		write(t, filepath.Join(dir, name(i)), fmt.Sprintf("%d\n", i))
	}
	before := openFiles(t)
	opt := fast()
	opt.MaxHandles = handles
	r := newReader(t, []string{dir}, opt)
	r.until("all files", func() bool { return len(r.got) == files })
	for i := 0; i < files; i += 100 {
		must(t, os.Rename(filepath.Join(dir, name(i)), filepath.Join(dir, name(i)+".1")))
	}
	for i := range files {
		appendTo(t, filepath.Join(dir, name(i)), fmt.Sprintf("more of %d\n", i))
	}
	const extra = 8 // the notices' own, a folder that is being listed
	most := 0
	r.until("the second lines", func() bool {
		most = max(most, openFiles(t)-before)
		sum := 0
		for _, got := range r.got {
			sum += strings.Count(string(got), "\n")
		}
		return sum == 2*files
	})
	if most > handles+extra {
		t.Errorf("%d files were open, want at most %d", most, handles+extra)
	}
	if all := r.set.Sources(); len(all) != files+files/100 {
		t.Errorf("%d sources", len(all))
	}
}

// openFiles counts the files that this process has open, where /proc says so.
func openFiles(t *testing.T) int {
	entries, err := os.ReadDir("/proc/self/fd")
	if os.IsNotExist(err) {
		return 0
	}
	must(t, err)
	return len(entries)
}

// TestBusyWriters: each write causes a notice, more than there is time for.
func TestBusyWriters(t *testing.T) {
	const logs, lines = 8, 5000
	dir := t.TempDir()
	r := newReader(t, []string{dir}, tail.Options{Follow: true})
	r.scan()
	var writers sync.WaitGroup
	for i := range logs {
		writers.Add(1)
		go func() {
			defer writers.Done()
			f, err := os.Create(filepath.Join(dir, fmt.Sprintf("w%d.jsonl", i)))
			for n := 0; n < lines && err == nil; n++ {
				_, err = fmt.Fprintf(f, "%d\n", n)
			}
			if err = errors.Join(err, f.Close()); err != nil {
				t.Error(err)
			}
		}()
	}
	r.until("all lines", func() bool {
		sum := 0
		for _, got := range r.got {
			sum += bytes.Count(got, []byte("\n"))
		}
		return sum == logs*lines
	})
	writers.Wait()
}

// TestReadFromSeveralGoroutines follows logs while their writers rotate them,
// with one goroutine for a part of the files each.
func TestReadFromSeveralGoroutines(t *testing.T) {
	dir := t.TempDir()
	opt := fast()
	opt.BlockSize = 512
	r := newReader(t, []string{dir}, opt)
	const logs, lines = 4, 3000
	var writers sync.WaitGroup
	for i := range logs {
		writers.Add(1)
		go func() {
			defer writers.Done()
			rotateWhileWriting(t, filepath.Join(dir, fmt.Sprintf("w%d.jsonl", i)), lines)
		}()
	}
	count := map[string]int{}
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	for quiet := 0; quiet < 8 || len(count) < logs*lines; quiet++ {
		if ctx.Err() != nil {
			t.Fatalf("%d different lines of %d\n%s", len(count), logs*lines, r.describe())
		}
		r.look()
		if r.drainFrom(3, func(b tail.Block) {
			for line := range strings.Lines(string(b.Data)) {
				count[line]++
			}
		}) {
			quiet = 0
		}
	}
	writers.Wait()
	if len(count) != logs*lines {
		t.Errorf("%d different lines, want %d", len(count), logs*lines)
	}
	for line, n := range count {
		if n != 1 {
			t.Errorf("read %d times: %s", n, line)
		}
	}
}

// drainFrom reads all files once from some goroutines.
func (r *reader) drainFrom(goroutines int, take func(tail.Block)) (any bool) {
	var readers sync.WaitGroup
	var mu sync.Mutex
	for g := range goroutines {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for i := g; i < len(r.live); i += goroutines {
				for b, err := r.live[i].Next(); err == nil; b, err = r.live[i].Next() {
					mu.Lock()
					take(b)
					any = true
					mu.Unlock()
					b.Release()
				}
			}
		}()
	}
	r.set.Sources()
	readers.Wait()
	return any
}

// rotateWhileWriting writes numbered lines and rotates now and then: by renaming
// or by copying and truncating, and compresses what is older.
func rotateWhileWriting(t *testing.T, path string, lines int) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { f.Close() }()
	for i := range lines {
		fmt.Fprintf(f, "%s line %d %d\n", filepath.Base(path), i, rand.Uint64())
		if i%200 != 199 {
			continue
		}
		for n := i / 200; n > 0; n-- {
			for _, end := range []string{"", ".gz"} { // fails where there is none
				os.Rename(fmt.Sprintf("%s.%d%s", path, n, end), fmt.Sprintf("%s.%d%s", path, n+1, end))
			}
		}
		if i%400 == 199 {
			err = errors.Join(os.Rename(path, path+".1"), f.Close())
			var open error
			f, open = os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
			err = errors.Join(err, open)
		} else {
			data, read := os.ReadFile(path)
			err = errors.Join(read, os.WriteFile(path+".1", data, 0o600), f.Truncate(0))
		}
		if old, none := os.ReadFile(path + ".3"); none == nil {
			err = errors.Join(err, os.WriteFile(path+".3.gz", gz(t, old), 0o600), os.Remove(path+".3"))
		}
		if err != nil {
			t.Error(err)
			return
		}
	}
}
