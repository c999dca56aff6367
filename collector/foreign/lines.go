package foreign

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"

	"github.com/sessiontop/sessiontop/collector/record"
)

// Lines writes the session-log lines of one translation. Stats may be called
// from any goroutine; the rest belongs to the Translator.
type Lines struct {
	w   io.Writer
	buf []byte
	err error // of w; nothing is written after it
	at  int64 // where in the log the next lines come from

	calls *Calls // is told of connections; nil is nobody

	mu    sync.Mutex
	stats Stats
}

// Stats says what stood in the log that was translated.
type Stats struct {
	Read      uint64 // lines, packets or entries read, unusable ones included
	Written   uint64 // session-log lines written
	Bad       uint64 // that are of the format and could not be used
	BadOffset int64  // where the first of them begins in the log
	BadReason string // and why it is one; "" if there is none
}

// flushAt is how many bytes are gathered before they are written.
const flushAt = 64 << 10

// NewLines returns Lines that write to w.
func NewLines(w io.Writer) *Lines { return &Lines{w: w} }

// TellTo has calls told which connections the lines name.
func (l *Lines) TellTo(calls *Calls) { l.calls = calls }

// At says that what is put from now on comes from that offset of the log.
func (l *Lines) At(offset int64) { l.at = offset }

// placeKey begins every line; what follows is where in the log it comes from.
const placeKey = `{"at":`

// Place is the offset in the log that a line comes from; ok is false where Lines
// has not written it.
func Place(line []byte) (offset int64, ok bool) {
	digits, found := bytes.CutPrefix(line, []byte(placeKey))
	if i := bytes.IndexByte(digits, ','); found && i > 0 {
		n, err := strconv.ParseInt(string(digits[:i]), 10, 64)
		return n, err == nil
	}
	return 0, false
}

// Put writes r as one line, its secrets redacted.
func (l *Lines) Put(r record.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return
	}
	if l.stats.Written == 0 {
		r.V = record.Version
	}
	if l.calls != nil && r.Local != "" {
		l.calls.Name(r.Local, r.Peer, r.Time)
	}
	record.Redact(&r)
	before := len(l.buf)
	l.buf = strconv.AppendInt(append(l.buf, placeKey...), l.at, 10)
	l.buf = append(l.buf, ',')
	body := len(l.buf)
	l.buf = record.AppendRecord(l.buf, r)
	l.buf = slices.Delete(l.buf, body, body+1) // its opening brace
	if len(l.buf)-before > record.MaxLine {
		l.buf = l.buf[:before]
		l.bad(l.at, "a message makes a line longer than %d MiB", record.MaxLine>>20)
		return
	}
	l.stats.Written++
	if len(l.buf) >= flushAt {
		l.flush()
	}
}

// Read notes that n lines, packets or entries of the log were read.
func (l *Lines) Read(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stats.Read += uint64(n)
}

// Bad notes one that is of the format and cannot be used: where it begins in
// the log, in bytes, and why.
func (l *Lines) Bad(offset int64, format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bad(offset, format, args...)
}

func (l *Lines) bad(offset int64, format string, args ...any) {
	if l.stats.Bad++; l.stats.Bad == 1 {
		l.stats.BadOffset, l.stats.BadReason = offset, fmt.Sprintf(format, args...)
	}
}

// Flush writes what is gathered. Its error is that of the first write that
// failed.
func (l *Lines) Flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
	return l.err
}

func (l *Lines) flush() {
	if l.err != nil || len(l.buf) == 0 {
		return
	}
	_, l.err = l.w.Write(l.buf)
	if cap(l.buf) > 1<<20 {
		l.buf = nil
	}
	l.buf = l.buf[:0]
}

// Stats returns what has been read and written so far.
func (l *Lines) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stats
}
