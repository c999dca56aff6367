// Package foreigntest holds what the tests of all formats need.
package foreigntest

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/foreign"
)

// Translate translates a log that is given in pieces of size bytes.
func Translate(t testing.TB, format foreign.Format, src foreign.Source, log []byte, size int) (lines string, stats foreign.Stats) {
	t.Helper()
	var b bytes.Buffer
	out := foreign.NewLines(&b)
	tr := format.New(out, src)
	for len(log) > 0 {
		n := min(size, len(log))
		if k, err := tr.Write(log[:n]); k != n || err != nil {
			t.Fatalf("Write: %d of %d, %v", k, n, err)
		}
		log = log[n:]
	}
	if err := tr.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	return b.String(), out.Stats()
}

// Read is a file of testdata.
func Read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Fuzz has the format read whatever comes: it must not panic, each line it
// writes is JSON, and how the log is cut makes no difference.
func Fuzz(f *testing.F, format foreign.Format, seeds ...[]byte) {
	for _, s := range seeds {
		f.Add(s)
	}
	src := foreign.Source{Name: "worker-4121.log", Modified: time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)}
	f.Fuzz(func(t *testing.T, log []byte) {
		format.Sniff(log)
		whole, stats := Translate(t, format, src, log, max(len(log), 1))
		pieces, again := Translate(t, format, src, log, 7)
		if whole != pieces || stats != again {
			t.Errorf("cut:\n%s%+v\nwhole:\n%s%+v", pieces, again, whole, stats)
		}
		for line := range bytes.Lines([]byte(whole)) {
			if !json.Valid(line) {
				t.Errorf("no JSON: %s", line)
			}
		}
	})
}
