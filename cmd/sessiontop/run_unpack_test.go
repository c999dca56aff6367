package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/sessiontop/sessiontop/collector/recorders"
)

func TestEveryFileOfTheRecordersIsInTheBinary(t *testing.T) {
	for _, dir := range []string{"python/sessiontop_record", "node/lib"} {
		tree := os.DirFS("../../collector/recorders")
		err := fs.WalkDir(tree, dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				if d != nil && d.Name() == "__pycache__" {
					return fs.SkipDir
				}
				return err
			}
			if _, err := fs.Stat(recorders.Files(), name); err != nil {
				t.Error(err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{recorders.PythonPath + "/sitecustomize.py", recorders.NodeRequire} {
		if _, err := fs.Stat(recorders.Files(), name); err != nil {
			t.Error(err)
		}
	}
}

func TestUnpackRepairsWhatIsThere(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes")
	}
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", cache)
	root, err := unpackRecorders()
	if err != nil {
		t.Fatal(err)
	}
	register := filepath.Join(root, recorders.NodeRequire)
	want, err := os.ReadFile(register)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(register, []byte("process.exit(1)"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(root, 0o777); err != nil {
		t.Fatal(err)
	}
	if again, err := unpackRecorders(); err != nil || again != root {
		t.Fatal(again, err)
	}
	if got, err := os.ReadFile(register); err != nil || string(got) != string(want) {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	if st, err := os.Stat(root); err != nil || st.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", st.Mode(), err)
	}
}
