package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// MaxLine is the length in bytes past which readers skip a line; a longer one
// is dropped here, and counted.
const MaxLine = 64 << 20

// Writer appends the events of one process to its session log. All methods may
// be called from any goroutine; the lines of one call stand together.
type Writer struct {
	proc Process
	self bool // proc is this process, so a thread id can be had

	mu       sync.Mutex
	out      io.WriteCloser // nil while a rotated log cannot be begun anew
	rotation *rotation      // nil: the log is not rotated
	closed   bool
	buf      []byte
	seq      uint64 // of the last line written
	torn     bool   // the file ends within a line
	lost     int    // dropped since the last line written
	total    uint64 // dropped ever
}

// Create opens dir/<comm>-<pid>.jsonl for appending, mode 0600, and makes dir
// if need be, mode 0700. The error names the file.
func Create(dir string, p Process) (*Writer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("session log: %w", err)
	}
	f, err := openLog(filepath.Join(dir, p.FileName()))
	if err != nil {
		return nil, fmt.Errorf("session log: %w", err)
	}
	w := newWriter(f, p)
	w.torn = endsTorn(f)
	return w, nil
}

// openLog opens a log to append to.
func openLog(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE|noFollow, 0o600)
	if err != nil {
		return nil, err
	}
	// A file that was there before may be open to others.
	if err := f.Chmod(0o600); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		f.Close()
		return nil, err
	}
	return f, nil
}

// endsTorn says that the file ends within a line, as that of a process may which
// had the same name and PID and was killed while it wrote.
func endsTorn(f *os.File) bool {
	st, err := f.Stat()
	if err != nil || st.Size() == 0 {
		return false
	}
	var last [1]byte
	_, err = f.ReadAt(last[:], st.Size()-1)
	return err == nil && last[0] != '\n'
}

func newWriter(out io.WriteCloser, p Process) *Writer {
	return &Writer{proc: p, self: p.PID == os.Getpid(), out: out}
}

// Write redacts r, completes it and appends it as one line in one write. Seq is
// filled in always, Time, Mono and TID where they are zero (call Write just
// before sending and just after receiving), and the Process where it has no PID:
// a log may tell of other processes as well. A Msg that is no JSON is written as
// Raw. What cannot be written is dropped and counted; the next line that can be
// written is then preceded by one that says how many.
func (w *Writer) Write(r Record) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stamp(&r)
	Redact(&r)
	w.reportLost()
	if w.lost > 0 || !w.append(r) {
		w.lost++
		w.total++
	}
}

// Dropped is how many events could not be written so far.
func (w *Writer) Dropped() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.total
}

// Close reports what was dropped, if it can, and closes the file. What is
// written later is dropped.
func (w *Writer) Close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	w.reportLost()
	w.closed = true
	if w.out != nil {
		_ = w.out.Close() // every line has been written already
	}
	if w.rotation != nil {
		w.rotation.folder.left(w.rotation.name)
	}
}

// Now is the time as a Record tells it: the wall clock in Unix nanoseconds, and
// CLOCK_MONOTONIC in nanoseconds, 0 where there is none.
func Now() (wall, mono int64) { return time.Now().UnixNano(), monotonic() }

func (w *Writer) stamp(r *Record) {
	if r.PID == 0 {
		r.Process = w.proc
	}
	wall, mono := Now()
	if r.Time == 0 {
		r.Time = wall
	}
	if r.Mono == 0 {
		r.Mono = mono
	}
	if r.TID == 0 && w.self && r.PID == w.proc.PID {
		r.TID = threadID()
	}
}

// Redact removes the secrets from r. A Msg that is no JSON becomes Raw.
func Redact(r *Record) {
	r.URL = model.RedactURL(r.URL)
	r.Session = model.RedactText(r.Session)
	r.Err = model.RedactText(r.Err)
	if r.Msg != nil && !json.Valid(r.Msg) {
		r.Raw, r.Msg = r.Msg, nil
	}
	r.Msg, r.Raw = ethereum.Redact(r.Msg), ethereum.Redact(r.Raw)
	if r.ID != nil && !json.Valid(r.ID) {
		r.ID = nil
	}
}

func (w *Writer) reportLost() {
	if w.lost == 0 {
		return
	}
	r := Record{Event: Lost, N: w.lost}
	w.stamp(&r)
	if w.append(r) {
		w.lost = 0
	}
}

// append writes one line and says whether it is whole in the file.
func (w *Writer) append(r Record) bool {
	const keep = 1 << 20 // no larger buffer is kept for the next line
	if !w.ready(r.Time) {
		return false
	}
	r.Seq = w.seq + 1
	if w.seq == 0 {
		r.V = Version
	}
	w.buf = w.buf[:0]
	if w.torn {
		w.buf = append(w.buf, '\n')
	}
	w.buf = AppendRecord(w.buf, r)
	if len(w.buf) > MaxLine {
		w.buf = nil
		return false
	}
	n, err := w.out.Write(w.buf)
	if n > 0 {
		w.torn = w.buf[n-1] != '\n'
	}
	if w.rotation != nil {
		w.rotation.wrote(n, r.Time)
	}
	if err != nil && n < len(w.buf)-1 { // without its "\n" a line is still whole
		return false
	}
	w.seq++
	if cap(w.buf) > keep {
		w.buf = nil
	}
	return true
}
