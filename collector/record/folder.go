package record

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
)

// Folder is a folder of session logs that is kept within limits: its Writers
// rotate their logs, worker-7.jsonl to worker-7.jsonl.1, and that, packed, to
// worker-7.jsonl.2.gz. It has the folder for itself: session logs of others in
// it count and are removed like its own. All methods may be called from any
// goroutine.
type Folder struct {
	dir    string
	limits Limits
	lock   io.Closer

	size atomic.Int64  // of all logs, about
	wake chan struct{} // there is something to tidy
	done chan struct{} // closed when nobody tidies any more
	end  atomic.Bool

	mu   sync.Mutex         // held while files get other names, or none; taken after Writer.mu
	open map[string]*Writer // by file name
	err  error              // the first that is not a line's
}

// NewFolder makes dir if need be, mode 0700, and takes it. The error names it;
// that another Folder has it is one.
func NewFolder(dir string, l Limits) (*Folder, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("session logs: %w", err)
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("session logs: %w", err)
	}
	f := &Folder{
		dir: dir, limits: l, lock: lock,
		wake: make(chan struct{}, 1), done: make(chan struct{}), open: map[string]*Writer{},
	}
	f.removeUnfinished()
	go f.tidy()
	f.ask()
	return f, nil
}

// Create is like the function Create, with a log that is kept within the
// limits. A log may have one Writer at a time.
func (f *Folder) Create(p Process) (*Writer, error) {
	name := p.FileName()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open[name] != nil {
		return nil, fmt.Errorf("session log: %s is being written to already", filepath.Join(f.dir, name))
	}
	w, err := Create(f.dir, p)
	if err != nil {
		return nil, err
	}
	w.rotation = newRotation(f, name)
	f.open[name] = w
	return w, nil
}

// Close waits until the folder is within its limits and gives it up. The
// Writers must have been closed. The error is the first that kept a log from
// being rotated, packed or removed.
func (f *Folder) Close() error {
	f.end.Store(true)
	f.ask()
	<-f.done
	f.mu.Lock()
	defer f.mu.Unlock()
	return cmp.Or(f.err, f.lock.Close())
}

// ask has the folder tidied soon.
func (f *Folder) ask() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// grew takes note of bytes that were written.
func (f *Folder) grew(n int) {
	if size := f.size.Add(int64(n)); f.limits.Total > 0 && size > f.limits.Total {
		f.ask()
	}
}

// left takes note that nobody writes to the log any more.
func (f *Folder) left(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.open, name)
}

// failed keeps the first error. mu is held.
func (f *Folder) failed(err error) {
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		f.err = cmp.Or(f.err, fmt.Errorf("session logs: %w", err))
	}
}

func (f *Folder) path(name logName) string { return filepath.Join(f.dir, name.String()) }

// removeUnfinished removes what was left by a Folder that was not closed.
func (f *Folder) removeUnfinished() {
	entries, err := os.ReadDir(f.dir)
	f.failed(err)
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), unfinished); ok && isStem(name) {
			f.failed(os.Remove(filepath.Join(f.dir, e.Name())))
		}
	}
}
