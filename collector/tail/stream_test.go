package tail_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sessiontop/sessiontop/collector/tail"
)

// endless gives lines for ever and counts them.
type endless struct{ given atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	const line = "0123456789abcde\n"
	n := copy(p, strings.Repeat(line, len(p)/len(line)))
	e.given.Add(int64(n))
	return n, nil
}

func TestStreamHoldsItsWriterBack(t *testing.T) {
	r := newReader(t, nil, tail.Options{BlockSize: 4096, SpillSize: 1 << 16})
	in := &endless{}
	f := r.set.AddStream(in, "stdin")
	const bound = 2*4096 + 2*(64<<10) // what is pending, and a read on each side of it
	for taken := int64(0); taken < 1<<20; {
		b, err := f.Next()
		if err == tail.ErrNoData {
			r.set.Wait(t.Context(), 0)
			continue
		}
		must(t, err)
		taken += int64(len(b.Data))
		b.Release()
		if ahead := in.given.Load() - taken; ahead > bound {
			t.Fatalf("the stream was read %d bytes ahead, want at most %d", ahead, bound)
		}
	}
}

func TestStreamReadBack(t *testing.T) {
	r := newReader(t, nil, tail.Options{SpillSize: 1000})
	text := strings.Repeat("0123456789abcdef0123456789abcd\n", 100)
	f := r.set.AddStream(strings.NewReader(text), "stdin")
	if got := joined(t, r.set, f); string(got) != text {
		t.Fatalf("got %d bytes, want %d", len(got), len(text))
	}
	for _, at := range []int{2100, 2500, 2999, 3100 - 31} {
		got, err := r.set.ReadBack(f.ID(), int64(at), 31)
		if err != nil || string(got) != text[at:at+31] {
			t.Errorf("ReadBack at %d: %q, %v", at, got, err)
		}
	}
	for at, why := range map[int64]string{2099: "no longer kept", 3090: "has had only 3100 bytes", 0: "no longer kept"} {
		if _, err := r.set.ReadBack(f.ID(), at, 31); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("ReadBack at %d: %v, want %q", at, err, why)
		}
	}
	s := f.Info()
	if s.Name != "stdin" || !s.Done || s.Offset != 3100 || s.Err != nil {
		t.Errorf("%+v", s)
	}
}

func TestStreamError(t *testing.T) {
	r := newReader(t, nil, tail.Options{SpillSize: -1})
	broken := errors.New("the cable is cut")
	f := r.set.AddStream(io.MultiReader(strings.NewReader("1\npart"), errReader{broken}), "stdin")
	if got := joined(t, r.set, f); string(got) != "1\npart" {
		t.Errorf("got %q", got)
	}
	if err := f.Info().Err; err != broken {
		t.Errorf("error %v", err)
	}
	if _, err := r.set.ReadBack(f.ID(), 0, 1); err == nil || !strings.Contains(err.Error(), "nothing is kept") {
		t.Errorf("ReadBack: %v", err)
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

func TestStreamGivesLinesAtOnce(t *testing.T) {
	r := newReader(t, nil, tail.Options{SpillSize: 1000})
	in, out := io.Pipe()
	f := r.set.AddStream(in, "stdin")
	r.live = append(r.live, f)
	for _, text := range []string{"one\n", "two\nthr", "ee\n"} {
		_, err := io.WriteString(out, text)
		must(t, err)
		whole := text[:strings.LastIndexByte(text, '\n')+1]
		r.until("what was written", func() bool { return bytes.HasSuffix(r.got[f.ID()], []byte(whole)) })
	}
	must(t, out.Close())
	r.until("the end", func() bool { return r.ends[f.ID()] })
	if got := string(r.got[f.ID()]); got != "one\ntwo\nthree\n" {
		t.Errorf("got %q", got)
	}
}
