package tail_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
)

// check compares what was read with what the generations held.
func (w *world) check() {
	read := map[*generation]uint32{}
	for id, got := range w.r.got {
		g := w.generationOf(got)
		if g == nil {
			w.fatalf("source %d is no generation's beginning: %q", id, got)
		}
		if other, twice := read[g]; twice {
			w.fatalf("sources %d and %d are the same generation, read twice", id, other)
		}
		read[g] = id
		if lost := w.r.set.Sources()[id].Lost; int64(len(got))+lost > int64(len(g.content)) {
			w.fatalf("source %d: %d bytes read and %d lost of %d", id, len(got), lost, len(g.content))
		}
		w.checkReadBack(id, got, g)
	}
	for i, g := range w.gens {
		var got []byte
		if id, ok := read[g]; ok {
			got = w.r.got[id]
		}
		whole := bytes.LastIndexByte(g.content, '\n') + 1
		switch n := len(got); {
		case n < whole && !g.mayLose && (!w.named || g.seen && (n > 0 || !w.few)):
			w.fatalf("generation %d: %d bytes read of %d", i, n, whole)
		case n > 0 && n != len(g.content) && got[n-1] != '\n':
			w.fatalf("generation %d: a line torn at %d", i, n)
		}
	}
}

// checkReadBack reads a part of a source again, if its bytes are still there.
func (w *world) checkReadBack(id uint32, got []byte, g *generation) {
	there := false
	for _, p := range w.files {
		there = there || p.gen == g
	}
	if !there || len(got) == 0 {
		return
	}
	off := w.IntN(len(got))
	n := w.IntN(len(got) - off + 1)
	b, err := w.r.set.ReadBack(id, int64(off), n)
	if err != nil {
		w.fatalf("ReadBack: %v", err)
	}
	if !bytes.Equal(b, got[off:off+n]) {
		w.fatalf("ReadBack(%d, %d, %d) = %q, want %q", id, off, n, b, got[off:off+n])
	}
}

func (w *world) generationOf(got []byte) *generation {
	for _, g := range w.gens {
		if bytes.HasPrefix(g.content, got) {
			return g
		}
	}
	return nil
}

// parts is how many histories run side by side; they mostly wait.
const parts = 16

func runHistory(t *testing.T, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	opt := fast()
	opt.BlockSize = 1024
	opt.PollOnly = seed%2 == 0
	w := &world{Rand: rnd, t: t, dir: t.TempDir(), files: map[string]*physical{}}
	if w.few = seed%3 == 0; w.few {
		opt.MaxHandles = 2
	}
	paths := []string{w.dir}
	if w.named = seed%5 == 0; w.named {
		paths = []string{filepath.Join(w.dir, "a.jsonl"), filepath.Join(w.dir, "b.js*l")}
	}
	w.r = newReader(t, paths, opt)
	for _, name := range []string{"a.jsonl", "b.jsonl"}[:1+rnd.IntN(2)] {
		l := &writer{name: name}
		w.open(l)
		w.logs = append(w.logs, l)
		defer func() { l.file.Close() }()
	}
	for range 20 + rnd.IntN(100) {
		w.step()
	}
	w.r.settle()
	w.check()
}

// TestHistories runs random histories of writing, rotating, truncating,
// compressing and removing against a model: no line may be lost, read twice or
// out of order, but for those that were destroyed before anyone could see them.
func TestHistories(t *testing.T) {
	n := uint64(*histories)
	if testing.Short() {
		n = min(n, 50)
	}
	for part := range uint64(parts) {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			for seed := part; seed < n; seed += parts {
				t.Run(fmt.Sprint(seed), func(t *testing.T) { runHistory(t, seed) })
			}
		})
	}
}
