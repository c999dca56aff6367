package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// writeFile has write fill the file at path, which only its owner may read. A
// file that is there is replaced with force alone; one that could not be
// written to its end is not left behind.
func writeFile(path string, force bool, write func(io.Writer) error) error {
	if !force {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%s is there already; --force replaces it", path)
		}
		if err != nil {
			return err
		}
		return filled(f, write)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".sessiontop-*")
	if err != nil {
		return err
	}
	if err := filled(f, write); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// filled writes and closes f, or removes it.
func filled(f *os.File, write func(io.Writer) error) error {
	if err := errors.Join(write(f), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// The formats of export.
const (
	formatJSON = "json"
	formatHAR  = "har"
)

// formatFlag is the name of a format.
type formatFlag string

func (f *formatFlag) Set(s string) error {
	if s != formatJSON && s != formatHAR {
		return errors.New("is neither json nor har")
	}
	*f = formatFlag(s)
	return nil
}

func (f *formatFlag) String() string { return string(*f) }
func (*formatFlag) Type() string     { return "format" }
