package wire

import "unsafe"

const connSize = int(unsafe.Sizeof(conn{}))

// conn is a connection: its two flows and what they have to tell each other.
type conn struct {
	key          uint64
	older, newer *conn // in the Assembler's ring
	flows        [2]flow
	loss         Loss
	memory       int   // accounted
	proto        Proto // what the first messages were
	rpc          bool  // there was a JSON-RPC message
	upgrade      upgrade
	asksUpgrade  bool               // a request asked for WebSocket, and is not answered yet
	deflate      bool               // permessage-deflate is agreed
	asks         []ask              // HTTP/1 requests not answered yet
	asked        uint64             // requests in all
	lost         bool               // the requests in asks may not be those of the next replies
	askedRPC     map[uint32]verdict // HTTP/2 requests not answered yet
	userAgent    string             // as the latest request has it
	agent        string             // what of it is shown
}

// ask is what an HTTP/1 reply depends on.
type ask struct {
	isHead, connect bool
	rpc             verdict
}

// maxAsks bounds the requests that wait for their replies on a connection.
const maxAsks = 4096

// ask takes note of a request and returns its number.
func (c *conn) ask(h *head) uint64 {
	if len(c.asks) == maxAsks {
		c.asks = c.asks[:0]
		c.lost = true
	}
	c.asks = append(c.asks, ask{isHead: h.isHead, connect: h.connect})
	c.asked++
	return c.asked
}

// askIs says of a request, by number, whether it is JSON-RPC.
func (c *conn) askIs(number uint64, v verdict) {
	if back := int(c.asked - number); back < len(c.asks) {
		c.asks[len(c.asks)-1-back].rpc = v
	}
}

// answer is the request that the next reply answers. Of requests that cannot
// be told, it knows nothing.
func (c *conn) answer() (q ask, known bool) {
	known = !c.lost
	if len(c.asks) <= 1 {
		c.lost = false // nothing is open: from here on, they pair again
	}
	if len(c.asks) == 0 {
		return ask{}, false
	}
	q = c.asks[0]
	c.asks = c.asks[:copy(c.asks, c.asks[1:])]
	return q, known
}

// unpair is called where bytes are lost: maybe a request, or a reply.
func (c *conn) unpair() { c.asks, c.lost = c.asks[:0], true }

// use is the connection called key, new if need be.
func (a *Assembler) use(key uint64) *conn {
	if a.last != nil && a.last.key == key {
		return a.last
	}
	c := a.conns[key]
	if c == nil {
		for len(a.conns) >= a.opt.MaxConns {
			a.evict()
		}
		c = &conn{key: key}
		for i := range c.flows {
			f := &c.flows[i]
			f.a, f.c, f.dir = a, c, Dir(i)
			f.startSearch(true)
		}
		a.conns[key] = c
	} else {
		a.unlink(c)
	}
	a.link(c)
	return c
}

// link makes c the head of the ring.
func (a *Assembler) link(c *conn) {
	if a.last == nil {
		c.older, c.newer = c, c
	} else {
		c.older, c.newer = a.last, a.last.newer
		c.older.newer, c.newer.older = c, c
	}
	a.last = c
}

func (a *Assembler) unlink(c *conn) {
	if c.older == c {
		a.last = nil
		return
	}
	c.older.newer, c.newer.older = c.newer, c.older
	if a.last == c {
		a.last = c.older
	}
}

// evict forgets the connection that was not used for longest.
func (a *Assembler) evict() {
	c := a.last.newer
	for i := range c.flows {
		f := &c.flows[i]
		c.loss.Skipped += uint64(len(f.carry) + f.order.bytes)
		if f.parser.began(f) < f.pos {
			c.loss.Cut++
		}
		for _, w := range f.writers {
			c.loss.Skipped += uint64(len(w.carry))
			if w.parser.began(&w.flow) < w.pos {
				c.loss.Cut++
			}
		}
	}
	c.loss.Evicted++
	a.forget(c)
}

func (a *Assembler) forget(c *conn) {
	a.unlink(c)
	delete(a.conns, c.key)
	a.memory -= c.memory
	a.held -= len(c.flows[0].order.waiting) + len(c.flows[1].order.waiting)
	a.gone.Add(c.loss)
}

// account counts what c holds, and makes room.
func (a *Assembler) account(c *conn) {
	n := connSize + c.flows[0].memory() + c.flows[1].memory() + cap(c.asks)*4
	a.memory += n - c.memory
	c.memory = n
	for a.memory > a.opt.MaxMemory && len(a.conns) > 1 {
		a.evict()
	}
}
