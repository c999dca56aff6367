package synth

import (
	"math/rand/v2"

	"github.com/sessiontop/sessiontop/collector/record"
)

// process is one client: it thinks, asks, waits, reads, and goes on.
type process struct {
	s      *simulation
	fleet  *Fleet
	who    record.Process
	file   *file
	own    *rand.Rand // what only it draws
	parent *process   // nil: not forked here
	seed   uint64     // of its program, the same for siblings in lock-step
	made   uint64     // calls that it has made
	socket *socket    // nil: none
	id     int64      // of its next call
	left   int        // calls that it still makes
	call   *call      // which it waits for
	turn   uint64     // of its waiting, so that a timer knows whether it is still the same
	stamp  int64      // its last one
	then   func()     // after its calls
}

// call is one request and what came of it.
type call struct {
	by     *process
	asks   []ask
	batch  bool
	broken bool // the node answers it with other items than it has
	id     int64
	text   []byte
	size   int // bytes of its body
	line   *Line
	gaveUp bool
	served int
	ref    *Call
}

// next makes the next call after a while, or ends.
func (p *process) next() {
	if p.left == 0 {
		p.call = nil
		if p.then != nil {
			p.then()
		}
		return
	}
	p.left--
	p.s.clock.after(p.fleet.Think.draw(p.own), p.send)
}

// send writes the next call.
func (p *process) send() {
	if p.socket != nil && p.fleet.Checks && (len(p.socket.out) > 0 || p.socket.closed) {
		p.hangUp()
	}
	if p.socket == nil {
		p.connect()
	}
	c := p.compose()
	k := p.socket
	p.call = c
	p.turn++
	stamped := p.s.clock.now
	p.s.clock.after(p.fleet.Stamp.Send.draw(p.own)+p.fleet.Stamp.Tail.draw(p.own), func() {
		p.logSend(c, k, stamped)
		k.use(p)
		head, text := piece{c, header, requestHeader}, piece{c, body, c.size}
		p.s.truth.Calls++
		if p.fleet.Writes == (Delay{}) {
			k.write(head, text)
			p.wait()
			return
		}
		k.write(head)
		p.s.clock.after(p.fleet.Writes.draw(p.own), func() {
			k.write(text)
			p.wait()
		})
	})
}

// wait reads, or waits for something to read.
func (p *process) wait() {
	turn := p.turn
	if p.fleet.Timeout > 0 {
		p.s.clock.after(int64(p.fleet.Timeout), func() {
			if p.turn == turn {
				p.giveUp("timeout", !p.fleet.Keeps)
			}
		})
	}
	p.socket.await(p)
}

// giveUp fails the call that p waits for.
func (p *process) giveUp(why string, closes bool) {
	c := p.call
	p.turn++
	p.socket.forget(p)
	c.gaveUp = true
	p.logFail(c, why)
	if closes {
		p.hangUp()
	}
	p.next()
}

// refused is what p reads at the end of a connection.
func (p *process) refused() { p.giveUp("closed", true) }

// receive takes an answer for the reply to the call that p waits for.
func (p *process) receive(a *answer) {
	c, k := p.call, p.socket
	p.turn++
	p.s.clock.after(p.fleet.Stamp.Recv.draw(p.own)+p.fleet.Stamp.Tail.draw(p.own), func() {
		p.s.took(p, k, c, a)
		if a.status >= 400 {
			p.hangUp()
		}
		p.next()
	})
}

// connect opens a connection of p's own.
func (p *process) connect() {
	p.socket = p.s.newSocket(p)
	p.logConn(record.Open, p.socket)
}

// hangUp closes p's end of its connection.
func (p *process) hangUp() {
	k := p.socket
	p.socket = nil
	p.logConn(record.Close, k)
}

// exit closes what p has open and ends it.
func (p *process) exit() {
	if p.socket != nil {
		p.hangUp()
	}
	p.logLife(record.Record{Event: record.Exit})
}

// compose makes the next call.
func (p *process) compose() *call {
	c := &call{by: p, id: p.id, line: &Line{Offset: -1}}
	program := stream(p.seed, p.made)
	p.made++
	n := 1
	if chance(program, p.fleet.Batch) {
		c.batch = true
		n = 2 + program.IntN(4)
	}
	head := p.s.chain.head(p.s.clock.now)
	for range n {
		m := p.fleet.Mix.draw(program)
		r := p.own
		if chance(program, p.fleet.Same) {
			r = program
		}
		c.asks = append(c.asks, p.s.chain.draw(r, m, head))
	}
	p.id += int64(n)
	if c.batch {
		c.text = append(c.text, '[')
	}
	for i := range c.asks {
		if i > 0 {
			c.text = append(c.text, ',')
		}
		c.text = p.s.chain.appendRequest(c.text, c.id+int64(i), &c.asks[i])
	}
	if c.batch {
		c.text = append(c.text, ']')
	}
	c.size = len(c.text)
	return c
}
