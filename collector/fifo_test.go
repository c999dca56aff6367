//go:build unix

package collector_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/sessiontop/sessiontop/collector"
	"golang.org/x/sys/unix"
)

// Logs that were joined are put in order when they come through a FIFO.
func TestJoinedThroughFIFO(t *testing.T) {
	lines := forkedFleet(rand.New(rand.NewPCG(4, 4)), morning, 500)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "all.jsonl"), lines)
	want := told(load(t, collector.Options{}, dir))
	path := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() {
		var b strings.Builder
		for _, l := range joined(lines) {
			b.WriteString(l.text + "\n")
		}
		if w, err := os.OpenFile(path, os.O_WRONLY, 0); err == nil {
			w.WriteString(b.String())
			w.Close()
		}
	}()
	if diff := gocmp.Diff(want, told(load(t, collector.Options{}, path))); diff != "" {
		t.Error(diff)
	}
}
