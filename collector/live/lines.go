package live

import (
	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/collector/record"
)

// lines turns what was seen into events, by way of the session log: a record
// becomes a line, the line is kept in the spill and decoded like that of any
// log. So live capture, `record` and files cannot mean different things by the
// same words. It belongs to one goroutine.
type lines struct {
	source  uint32
	spill   *spill
	decoder *decode.Decoder
	out     decode.Out
	told    bool                // out was handed out
	buf     []byte              // lines that are not decoded yet
	tee     func(record.Record) // may be nil
	written uint64              // lines ever
	facts   procFacts
	err     error // the spill's first
}

// blockSize is how many bytes of lines are decoded at once: few enough to be in
// the processor's cache still.
const blockSize = 64 << 10

// write adds a record.
func (l *lines) write(r record.Record) {
	l.facts.complete(&r.Process)
	if r.Event == record.Exit {
		l.facts.ended(r.PID)
	}
	l.buf = record.AppendRecord(l.buf, r)
	l.written++
	if l.tee != nil {
		l.tee(r)
	}
	if len(l.buf) >= blockSize {
		l.decode()
	}
}

// decode keeps and decodes the lines of buf.
func (l *lines) decode() {
	if l.told {
		l.out.Reset()
		l.told = false
	}
	at := l.spill.end // nobody else writes
	if err := l.spill.write(l.buf); l.err == nil {
		l.err = err
	}
	l.decoder.Block(l.source, at, l.buf, &l.out)
	const keep = 4 << 20
	if cap(l.buf) > keep {
		l.buf = nil
	}
	l.buf = l.buf[:0]
}

// flush is what was written since the last time. It is valid until the next
// write or flush.
func (l *lines) flush() (*decode.Out, error) {
	l.decode()
	l.told = true
	return &l.out, l.err
}
