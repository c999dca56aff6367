//go:build unix

package tail_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/sessiontop/sessiontop/collector/tail"
)

func fifo(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "pipe")
	must(t, unix.Mkfifo(path, 0o600))
	return path
}

// writeFIFO opens the FIFO, writes and closes it; opening waits for a reader.
func writeFIFO(t *testing.T, path, text string) {
	t.Helper()
	w, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	_, err = w.WriteString(text)
	must(t, err)
	must(t, w.Close())
}

func TestFIFOIsReadToTheEndOfItsWriter(t *testing.T) {
	path := fifo(t)
	r := newReader(t, []string{path}, tail.Options{})
	r.scan()
	writeFIFO(t, path, "1\n2 without newline")
	r.until("the end", func() bool { return r.ends[0] })
	if got := r.text("pipe"); got != "1\n2 without newline" {
		t.Errorf("got %q", got)
	}
	if b, err := r.set.ReadBack(0, 2, 1); err != nil || string(b) != "2" {
		t.Errorf("ReadBack: %q, %v", b, err)
	}
}

func TestFollowedFIFOTakesOneWriterAfterTheOther(t *testing.T) {
	path := fifo(t)
	r := newReader(t, []string{path}, fast())
	r.scan()
	writeFIFO(t, path, "1\n")
	r.until("the first writer", func() bool { return r.text("pipe") == "1\n" })
	writeFIFO(t, path, "2\n")
	r.until("the second writer", func() bool { return r.text("pipe") == "1\n2\n" })
	if n := len(r.set.Sources()); n != 1 {
		t.Errorf("%d sources, want 1", n)
	}
}

// TestFIFOWithoutWriterCanBeClosed: opening it waits, closing must not.
func TestFIFOWithoutWriterCanBeClosed(t *testing.T) {
	for _, follow := range []bool{false, true} {
		r := newReader(t, []string{fifo(t)}, tail.Options{Follow: follow})
		r.scan()
		if _, err := r.live[0].Next(); err != tail.ErrNoData {
			t.Errorf("Next: %v", err)
		}
		must(t, r.set.Close())
	}
}
