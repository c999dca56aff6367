package tail

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"
)

// watcher turns the system's notices of changes into hints. A hint may come
// late, twice or never: it only brings a look forward. A nil watcher gives
// none.
type watcher struct {
	set     *Set
	fs      *fsnotify.Watcher
	partial atomic.Bool // some folders are not watched
	ended   chan struct{}

	mu      sync.Mutex
	folders map[string]bool
	paths   map[string]*File
}

// newWatcher returns nil where the system has no notices left to give.
func newWatcher(s *Set) *watcher {
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		return nil
	}
	w := &watcher{set: s, fs: fs, ended: make(chan struct{}), folders: map[string]bool{}, paths: map[string]*File{}}
	go w.run()
	return w
}

func (w *watcher) run() {
	defer close(w.ended)
	for {
		select {
		case e, ok := <-w.fs.Events:
			if !ok {
				return
			}
			w.event(e)
		case err, ok := <-w.fs.Errors:
			if !ok {
				return
			}
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				w.set.askLook()
			}
		}
	}
}

func (w *watcher) event(e fsnotify.Event) {
	if e.Has(fsnotify.Create) || e.Has(fsnotify.Rename) || e.Has(fsnotify.Remove) {
		w.mu.Lock()
		delete(w.folders, e.Name) // its watch ended with it
		w.mu.Unlock()
		w.set.askLook()
		return
	}
	w.mu.Lock()
	f := w.paths[e.Name]
	w.mu.Unlock()
	if f != nil && !f.more.Swap(true) {
		w.set.wakeUp()
	}
}

// covers says whether every folder of interest is watched.
func (w *watcher) covers() bool { return w != nil && !w.partial.Load() }

// update watches the folders of a listing; the set's files are read from it.
func (w *watcher) update(l *listing, moved bool) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	partial := false
	for _, folders := range []map[string]bool{l.folders, l.parents} {
		for folder := range folders {
			if w.folders[folder] {
				continue
			}
			if w.fs.Add(folder) != nil {
				partial = true
				continue
			}
			w.folders[folder] = true
		}
	}
	w.partial.Store(partial)
	if !moved {
		return
	}
	clear(w.paths)
	for _, f := range w.set.all() {
		f.eachPath(func(path string) { w.paths[path] = f })
	}
}

func (f *File) eachPath(do func(path string)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.home != nil && !f.done {
		do(f.home.path)
	}
	for _, p := range f.copies {
		do(p.path)
	}
}

func (w *watcher) close() error {
	err := w.fs.Close()
	<-w.ended
	return err
}

// Wait sleeps until something may have changed: a notice from the system, data
// in a stream, the time for the next look at the disk, idle (if it is greater
// than zero), or the end of the context. It sleeps for PollMin at the least,
// so that a busy writer's lines come in blocks.
func (s *Set) Wait(ctx context.Context, idle time.Duration) {
	pause := s.opt.PollMax
	if s.opt.Follow {
		s.mu.Lock()
		pause = time.Until(s.dueAt())
		s.mu.Unlock()
	}
	if idle > 0 {
		pause = min(pause, idle)
	}
	start := time.Now()
	select {
	case <-ctx.Done():
		return
	case <-s.closing:
		return
	case <-s.wake:
		pause = s.opt.PollMin - time.Since(start)
	case <-time.After(max(pause, s.opt.PollMin)):
		return
	}
	select {
	case <-ctx.Done():
	case <-s.closing:
	case <-time.After(pause):
	}
}
