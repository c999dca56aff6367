package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/sessiontop/sessiontop/collector/recorders"
)

// unpackRecorders puts the recorders into the user's cache, in a folder named
// by their digest, and returns it. What is there already and as it should be
// stays: programs may be using it.
func unpackRecorders() (string, error) {
	files := recorders.Files()
	digest, err := digestOf(files)
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no place for the recorders: %w", err)
	}
	root := filepath.Join(cache, "sessiontop", "recorders-"+digest)
	if err := os.MkdirAll(root, 0o700); err != nil {
		return "", fmt.Errorf("no place for the recorders (XDG_CACHE_HOME sets another): %w", err)
	}
	err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		at := filepath.Join(root, filepath.FromSlash(name))
		if d.IsDir() {
			return private(at)
		}
		return unpack(files, name, at)
	})
	if err != nil {
		return "", fmt.Errorf("unpacking the recorders: %w", err)
	}
	return root, nil
}

// private makes a folder that is nobody else's: whoever could write to it would
// have his code run.
func private(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !os.IsExist(err) {
		return err
	}
	st, err := os.Lstat(dir)
	switch {
	case err != nil:
		return err
	case !st.IsDir():
		return fmt.Errorf("%s is no folder", dir)
	case st.Mode().Perm() != 0o700:
		return os.Chmod(dir, 0o700) // fails if it is another's
	}
	return nil
}

// unpack writes a file, in one step, unless it is there.
func unpack(files fs.FS, name, at string) error {
	want, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	if is, err := os.ReadFile(at); err == nil && bytes.Equal(is, want) {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(at), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(want)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), at)
	}
	return err
}

// digestOf is a digest of the files' names and contents.
func digestOf(files fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(files, name)
		fmt.Fprintf(h, "%q %d\n", name, len(body))
		h.Write(body)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)[:8]), err
}
