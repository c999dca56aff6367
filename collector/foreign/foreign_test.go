package foreign_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/record"
)

func TestSplitterGivesEachLineWithItsOffset(t *testing.T) {
	const log = "one\r\n\ntwo\nthree"
	want := []string{"0 one", "5 ", "6 two", "10 three"}
	for size := 1; size <= len(log); size++ {
		var got []string
		ended := false
		out := foreign.NewLines(&bytes.Buffer{})
		s := foreign.NewSplitter(out, func(off int64, line []byte) { got = append(got, fmt.Sprintf("%d %s", off, line)) }, func() { ended = true })
		for rest := log; rest != ""; {
			n := min(size, len(rest))
			if k, err := s.Write([]byte(rest[:n])); k != n || err != nil {
				t.Fatalf("Write: %d, %v", k, err)
			}
			rest = rest[n:]
		}
		if err := s.Close(); err != nil || !ended {
			t.Fatalf("Close: %v, ended %v", err, ended)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("in pieces of %d:\n%s", size, d)
		}
		if n := out.Stats().Read; n != 4 {
			t.Errorf("in pieces of %d: %d lines read", size, n)
		}
	}
}

func TestSplitterPassesOverLongLines(t *testing.T) {
	var got []string
	out := foreign.NewLines(&bytes.Buffer{})
	s := foreign.NewSplitter(out, func(off int64, line []byte) { got = append(got, fmt.Sprintf("%d %s", off, line)) }, nil)
	long := strings.Repeat("x", foreign.MaxLine)
	for _, part := range []string{"a\n", long, "y", "\nb\n"} {
		if _, err := s.Write([]byte(part)); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff([]string{"0 a", fmt.Sprintf("%d b", foreign.MaxLine+4)}, got); d != "" {
		t.Error(d)
	}
	if st := out.Stats(); st.Bad != 1 || st.BadOffset != 2 || st.Read != 3 {
		t.Errorf("stats: %+v", st)
	}
}

func TestLinesRedact(t *testing.T) {
	var b bytes.Buffer
	out := foreign.NewLines(&b)
	out.At(42)
	out.Put(record.Record{
		Process: record.Process{PID: 7}, Event: record.Send, URL: "https://user:secret@node/v3/0123456789abcdef0123456789abcdef",
		Msg: []byte(`{"jsonrpc":"2.0","id":1,"method":"personal_unlockAccount","params":["0x1","hunter2"]}`),
	})
	out.Put(record.Record{Process: record.Process{PID: 7}, Event: record.Exit})
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(b.String(), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[0], `{"at":42,"v":1,"ts":`) || !strings.HasPrefix(lines[1], `{"at":42,"ts":`) {
		t.Errorf("lines: %q", lines)
	}
	if at, ok := foreign.Place([]byte(lines[1])); at != 42 || !ok {
		t.Errorf("place %d, %v", at, ok)
	}
	for _, secret := range []string{"secret", "hunter2", "0123456789abcdef"} {
		if strings.Contains(b.String(), secret) {
			t.Errorf("%s stands in %s", secret, &b)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestLinesTellOfAFullDisk(t *testing.T) {
	out := foreign.NewLines(full{})
	s := foreign.NewSplitter(out, func(int64, []byte) { out.Put(record.Record{Event: record.Exit}) }, nil)
	if n, err := s.Write([]byte("line\n")); n != 5 || err == nil {
		t.Errorf("Write: %d, %v", n, err)
	}
}
