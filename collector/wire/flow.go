package wire

// parser finds the messages of one protocol in a flow.
type parser interface {
	// step reads b, the bytes at f.pos, and returns with how many of them it
	// is done; 0: it waits for more, or has set another parser.
	step(f *flow, b []byte) int
	// gap is told that n bytes are missing at f.pos, where step has read all
	// before them. It returns false where it does not know how to go on.
	gap(f *flow, n int64) bool
	// abort delivers what there is of the message in progress, with flags
	// saying why it ends.
	abort(f *flow, flags Flags)
	// began is the offset of the message in progress, else f.pos.
	began(f *flow) int64
}

// flow is one direction of a connection.
type flow struct {
	a      *Assembler
	c      *conn
	parser parser
	order  order
	pieces pieces
	carry  []byte // read but not parsed: the start of a header, a frame header, a line
	pos    int64  // offset of the first byte not parsed
	chunk  int64  // offset of the latest chunk
	stamp  Stamp  // of the latest chunk
	dir    Dir

	writers []*writer // processes that write into each other's messages, else none
	shifts  []shift   // of a writer's own flow

	search search
	ahead  ahead
	http1  http1
	json   jsonStream
	ws     *webSocket
	h2     *http2
}

// peer is the other direction.
func (f *flow) peer() *flow { return &f.c.flows[1-f.dir] }

// push takes the bytes that follow those seen so far.
func (f *flow) push(ch *Chunk) {
	at := f.pos + int64(len(f.carry))
	f.chunk, f.stamp = at, ch.stamp()
	if n := ch.size(); n > 0 && !f.pieces.add(at, n, ch, f.parser.began(f)) {
		f.c.loss.Pieces++
	}
	f.read(ch.Data)
	if ch.Truncated > 0 {
		f.lose(int64(ch.Truncated))
	}
	f.pieces.drop(f.parser.began(f))
}

// read parses the carried bytes and b, and carries what is left.
func (f *flow) read(b []byte) {
	if len(f.carry) > 0 {
		f.carry = append(f.carry, b...)
		b = f.carry
	}
	rest := f.parse(b)
	if len(f.carry) > 0 && len(rest) == len(b) {
		f.carry = b // a long header in small pieces is not copied again and again
		return
	}
	if len(rest) == 0 && cap(f.carry) > keep {
		f.carry = nil
	}
	f.carry = append(f.carry[:0], rest...)
}

// parse runs the parsers over b and returns what they wait with.
func (f *flow) parse(b []byte) []byte {
	const patience = 8 // parsers that may hand a byte on before it is passed over
	for handed := 0; len(b) > 0; {
		was := f.parser
		n := f.parser.step(f, b)
		switch {
		case n > 0:
			handed = 0
		case f.parser == was:
			return b
		default:
			if handed++; handed == patience {
				n, handed = 1, 0
				f.c.loss.Skipped++
			}
		}
		f.pos += int64(n)
		b = b[n:]
	}
	return nil
}

// lose notes that n bytes are missing after those seen so far; n < 0: nobody
// knows how many.
func (f *flow) lose(n int64) {
	f.join(Gap) // nobody knows whose bytes they were
	f.c.loss.Gaps++
	f.c.loss.GapBytes += uint64(max(n, 0))
	f.c.unpair()
	if len(f.carry) > 0 || n < 0 || !f.parser.gap(f, n) {
		f.resync(Gap)
	}
	f.pos += max(n, 0)
}

// resync ends the message in progress and begins a search for the next one.
func (f *flow) resync(why Flags) {
	f.parser.abort(f, why)
	f.c.loss.Skipped += uint64(len(f.carry))
	f.pos += int64(len(f.carry))
	f.carry = f.carry[:0]
	f.startSearch(false)
}

// startSearch makes the flow look for the start of a message; fresh: one is
// expected right here.
func (f *flow) startSearch(fresh bool) {
	f.search = search{fresh: fresh, cand: -1}
	f.parser = &f.search
	if !fresh {
		f.c.loss.Resyncs++
	}
}

// end is the end of the flow.
func (f *flow) end() {
	f.join(Cut | Malformed)
	f.parser.abort(f, Cut)
	f.c.loss.Skipped += uint64(len(f.carry))
}

// tooLong counts a message of n bytes that is passed over.
func (f *flow) tooLong(n int64) {
	f.a.tooLong++
	f.c.loss.TooLong++
	f.c.loss.TooLongBytes += uint64(n)
}

// memory is how much the flow holds, in bytes.
func (f *flow) memory() int {
	n := cap(f.carry) + cap(f.http1.body.buf) + cap(f.json.body.buf) + f.order.bytes +
		cap(f.pieces.segs)*segmentSize
	if f.ws != nil {
		n += f.ws.memory()
	}
	if f.h2 != nil {
		n += f.h2.memory()
	}
	for _, w := range f.writers {
		n += writerSize + w.memory() + cap(w.shifts)*shiftSize
	}
	return n
}
