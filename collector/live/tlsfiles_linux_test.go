//go:build amd64 || arm64

package live

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFileOfAnother: an inode that had no TLS library, and has one since, as that
// of a package that was upgraded, is looked at again; one that has one is not.
func TestFileOfAnother(t *testing.T) {
	var library string
	for _, dir := range []string{"/lib*", "/lib/*", "/usr/lib*", "/usr/lib/*"} {
		if found, _ := filepath.Glob(dir + "/libssl.so.*"); len(found) > 0 {
			library = found[0]
		}
	}
	with, err := os.ReadFile(library)
	if err != nil {
		t.Skip("there is no libssl here")
	}
	k := loadForTest(t, &Selector{All: true})
	p := &tlsProbes{kernel: k, files: map[fileID]seenFile{}, looks: map[int32]*look{}}
	path := filepath.Join(t.TempDir(), "lib.so")
	put := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	put([]byte("no library"))
	if since := p.file(path); since != 0 {
		t.Fatalf("seen since %d", since)
	}
	for _, was, _ := idOf(os.Stat(path)); ; { // the clock of files ticks seldom
		put(with)
		if _, changed, _ := idOf(os.Stat(path)); changed != was {
			break
		}
	}
	since := p.file(path)
	if p.err != nil {
		t.Skip(p.err)
	}
	if since == 0 || p.count != 1 {
		t.Fatalf("seen since %d, %d files with probes", since, p.count)
	}
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if again := p.file(path); again != since || p.count != 1 {
		t.Errorf("seen since %d, then %d, %d files with probes", since, again, p.count)
	}
}

// TestNoLookAtTheDead: a process that has ended is not looked at again.
func TestNoLookAtTheDead(t *testing.T) {
	c := &Capture{tracker: newRing().tracker, tls: &tlsProbes{looks: map[int32]*look{}}}
	c.take(&sample{kind: sampleExeced, pid: 10, data: make([]byte, processSize)})
	if c.tls.looks[10] == nil {
		t.Error("it is not looked at")
	}
	c.take(&sample{kind: sampleExited, pid: 10, data: make([]byte, processSize)})
	if n := len(c.tls.looks); n != 0 {
		t.Errorf("%d processes are to be looked at", n)
	}
}
