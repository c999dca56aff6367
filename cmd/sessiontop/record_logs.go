package main

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/sessiontop/sessiontop/collector/record"
)

// recordLogs writes records into a folder, a log for each process that has a
// connection. What the others do, who may be many and short, stands in one. It
// belongs to one goroutine.
type recordLogs struct {
	dir    string
	folder *record.Folder
	open   map[recordProc]recordLog
	others *record.Writer // nil: nothing was told of any
	ended  []endedProc    // still open, in order of their ends
	files  uint64         // opened
	events uint64         // given to write
	lost   uint64         // of them, those not in any file
	why    error          // the first reason that is known
}

// recordProc names a process as its log does. With another program it has
// another name, and another log.
type recordProc struct {
	pid   int
	start uint64
	comm  string
}

type recordLog struct {
	*record.Writer
	name string
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
func newRecordLogs(dir string, limits record.Limits) (*recordLogs, error) {
	folder, err := record.NewFolder(dir, limits)
	if err != nil {
		return nil, fmt.Errorf("--out: %w", err)
	}
	return &recordLogs{dir: dir, folder: folder, open: map[recordProc]recordLog{}}, nil
}

func (l *recordLogs) write(r record.Record) {
	l.events++
	l.closeBefore(r.Time - recordLinger)
	p := recordProc{r.PID, r.Start, r.Comm}
	log, ok := l.open[p]
	switch {
	case ok:
	case r.Event == record.Fork || r.Event == record.Exec || r.Event == record.Exit:
		l.writeOther(r)
		return
	default:
		var err error
		if log, err = l.create(r.Process); err != nil {
			l.failed(err)
			return
		}
		l.open[p] = log
		l.files++
	}
	log.Write(r)
	if r.Event == record.Exit {
		l.ended = append(l.ended, endedProc{p, r.Time})
	}
}

// writeOther writes what a process does that has no log of its own.
func (l *recordLogs) writeOther(r record.Record) {
	if l.others == nil {
		w, err := l.folder.Create(record.Self())
		if err != nil {
			l.failed(err)
			return
		}
		l.others = w
		l.files++
	}
	l.others.Write(r)
}

// failed counts a record that has no log.
func (l *recordLogs) failed(err error) {
	l.lost++
	l.why = cmp.Or(l.why, err)
}

// create opens the log of a process. One that had the name before, with the same
// PID or by the same words, has written its last.
func (l *recordLogs) create(p record.Process) (recordLog, error) {
	name := p.FileName()
	for other, log := range l.open {
		if log.name == name {
			l.closeOne(other)
		}
	}
	w, err := l.folder.Create(p)
	return recordLog{w, name}, err
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
	if log, ok := l.open[p]; ok {
		log.Close()
		l.lost += log.Dropped()
		delete(l.open, p)
	}
}

// close ends the writing. The error is that a log could not be rotated or removed.
func (l *recordLogs) close() error {
	for p := range l.open {
		l.closeOne(p)
	}
	if l.others != nil {
		l.others.Close()
		l.lost += l.others.Dropped()
	}
	return l.folder.Close()
}

// dropped is how many events could not be written, once all is closed, and why.
func (l *recordLogs) dropped() (uint64, error) {
	if l.lost > 0 && l.why == nil {
		return l.lost, errors.New("writing to " + l.dir + " failed (is the disk full?)")
	}
	return l.lost, l.why
}
