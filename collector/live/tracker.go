package live

import (
	"time"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
)

// tracker makes records of samples: it knows the processes and connections, has
// the bytes assembled, and tells apart what is JSON-RPC from what is not. It
// does no I/O and belongs to one goroutine.
type tracker struct {
	asm        *wire.Assembler
	procs      map[int32]*proc
	conns      map[uint64]*conn
	room       int     // for connections
	ended      []*conn // those whose socket is closed, in that order
	early      map[session]*early
	earlyBytes int              // that they hold
	exits      []exit           // of processes whose chunks wait in queues
	queued     map[uint64]*conn // those with chunks in their queues
	since      int64            // CLOCK_MONOTONIC: chunks of this time and later may wait in queues; 0: none
	missing    uint64           // records that are known to be lost, of all connections
	passed     uint64           // messages that were too long
	narrow     bool             // only some connections of a process are asked for
	wall       int64            // what to add to CLOCK_MONOTONIC for Unix nanoseconds

	redact func([]byte) []byte
	write  func(record.Record)
	emit   func(wire.Message)                   // message, bound once
	ignore func(cookie uint64, d time.Duration) // has the kernel pass over a connection
	lost   func() uint64                        // records that the kernel had no room for so far
	stats  Stats
}

// Stats counts what live capture has seen.
type Stats struct {
	Processes   int    // processes watched, as far as they are known
	Connections int    // connections of theirs that are open
	Messages    uint64 // JSON-RPC messages
	Bytes       uint64 // bytes captured
	Lost        uint64 // pieces of data that the kernel had no room for
	LostBytes   uint64 // their bytes
	Incomplete  uint64 // messages dropped because bytes of them are missing, and writes and reads of which none could be read
	Encrypted   uint64 // connections that can't be read because they are encrypted (TLS)
	Servers     uint64 // connections passed over because the watched process is their server
}

// proc is a process.
type proc struct {
	info record.Process
	told bool  // a record speaks of it
	tls  int64 // CLOCK_MONOTONIC since when its TLS is seen; 0: not
}

// patience is how long bytes wait for those before them: longer than a process
// is held up between its call and the sample of it, even where it seldom has its
// turn.
const patience = time.Second

func newTracker() *tracker {
	t := &tracker{
		asm:    wire.New(wire.Options{Wait: patience, MaxConns: maxConns, Unchecked: true}),
		procs:  map[int32]*proc{},
		conns:  map[uint64]*conn{},
		room:   maxConns,
		early:  map[session]*early{},
		queued: map[uint64]*conn{},
		redact: func(b []byte) []byte { return b },
		ignore: func(uint64, time.Duration) {},
		lost:   func() uint64 { return 0 },
	}
	t.emit = t.message
	return t
}

// take takes a sample.
func (t *tracker) take(s *sample) {
	switch s.kind {
	case sampleSent, sampleReceived:
		t.bytes(s)
	case sampleConnection:
		if e, ok := parseConnection(s.cookie, s.data); ok {
			t.connection(s, &e)
		}
	case sampleClosed:
		t.closed(s)
	case sampleEncrypted:
		t.sealed(s)
	case sampleJoined:
		t.joined(s)
	case sampleTaken:
		t.taken(s)
	case sampleProcess, sampleForked, sampleExeced, sampleExited:
		if o, ok := parseProcess(s.data); ok {
			t.process(s, &o)
		}
	}
}

// process takes note of what happened to a process.
func (t *tracker) process(s *sample, o *origin) {
	if s.kind == sampleExited {
		if e := (exit{s.pid, s.mono, o.code}); t.waits(s.pid) {
			t.exits = append(t.exits, e)
		} else {
			t.exited(e)
		}
		return
	}
	p := t.proc(s.pid)
	p.info = record.Process{PID: int(s.pid), PPID: int(o.parent), Start: o.start, Comm: o.comm}
	switch {
	case s.kind == sampleForked:
		parent := t.proc(o.parent)
		parent.told = true
		p.tls = parent.tls
		t.write(record.Record{Time: s.mono + t.wall, Mono: s.mono, Process: parent.info, Event: record.Fork, Child: int(s.pid)})
		t.inherit(o.parent, s.pid)
		p.told = true
	case s.kind == sampleExeced && p.told:
		t.write(record.Record{Time: s.mono + t.wall, Mono: s.mono, Process: p.info, Event: record.Exec})
	}
}

// exit is the end of a process.
type exit struct {
	pid  int32
	mono int64
	code int
}

func (t *tracker) exited(e exit) {
	p := t.procs[e.pid]
	if p == nil {
		return
	}
	if t.lost() > t.missing {
		t.mayMiss(e.pid, e.mono)
	}
	delete(t.procs, e.pid)
	if p.told {
		t.write(record.Record{Time: e.mono + t.wall, Mono: e.mono, Process: p.info, Event: record.Exit, Code: e.code})
	}
	t.left(e.pid)
}

// proc is the process, new if need be.
func (t *tracker) proc(pid int32) *proc {
	p := t.procs[pid]
	if p == nil {
		p = &proc{info: record.Process{PID: int(pid)}}
		t.procs[pid] = p
	}
	return p
}

// flush passes on what waits for bytes that do not come. now is Unix
// nanoseconds.
func (t *tracker) flush(now int64) {
	t.settle(now - t.wall)
	t.asm.Flush(now, t.emit)
	t.passed = t.asm.TooLong() // whose it was, is not known here
	t.forget(now)
	t.forgetEarly(now)
	t.stats.Processes, t.stats.Connections = len(t.procs), len(t.conns)
}
