package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/sessiontop/sessiontop/collector/record"
)

// recordLogs writes records into a folder, a file for each process. It belongs
// to one goroutine.
type recordLogs struct {
	dir    string
	open   map[recordProc]*record.Writer
	ended  []endedProc // still open, in order of their ends
	files  uint64      // opened
	events uint64      // given to write
	lost   uint64      // of them, those not in any file
	why    error       // the first reason that is known
}

// recordProc names a process as its file does. With another program it has
// another name, and another file.
type recordProc struct {
	pid   int
	start uint64
	comm  string
}

// endedProc is a process that has ended.
type endedProc struct {
	proc recordProc
	at   int64 // Unix nanoseconds
}

// recordLinger is how long the file of a process that has ended stays open for
// records that come after those of its end.
const recordLinger = int64(5 * time.Second)

// newRecordLogs makes the folder if need be.
func newRecordLogs(dir string) (*recordLogs, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("--out: %w", err)
	}
	return &recordLogs{dir: dir, open: map[recordProc]*record.Writer{}}, nil
}

func (l *recordLogs) write(r record.Record) {
	l.events++
	l.closeBefore(r.Time - recordLinger)
	p := recordProc{r.PID, r.Start, r.Comm}
	w := l.open[p]
	if w == nil {
		var err error
		if w, err = record.Create(l.dir, r.Process); err != nil {
			l.lost++
			l.why = cmp.Or(l.why, err)
			return
		}
		l.open[p] = w
		l.files++
	}
	w.Write(r)
	if r.Event == record.Exit {
		l.ended = append(l.ended, endedProc{p, r.Time})
	}
}

// closeBefore closes the files of the processes that ended before t, under
// every name that they had.
func (l *recordLogs) closeBefore(t int64) {
	for len(l.ended) > 0 && l.ended[0].at < t {
		was := l.ended[0].proc
		for p := range l.open {
			if p.pid == was.pid && (p.start == was.start || p.start == 0) { // 0: not known
				l.closeOne(p)
			}
		}
		l.ended = l.ended[1:]
	}
}

func (l *recordLogs) closeOne(p recordProc) {
	if w := l.open[p]; w != nil {
		w.Close()
		l.lost += w.Dropped()
		delete(l.open, p)
	}
}

func (l *recordLogs) close() {
	for p := range l.open {
		l.closeOne(p)
	}
}

// dropped is how many events could not be written, once all is closed, and why.
func (l *recordLogs) dropped() (uint64, error) {
	if l.lost > 0 && l.why == nil {
		return l.lost, errors.New("writing to " + l.dir + " failed (is the disk full?)")
	}
	return l.lost, l.why
}
