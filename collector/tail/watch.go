package tail

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"
)

// noticesAreCheap: the BSDs open every file of a folder to watch it, and that
// is more than notices are worth.
const noticesAreCheap = runtime.GOOS == "linux" || runtime.GOOS == "windows"

// watcher turns the system's notices of changes into hints. A hint may come
// late, twice or never: it only brings a look forward. A nil watcher gives
// none.
type watcher struct {
	set     *Set
	fs      *fsnotify.Watcher
	partial atomic.Bool // some folders are not watched
	notices atomic.Int64
	ended   chan struct{}

	since   time.Time // when notices were last counted; guarded by set.mu
	resting bool      // guarded by set.mu

	mu      sync.Mutex
	folders map[string]bool
	paths   map[string]*File
}

// Notices are for quiet times: a busy writer causes one with each write, and
// many of them cost more than frequent looks do, if these are cheap.
const (
	tooManyNotices = 5000 // in a second
	cheapLook      = 5 * time.Millisecond
)

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
		w.forget(e.Name) // a folder's watch ends with it
		w.set.askLook()
		return
	}
	w.notices.Add(1)
	w.mu.Lock()
	f := w.paths[e.Name]
	w.mu.Unlock()
	if f != nil && !f.more.Swap(true) {
		w.set.wakeUp()
	}
}

// covers says whether every folder of interest is watched.
func (w *watcher) covers() bool { return w != nil && !w.partial.Load() }

// update watches the folders of a listing; moved says that files are at other
// paths than before. s.mu is held, but w.mu never while calling fsnotify, which
// may wait for run to take a notice.
func (w *watcher) update(l *listing, moved bool) {
	if w == nil {
		return
	}
	w.rest()
	partial := w.resting
	for _, folders := range []map[string]bool{l.folders, l.parents} {
		for folder := range folders {
			partial = !w.add(folder) || partial
		}
	}
	w.partial.Store(partial)
	if !moved {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.paths)
	for _, f := range w.set.active {
		f.eachPath(func(path string) { w.paths[path] = f })
	}
}

// add watches a folder and says whether it is watched now.
func (w *watcher) add(folder string) bool {
	w.mu.Lock()
	known := w.folders[folder]
	w.folders[folder] = !w.resting
	w.mu.Unlock()
	if known || w.resting {
		return known
	}
	if w.fs.Add(folder) != nil {
		w.forget(folder)
		return false
	}
	return true
}

func (w *watcher) forget(folder string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.folders, folder)
}

// rest stops watching while there are too many notices, until looks find
// nothing new. s.mu is held.
func (w *watcher) rest() {
	if w.resting {
		w.resting = w.set.pause < w.set.opt.PollMax
		return
	}
	elapsed := time.Since(w.since)
	if elapsed < time.Second/10 {
		return
	}
	rate := float64(w.notices.Swap(0)) / elapsed.Seconds()
	w.since = time.Now()
	if rate < tooManyNotices || w.set.cost > cheapLook {
		return
	}
	w.resting = true
	for _, folder := range w.fs.WatchList() {
		w.forget(folder)
		w.fs.Remove(folder) // fails where it is gone, which is as good
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
