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
	buf     []byte              // lines since the last flush
	tee     func(record.Record) // may be nil
	written uint64              // lines ever
	facts   procFacts
}

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
}

// flush keeps and decodes what was written since the last time. The result is
// valid until the next flush.
func (l *lines) flush() (*decode.Out, error) {
	at := l.spill.end // nobody else writes
	if err := l.spill.write(l.buf); err != nil {
		return nil, err
	}
	l.out.Reset()
	l.decoder.Block(l.source, at, l.buf, &l.out)
	const keep = 4 << 20
	if cap(l.buf) > keep {
		l.buf = nil
	}
	l.buf = l.buf[:0]
	return &l.out, nil
}
