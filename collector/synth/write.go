package synth

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// TruthFile is the name of the file with the Truth; it is no session log.
const TruthFile = "truth.json"

// Write simulates cfg, writes its session logs to dir, which it makes if need
// be, and the Truth beside them. The error names the file.
func Write(dir string, cfg Config) (*Truth, error) {
	w := writer{dir: dir, open: make(map[string]*bufio.Writer)}
	truth, err := Generate(cfg, w.line)
	if err = errors.Join(err, w.close()); err != nil {
		return nil, fmt.Errorf("synthetic logs: %w", err)
	}
	text, err := json.MarshalIndent(truth, "", " ")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, TruthFile), append(text, '\n'), 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("synthetic logs: %w", err)
	}
	return truth, nil
}

type writer struct {
	dir   string
	open  map[string]*bufio.Writer
	files []*os.File
}

func (w *writer) line(name string, line []byte) error {
	b := w.open[name]
	if b == nil {
		path := filepath.Join(w.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		b = bufio.NewWriter(f)
		w.open[name], w.files = b, append(w.files, f)
	}
	_, err := b.Write(line)
	return err
}

func (w *writer) close() error {
	var errs []error
	for _, b := range w.open {
		errs = append(errs, b.Flush())
	}
	for _, f := range w.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}
