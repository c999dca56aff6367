package wire

import (
	"bytes"
	"unsafe"
)

const (
	writerSize = int(unsafe.Sizeof(writer{}))
	shiftSize  = int(unsafe.Sizeof(shift{}))
)

// maxWriters bounds the processes that write into each other's messages.
const maxWriters = 64

// writer is what one process writes into a direction in which several write
// into each other's messages: header and body in two writes, with another's
// header in between. The other end sees a mixture; but each process's own bytes
// make whole messages, and tell what it asked.
type writer struct {
	flow
	pid int32
}

// shift says that from an offset of a writer's own bytes on, they stand in the
// connection's stream by that much further on.
type shift struct{ from, by int64 }

// apart takes a chunk of a direction in which processes write into each other's
// messages; false: they don't.
func (f *flow) apart(ch *Chunk) bool {
	if len(f.writers) == 0 {
		if !f.intrudes(ch) {
			return false
		}
		f.part()
	}
	w := f.writer(ch.PID)
	if w == nil {
		f.join(Malformed)
		return false
	}
	w.pushAt(f.pos, ch)
	f.pos += ch.size()
	for _, w := range f.writers {
		if !w.idle() {
			return true
		}
	}
	f.join(0)
	return true
}

// intrudes is whether a process begins a message of its own within one that
// another process is about to write.
func (f *flow) intrudes(ch *Chunk) bool {
	if f.dir != Sent || f.idle() || len(f.pieces.segs) == 0 {
		return false
	}
	for i := range f.pieces.segs {
		if s := &f.pieces.segs[i]; s.pid == ch.PID || s.pid != f.pieces.segs[0].pid {
			return false
		}
	}
	b := bytes.TrimLeft(ch.Data, " \t\r\n")
	switch {
	case len(b) == 0:
		return false
	case f.parser == parser(&f.json):
		return nextJSON(b) == 0
	case f.parser == parser(&f.http1) && f.http1.lsp:
		return lspStart(b) == sure
	}
	return f.parser == parser(&f.http1) && http1Start(b) == sure && prefix(b, "HTTP/1.") == never
}

// part hands the message in progress to the process that began it.
func (f *flow) part() {
	w := &writer{pid: f.pieces.segs[0].pid}
	w.a, w.c, w.dir, w.order.known = f.a, f.c, f.dir, f.order.known
	w.pos, w.chunk, w.stamp = f.pos, f.chunk, f.stamp
	w.http1, w.json, w.pieces, w.carry = f.http1, f.json, f.pieces, f.carry
	if w.parser = &w.http1; f.parser == parser(&f.json) {
		w.parser = &w.json
	}
	f.pos += int64(len(f.carry))
	f.http1, f.json, f.pieces, f.carry = http1{}, jsonStream{}, pieces{}, nil
	f.startSearch(true)
	f.writers = append(f.writers, w)
}

// writer is the writer of that PID, new if need be; nil: there are too many.
func (f *flow) writer(pid int32) *writer {
	for _, w := range f.writers {
		if w.pid == pid {
			return w
		}
	}
	if len(f.writers) == maxWriters {
		return nil
	}
	w := &writer{pid: pid}
	w.a, w.c, w.dir, w.order.known, w.pos = f.a, f.c, f.dir, f.order.known, f.pos
	w.startSearch(true)
	f.writers = append(f.writers, w)
	return w
}

// join ends the writers' messages, with flags saying why they end, and has the
// flow go on as one.
func (f *flow) join(why Flags) {
	for _, w := range f.writers {
		w.parser.abort(&w.flow, why)
		f.c.loss.Skipped += uint64(len(w.carry))
	}
	f.writers = nil
}

// pushAt takes the bytes that follow the writer's own, and stand at an offset
// of the connection's stream.
func (w *writer) pushAt(at int64, ch *Chunk) {
	own := w.pos + int64(len(w.carry))
	if n := len(w.shifts); n == 0 || w.shifts[n-1].by != at-own {
		w.shifts = append(w.shifts, shift{own, at - own})
	}
	w.push(ch)
	for began := w.parser.began(&w.flow); len(w.shifts) > 1 && w.shifts[1].from <= began; {
		w.shifts = w.shifts[1:]
	}
}

// at is where the byte at an offset of a writer's own bytes stands in the
// connection's stream.
func (f *flow) at(own int64) int64 {
	by := int64(0)
	for _, s := range f.shifts {
		if s.from > own {
			break
		}
		by = s.by
	}
	return own + by
}

// place gives m the offsets of the connection's stream.
func (f *flow) place(m *Message) {
	if n := int64(len(m.Body)); m.BodyOff >= 0 && n > 0 {
		first, last := f.at(m.BodyOff), f.at(m.BodyOff+n-1)
		if m.BodyOff = first; last-first != n-1 {
			m.BodyOff = -1
		}
	}
	for i := range m.Pieces {
		m.Pieces[i].Off = f.at(m.Pieces[i].Off)
	}
	m.Off = f.at(m.Off)
	m.End = max(m.Off, f.at(m.End-1)+1)
}
