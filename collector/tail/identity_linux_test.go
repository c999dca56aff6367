package tail

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// TestOldStatSaysTheSame: where statx is not to be had, stat takes its place.
func TestOldStatSaysTheSame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	want, err := statFile(file)
	if err != nil {
		t.Fatal(err)
	}
	byPath, err1 := statOld("stat", unix.AT_FDCWD, path, path)
	byHandle, err2 := statOld("fstat", int(file.Fd()), "", path)
	if err1 != nil || err2 != nil || byPath != byHandle {
		t.Fatalf("by path %+v, %v; by handle %+v, %v", byPath, err1, byHandle, err2)
	}
	byPath.id.dev, byPath.id.birth = want.id.dev, want.id.birth // written in another way, and not known
	if byPath != want {
		t.Errorf("got %+v, want %+v", byPath, want)
	}
	if _, err := statOld("stat", unix.AT_FDCWD, path+".gone", path+".gone"); !os.IsNotExist(err) {
		t.Errorf("a file that is not there: %v", err)
	}
}
