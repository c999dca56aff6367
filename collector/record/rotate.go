package record

import (
	"encoding/json"
	"errors"
	"os"
	"time"
)

// rotation is what a Writer of a Folder knows of its file. Writer.mu guards it.
type rotation struct {
	folder *Folder
	name   string
	size   int64 // bytes in the file
	began  int64 // the time of its first line, Unix nanoseconds; 0: there is none
}

// newRotation takes note of what is in the file already.
func newRotation(f *Folder, name string) *rotation {
	r := &rotation{folder: f, name: name}
	path := f.path(logName{stem: name})
	if st, err := os.Stat(path); err == nil && st.Size() > 0 {
		r.size, r.began = st.Size(), firstTime(path, st.ModTime()).UnixNano()
	}
	return r
}

// firstTime is the stamp that a log begins with, or what stands in for one.
func firstTime(path string, none time.Time) time.Time {
	file, err := os.Open(path)
	if err != nil {
		return none
	}
	defer file.Close()
	in := json.NewDecoder(file)
	for range 5 { // {, "v", 1, "ts" and the time
		token, err := in.Token()
		if err != nil {
			return none
		}
		if text, ok := token.(string); ok {
			if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
				return t
			}
		}
	}
	return none
}

// due says whether a line of this time is to stand in a new file.
func (r *rotation) due(now int64) bool {
	l := &r.folder.limits
	return r.size > 0 && (l.Size > 0 && r.size >= l.Size || l.Age > 0 && now-r.began >= int64(l.Age))
}

// wrote takes note of n bytes of a line of this time.
func (r *rotation) wrote(n int, now int64) {
	if r.size == 0 {
		r.began = now
	}
	r.size += int64(n)
	r.folder.grew(n)
}

// ready prepares the file for a line of this time, and says whether there is
// one. mu is held.
func (w *Writer) ready(now int64) bool {
	switch {
	case w.closed:
		return false
	case w.rotation == nil:
		return true
	case w.out == nil:
		w.reopen()
	case w.rotation.due(now):
		w.rotate(now)
	}
	return w.out != nil
}

// rotate gives the file another name and begins a new one. Where it cannot have
// another name, false, it is written on until it has grown by as much again. mu
// is held.
func (w *Writer) rotate(now int64) bool {
	if w.out != nil {
		_ = w.out.Close() // every line has been written already
	}
	r := w.rotation
	done := r.folder.shift(r.name)
	if done {
		w.seq, w.torn = 0, false
	}
	r.size, r.began = 0, now
	w.reopen()
	r.folder.ask()
	return done
}

// reopen opens the file that the next line is written to. Where that fails it
// is tried again with the next line. mu is held.
func (w *Writer) reopen() {
	file, err := openLog(w.rotation.folder.path(logName{stem: w.rotation.name}))
	if err != nil {
		w.out = nil
		return
	}
	w.out = file
}

// shift gives the log the name of the first rotated, that the second's, and so
// on, up to a name that is free or one that is not kept. It says whether nothing
// has the log's own name any more.
func (f *Folder) shift(stem string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	free := 1
	for free <= f.limits.Keep && f.taken(stem, free) {
		free++
	}
	for n := free - 1; n >= 0; n-- {
		plain, packed := f.age(logName{stem, n, false}), f.age(logName{stem, n, true})
		if err := errors.Join(plain, packed); err != nil {
			f.failed(err)
			return false // or the next would take the place of this one
		}
	}
	return true
}

// age gives the file its next older name, or removes it. That it is not there
// is no error. mu is held.
func (f *Folder) age(name logName) error {
	var err error
	if name.n >= f.limits.Keep {
		err = os.Remove(f.path(name))
	} else {
		err = os.Rename(f.path(name), f.path(name.at(name.n+1)))
	}
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

// taken says whether a file has the name of the n-th rotated. mu is held.
func (f *Folder) taken(stem string, n int) bool {
	for _, packed := range []bool{false, true} {
		if _, err := os.Lstat(f.path(logName{stem, n, packed})); err == nil {
			return true
		}
	}
	return false
}
