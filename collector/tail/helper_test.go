package tail_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/sessiontop/sessiontop/collector/tail"
)

var histories = flag.Int("histories", 200, "how many random histories TestHistories runs")

// deadline bounds how long a test waits for what must come.
const deadline = 30 * time.Second

// reader pulls a Set the way a collector does and keeps what it got.
type reader struct {
	t    testing.TB
	set  *tail.Set
	live []*tail.File
	got  map[uint32][]byte // by source
	ends map[uint32]bool
}

func newReader(t testing.TB, paths []string, opt tail.Options) *reader {
	t.Helper()
	set, err := tail.NewSet(paths, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := set.Close(); err != nil {
			t.Error(err)
		}
	})
	return &reader{t: t, set: set, got: map[uint32][]byte{}, ends: map[uint32]bool{}}
}

// scan looks for new files once.
func (r *reader) scan() {
	r.live = append(r.live, r.set.Scan()...)
}

// drain reads all files until none has anything now, and says whether any had.
func (r *reader) drain() bool {
	r.t.Helper()
	any := false
	for again := true; again; {
		again = false
		for i := 0; i < len(r.live); i++ {
			switch r.step(r.live[i]) {
			case nil:
				any, again = true, true
			case io.EOF:
				r.live = append(r.live[:i], r.live[i+1:]...)
				i--
			}
		}
	}
	return any
}

// step takes one block and checks that it follows what came before.
func (r *reader) step(f *tail.File) error {
	r.t.Helper()
	b, err := f.Next()
	switch err {
	case nil:
	case io.EOF:
		r.ends[f.ID()] = true
		return err
	case tail.ErrNoData:
		return err
	default:
		r.t.Fatalf("Next: %v", err)
	}
	defer b.Release()
	if b.Source != f.ID() {
		r.t.Fatalf("a block of source %d came from the file of source %d", b.Source, f.ID())
	}
	if len(b.Data) > 0 {
		r.take(b)
	}
	return nil
}

func (r *reader) take(b tail.Block) {
	r.t.Helper()
	got := r.got[b.Source]
	if b.Offset < int64(len(got)) {
		r.t.Fatalf("source %d: a block at offset %d after %d bytes: read twice", b.Source, b.Offset, len(got))
	}
	if gap := b.Offset - int64(len(got)); gap > 0 { // skipped lines, a hole
		got = append(got, bytes.Repeat([]byte{0}, int(gap))...)
	}
	r.got[b.Source] = append(got, b.Data...)
}

// all reads everything that there is, when not following.
func (r *reader) all() {
	r.t.Helper()
	r.scan()
	r.drain()
	if len(r.live) > 0 {
		r.t.Fatalf("%d files have no end", len(r.live))
	}
}

// until follows until the condition holds.
func (r *reader) until(what string, done func() bool) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	for {
		r.scan()
		r.drain()
		if done() {
			return
		}
		if ctx.Err() != nil {
			r.t.Fatalf("waited in vain: %s\n%s", what, r.describe())
		}
		r.set.Wait(ctx, 0)
	}
}

// look waits for the next look at the disk.
func (r *reader) look() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	for before := r.set.Looks(); r.set.Looks() == before; {
		if ctx.Err() != nil {
			r.t.Fatal("no look at the disk is taken")
		}
		r.set.Ask()
		r.set.Wait(ctx, 0)
		r.scan()
	}
}

// settle follows until nothing has come for some looks at the disk.
func (r *reader) settle() {
	r.t.Helper()
	for quiet := 0; quiet < 8; quiet++ {
		before := len(r.live)
		r.look()
		if r.drain() || len(r.live) != before {
			quiet = 0
		}
	}
}

func (r *reader) describe() string {
	var b bytes.Buffer
	for _, s := range r.set.Sources() {
		fmt.Fprintf(&b, "%d %s: %d bytes %.30q done=%v lost=%d", s.ID, s.Name, len(r.got[s.ID]), r.got[s.ID], s.Done, s.Lost)
		if s.Err != nil {
			fmt.Fprintf(&b, " (%v)", s.Err)
		}
		b.WriteString("\n")
	}
	for _, p := range r.set.Problems() {
		b.WriteString(p.Path + ": " + p.Err.Error() + "\n")
	}
	return b.String()
}

// text returns what was read of the source with that name.
func (r *reader) text(name string) string {
	r.t.Helper()
	s, ok := r.source(name)
	if !ok {
		return ""
	}
	return string(r.got[s.ID])
}

// source returns the newest source of that name.
func (r *reader) source(name string) (tail.SourceInfo, bool) {
	all := r.set.Sources()
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Name == name {
			return all[i], true
		}
	}
	return tail.SourceInfo{}, false
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, []byte(text), 0o600))
}

func appendTo(t testing.TB, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	must(t, err)
	_, err = f.WriteString(text)
	must(t, errors.Join(err, f.Close()))
}

func gz(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(data)
	must(t, errors.Join(err, w.Close()))
	return b.Bytes()
}

func zst(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
	must(t, err)
	_, err = w.Write(data)
	must(t, errors.Join(err, w.Close()))
	return b.Bytes()
}

// fast follows with short waits.
func fast() tail.Options {
	return tail.Options{Follow: true, PollMin: 20 * time.Microsecond, PollMax: time.Millisecond, Linger: -1, SpillSize: 1 << 20}
}
