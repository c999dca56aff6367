package wire

import (
	"time"
	"unsafe"
)

const segmentSize = int(unsafe.Sizeof(segment{}))

// Options bound an Assembler. A zero field takes its default.
type Options struct {
	MaxMessage int           // bytes of a body, as framed and decoded: 64 MiB; longer ones are skipped and counted
	MaxConns   int           // connections: 16384; past it the one unused for longest is forgotten
	MaxMemory  int           // bytes held for all connections: 256 MiB; past it, too
	Wait       time.Duration // how long a chunk waits for those before it: 1 s of the chunks' own time
	Unchecked  bool          // whether a body is JSON is left to the caller to find out: NotJSON is not set
}

func (o Options) withDefaults() Options {
	if o.MaxMessage <= 0 {
		o.MaxMessage = 64 << 20
	}
	if o.MaxConns <= 0 {
		o.MaxConns = 16 << 10
	}
	if o.MaxMemory <= 0 {
		o.MaxMemory = 256 << 20
	}
	if o.Wait <= 0 {
		o.Wait = time.Second
	}
	return o
}

// Assembler makes messages of the chunks of any number of connections. The emit
// that its methods take is called before they return, and must not call them.
// The messages of one direction come in the order of the stream, those of an
// HTTP/2 connection in the order in which they end.
type Assembler struct {
	opt      Options
	conns    map[uint64]*conn
	last     *conn // the one used last: head of a ring, by time of use
	memory   int   // bytes that the connections hold
	held     int   // chunks that wait for those before them
	gone     Loss  // of connections that are no more
	tooLong  uint64
	emit     func(Message)
	pieces   []Piece
	inflater inflater
}

// New returns an Assembler.
func New(opt Options) *Assembler {
	opt = opt.withDefaults()
	return &Assembler{opt: opt, conns: map[uint64]*conn{}, inflater: inflater{limit: opt.MaxMessage}}
}

// Feed takes a chunk.
func (a *Assembler) Feed(ch Chunk, emit func(Message)) {
	ch.Truncated = max(ch.Truncated, 0)
	c := a.use(ch.Conn)
	a.emit = emit
	c.flows[ch.Dir&1].take(ch)
	a.account(c)
}

// Gap takes note that n bytes of a direction are lost after those fed; n ≤ 0:
// nobody knows how many. It isn't needed where chunks have offsets.
func (a *Assembler) Gap(conn uint64, dir Dir, n int64, emit func(Message)) {
	if n <= 0 || n > maxOff {
		n = -1
	}
	c := a.use(conn)
	a.emit = emit
	f := &c.flows[dir&1]
	f.flush()
	f.lose(n)
	f.order.next += max(n, 0)
	a.account(c)
}

// End ends one direction of a connection, and delivers what is unfinished in it:
// the reader has read the end, while what was written may still go on.
func (a *Assembler) End(conn uint64, dir Dir, emit func(Message)) {
	c := a.use(conn)
	a.emit = emit
	f := &c.flows[dir&1]
	f.flush()
	f.end()
	f.pos += int64(len(f.carry))
	f.carry = f.carry[:0]
	f.startSearch(true)
	a.account(c)
}

// Close ends a connection, delivers what is unfinished on it, and returns what
// was lost of it.
func (a *Assembler) Close(conn uint64, emit func(Message)) Loss {
	c := a.conns[conn]
	if c == nil {
		return Loss{}
	}
	a.emit = emit
	for i := range c.flows {
		c.flows[i].flush()
		c.flows[i].end()
	}
	a.forget(c)
	return c.loss
}

// Flush passes on what waits for bytes before it since longer than Options.Wait
// at now, Unix nanoseconds on the chunks' clock. Callers that follow something
// live call it now and then: a lost chunk may be the last for long.
func (a *Assembler) Flush(now int64, emit func(Message)) {
	if a.held == 0 {
		return
	}
	a.emit = emit
	latest := Chunk{Time: now}
	for c := a.last; ; c = c.older {
		held := false
		for i := range c.flows {
			if len(c.flows[i].order.waiting) > 0 {
				held = true
				c.flows[i].release(&latest)
			}
		}
		if held {
			a.account(c)
		}
		if c.older == a.last {
			return
		}
	}
}

// Loss is what was lost of a connection that is still known.
func (a *Assembler) Loss(conn uint64) Loss {
	if c := a.conns[conn]; c != nil {
		return c.loss
	}
	return Loss{}
}

// Total is what was lost of all connections so far.
func (a *Assembler) Total() Loss {
	t := a.gone
	for _, c := range a.conns {
		t.Add(c.loss)
	}
	return t
}

// TooLong is Total().TooLong, at no cost.
func (a *Assembler) TooLong() uint64 { return a.tooLong }

// Conns is how many connections are known, and Memory how many bytes are held
// for them.
func (a *Assembler) Conns() int  { return len(a.conns) }
func (a *Assembler) Memory() int { return a.memory }
