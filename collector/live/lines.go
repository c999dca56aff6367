package live

import (
	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
)

// lines turns what was seen into events, by way of the session log: a record
// becomes a line, the line is kept in the spill and decoded like that of any
// log. So live capture, `record` and files cannot mean different things by the
// same words. What is known of a line already, because its speaker has spoken
// before, is not read again. It belongs to one goroutine.
type lines struct {
	source   uint32
	spill    *spill
	decoder  *decode.Decoder
	out      decode.Out
	told     bool                // out was handed out
	buf      []byte              // lines that are not kept yet
	tee      func(record.Record) // may be nil
	written  uint64              // lines ever
	facts    procFacts
	speakers [1 << 8]*speaker // by connection and process: the latest
	err      error            // the spill's first
}

// speaker is a process on a connection, as the decoder has understood it.
type speaker struct {
	*record.Speaker
	proc *model.ProcInfo
	conn *model.ConnInfo
}

// blockSize is how many bytes of lines are kept at once.
const blockSize = 64 << 10

// write adds a record. Its Msg becomes its Raw if it is no JSON.
func (l *lines) write(r record.Record) {
	l.facts.complete(&r.Process)
	if r.Event == record.Exit {
		l.facts.ended(r.PID)
	}
	if l.told {
		l.out.Reset()
		l.told = false
	}
	if !l.add(&r) && len(r.Msg) > 0 {
		r.Msg, r.Raw = nil, r.Msg
		l.add(&r)
	}
	l.written++
	if l.tee != nil {
		l.tee(r)
	}
	if len(l.buf) >= blockSize {
		l.keep()
	}
}

// add adds a line and its event; false, and nothing is added, where its Msg is no
// JSON.
func (l *lines) add(r *record.Record) bool {
	if len(r.Msg) == 0 || r.Part {
		return l.read(record.AppendRecord(l.buf, *r))
	}
	slot := &l.speakers[(r.Cookie*31+uint64(r.PID))%uint64(len(l.speakers))]
	if s := *slot; s != nil && s.Of(r) {
		return l.message(s, r)
	}
	n := len(l.out.Events)
	if !l.read(record.AppendRecord(l.buf, *r)) {
		return false
	}
	ev := &l.out.Events[n]
	*slot = &speaker{record.SpeakerOf(r), ev.Proc, ev.Conn}
	return true
}

// read decodes the line by which longer is longer than buf, and adds it; false
// where it can't be used.
func (l *lines) read(longer []byte) bool {
	n, at := len(l.out.Events), l.spill.end+int64(len(l.buf)) // nobody else writes
	l.decoder.Block(l.source, at, longer[len(l.buf):], &l.out)
	if len(l.out.Events) == n {
		return false
	}
	l.buf = longer
	return true
}

// message adds a line of s, of which only Msg is read.
func (l *lines) message(s *speaker, r *record.Record) bool {
	start := len(l.buf)
	longer, from, to := s.AppendRecord(l.buf, r)
	line := longer[start : len(longer)-1]
	ev := s.event(r)
	ev.Origin = model.Origin{Source: l.source, Offset: l.spill.end + int64(start), Len: uint32(len(line))}
	if !l.decoder.Message(ev, line, from-start, to-start, &l.out) {
		return false
	}
	l.buf = longer
	return true
}

// event is what the line of r says, but for its message.
func (s *speaker) event(r *record.Record) model.Event {
	ev := model.Event{
		Time: r.Time, Mono: r.Mono, TID: int32(r.TID), Proc: s.proc, Conn: s.conn, Kind: model.Send,
	}
	if r.Event == record.Recv {
		ev.Kind, ev.Status = model.Recv, uint16(r.Status)
	}
	if r.HasOff {
		ev.Off, ev.Flags = r.Off, model.HasOff
	}
	return ev
}

// keep keeps the lines of buf.
func (l *lines) keep() {
	if err := l.spill.write(l.buf); l.err == nil {
		l.err = err
	}
	const keep = 4 << 20
	if cap(l.buf) > keep {
		l.buf = nil
	}
	l.buf = l.buf[:0]
}

// flush is what was written since the last time. It is valid until the next
// write or flush.
func (l *lines) flush() (*decode.Out, error) {
	if l.told { // and nothing since
		l.out.Reset()
	}
	l.keep()
	l.told = true
	return &l.out, l.err
}
