package strace

import (
	"bytes"
	"slices"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
)

// Format is the output of strace.
func Format() foreign.Format {
	return foreign.Format{
		Name: "strace", What: "output of strace -f -yy -ttt -T -s 65536 -o trace.log COMMAND",
		Sniff: sniff, Gathers: isMember, New: newTranslator,
	}
}

// sniff says whether head is of a trace: one of its first lines must be a call
// with a result, and nearly all must be lines of strace's.
func sniff(head []byte) bool {
	const enough = 64
	good, bad := 0, 0
	for good < enough {
		b, rest, whole := bytes.Cut(head, []byte("\n"))
		if !whole {
			break
		}
		head = rest
		switch l := parseLine(b); l.kind {
		case call:
			if _, r, ok := arguments(l.text, nil); ok && isResult(r) {
				good++
			} else {
				bad++
			}
		case unfinished, ended:
			good++
		case strange:
			bad++
		}
	}
	return good > 0 && bad <= good/8
}

// trace translates one trace.
type trace struct {
	*foreign.Splitter
	out     *foreign.Lines
	asm     *wire.Assembler
	clock   clock
	root    int32              // of lines that name no process
	bare    bool               // there were such lines
	known   bool               // and it is the PID of theirs
	broken  []byte             // the beginning of a line, broken by a message of strace's own
	procs   map[int32]*process // by thread id
	sockets sockets
	waiting map[int32]*pending // by thread id
	forking []int32            // threads among them that are making a process
	held    int                // bytes of the calls that wait
	records []record.Record
	data    []byte
	holding int   // requests that are held
	apart   bool  // processes that are loose are none of one's threads
	lines   int   // read so far
	offset  int64 // of the line that is being read
}

// pending is a call that has not ended yet.
type pending struct {
	name string
	text []byte
	at   int64
}

// Bounds of what is kept of calls that have not ended.
const (
	maxWaiting      = 1 << 16
	maxWaitingBytes = 64 << 20
	maxForking      = 64
)

// newTranslator is a trace's, or that of one file of a trace.
func newTranslator(out *foreign.Lines, src foreign.Source) foreign.Translator {
	if isMember(src) {
		return newMember(out, src)
	}
	t := newTrace()
	t.out, t.clock, t.root = out, newClock(src.Modified), 1 // which no traced program has
	t.Splitter = foreign.NewSplitter(out, t.line, t.end)
	return t
}

func newTrace() *trace {
	return &trace{
		asm: wire.New(wire.Options{MaxMemory: 64 << 20}), procs: map[int32]*process{}, sockets: newSockets(), waiting: map[int32]*pending{},
	}
}

// line takes one line of the trace.
func (t *trace) line(offset int64, b []byte) {
	t.offset = offset
	t.lines++
	if len(t.broken) > 0 {
		b = append(t.broken, b...)
		t.broken = t.broken[:0]
	}
	if pid, before, ok := attached(b); ok {
		t.attach(pid, before)
		return
	}
	l := parseLine(b)
	at := t.clock.read(l.stamp)
	if l.kind == nothing {
		return
	}
	if l.kind == strange {
		t.out.Bad(offset, "no line of strace's")
		return
	}
	tid := l.tid
	if tid == 0 {
		tid, t.bare = t.root, true
	}
	t.take(&l, tid, span{at, at})
}

// take takes a line of a thread. What began and ended in it did so then.
func (t *trace) take(l *line, tid int32, at span) {
	p := t.process(tid)
	if len(l.comm) > 0 {
		p.Comm = string(l.comm)
	}
	switch l.kind {
	case call:
		if knows(l.name) {
			t.call(p, tid, string(l.name), l.text, at)
		}
	case unfinished:
		if knows(l.name) {
			t.wait(tid, &pending{name: string(l.name), text: bytes.Clone(l.text), at: at.begin})
		}
	case resumed:
		if w := t.waiting[tid]; w != nil {
			t.forget(tid)
			if w.name == string(l.name) {
				t.call(p, tid, w.name, append(w.text, l.text...), span{w.at, at.end})
			}
		}
	case ended:
		t.ended(p, tid, l.name, at.end)
	case signal:
		t.signalled(tid, l.text)
	}
}

// attach takes note that strace has attached to a process, in the midst of a
// call: of which before is the beginning, or of none: then to the first process.
func (t *trace) attach(pid int32, before []byte) {
	const longest = 64 << 10
	switch {
	case len(before) > longest:
		t.out.Bad(t.offset, "a call longer than %d bytes makes a process", longest)
	case len(before) > 0:
		t.broken = append([]byte(nil), before...)
	case len(t.procs) == 0:
		t.root, t.known = pid, true
	}
}

// wait keeps a call until it ends.
func (t *trace) wait(tid int32, w *pending) {
	t.forget(tid)
	if len(t.waiting) >= maxWaiting || t.held+len(w.text) > maxWaitingBytes {
		t.out.Bad(t.offset, "one of too many calls at once")
		return
	}
	t.waiting[tid] = w
	t.held += len(w.text)
	if makesProcesses(w.name) && len(t.forking) < maxForking {
		t.forking = append(t.forking, tid)
	}
}

func (t *trace) forget(tid int32) {
	if w := t.waiting[tid]; w != nil {
		t.held -= len(w.text)
		delete(t.waiting, tid)
		t.forking = slices.DeleteFunc(t.forking, func(id int32) bool { return id == tid })
	}
}

// end is the end of the trace.
func (t *trace) end() {
	for _, s := range t.sockets.all() {
		t.asm.Close(s.id, t.message)
		t.release(s)
	}
	if loss := t.asm.Total(); loss.TooLong+loss.Evicted > 0 {
		t.out.Bad(t.offset, "the end of a trace with %d messages that are too long and %d connections too many at once", loss.TooLong, loss.Evicted)
	}
}
