package record

import (
	"cmp"
	"errors"
	"io"
	"os"
	"slices"
	"time"

	"github.com/klauspost/compress/gzip"
)

// logFile is a session log that is there.
type logFile struct {
	logName
	size int64
	last time.Time // written
	live bool      // a Writer has it open
}

// tidy packs and removes logs when it is asked to, until Close. It runs on a
// goroutine of its own, for packing takes longer than a writer can wait.
func (f *Folder) tidy() {
	defer close(f.done)
	for range f.wake {
		for {
			name, found := f.toPack()
			if !found || f.end.Load() {
				break
			}
			if !f.pack(name) {
				break // it will be tried again next time
			}
		}
		for f.shrink() {
		}
		if f.end.Load() {
			return
		}
	}
}

// logs lists the folder's logs, those written longest ago first. mu is held.
func (f *Folder) logs() (all []logFile) {
	entries, err := os.ReadDir(f.dir)
	f.failed(err)
	for _, e := range entries {
		name, ok := parseLogName(e.Name())
		if !ok || !e.Type().IsRegular() {
			continue
		}
		if st, err := e.Info(); err == nil {
			all = append(all, logFile{name, st.Size(), st.ModTime(), name.n == 0 && f.open[name.stem] != nil})
		}
	}
	slices.SortFunc(all, func(a, b logFile) int { return cmp.Or(a.last.Compare(b.last), cmp.Compare(b.n, a.n)) })
	return all
}

// toPack is a log that is to be packed: the first rotated is left as it is, for
// who reads it may be behind.
func (f *Folder) toPack() (logName, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, l := range f.logs() {
		if l.n > 1 && !l.packed {
			return l.logName, true
		}
	}
	return logName{}, false
}

// pack packs a log, by whatever name it has at the end, and says whether it
// could.
func (f *Folder) pack(name logName) bool {
	to := f.path(logName{stem: name.stem}) + unfinished
	packed, err := packFile(f.path(name), to)
	f.mu.Lock()
	defer f.mu.Unlock()
	for n := name.n; err == nil && n <= max(f.limits.Keep, name.n); n++ {
		plain := logName{name.stem, n, false}
		st, gone := os.Lstat(f.path(plain))
		if gone != nil || !os.SameFile(st, packed) {
			continue
		}
		if err = os.Rename(to, f.path(logName{name.stem, n, true})); err == nil {
			err = os.Remove(f.path(plain))
		}
		f.failed(err)
		return err == nil
	}
	f.failed(err)
	f.failed(os.Remove(to)) // the log has been removed meanwhile
	return err == nil
}

// packFile packs a file into a new one with the same time, and says which it
// was.
func packFile(from, to string) (os.FileInfo, error) {
	in, err := os.OpenFile(from, os.O_RDONLY|noFollow, 0)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	st, err := in.Stat()
	if err != nil {
		return nil, err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|noFollow, 0o600)
	if err != nil {
		return nil, err
	}
	gz, err := gzip.NewWriterLevel(out, gzip.BestSpeed)
	if err == nil {
		_, err = io.Copy(gz, in)
		err = errors.Join(err, gz.Close())
	}
	if err = errors.Join(err, out.Close()); err == nil {
		err = os.Chtimes(to, st.ModTime(), st.ModTime())
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(to))
	}
	return st, nil
}

// shrink brings the folder within its limit. It says whether there is more to be
// removed, for which a log was rotated.
func (f *Folder) shrink() (again bool) {
	if f.limits.Total == 0 {
		return false
	}
	largest := f.removeOldest()
	if largest == nil {
		return false
	}
	largest.mu.Lock()
	defer largest.mu.Unlock()
	return largest.closed || largest.rotate(time.Now().UnixNano())
}

// removeOldest removes the logs written longest ago to which nobody writes, until
// there is some room below the limit. Where they are not enough it returns the
// Writer of the largest that is left.
func (f *Folder) removeOldest() (largest *Writer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := f.logs()
	var size, most int64
	for i := range all {
		size += all[i].size
	}
	limit := f.limits.Total
	if size > limit {
		limit -= limit / 20 // or there would soon be as many files to be listed again
	}
	for i := range all {
		l := &all[i]
		switch {
		case size <= limit:
		case l.live:
			if l.size > most {
				most, largest = l.size, f.open[l.stem]
			}
		default:
			if err := os.Remove(f.path(l.logName)); err != nil {
				f.failed(err)
				continue
			}
			size -= l.size
		}
	}
	f.size.Store(size)
	if size <= f.limits.Total {
		return nil
	}
	return largest
}
