package synth

import (
	"math/rand/v2"
	"slices"

	"github.com/sessiontop/sessiontop/collector/record"
)

// process is one client: it thinks, asks, waits, reads, and goes on. On a
// multiplexed connection it does so in several lanes, which share what it reads.
type process struct {
	s       *simulation
	fleet   *Fleet
	chain   *chain // of its node
	who     record.Process
	file    *file
	own     *rand.Rand // what only it draws
	parent  *process   // nil: not forked here
	seed    uint64     // of its program, the same for siblings in lock-step
	made    uint64     // calls that it has made
	socket  *socket    // nil: none
	id      int64      // of its next call
	left    int        // calls that it still makes
	lanes   int        // that still make some
	open    []*call    // that it waits for
	waits   bool       // it reads, or waits for something to read
	handles bool       // what it has read, and reads nothing else meanwhile
	listens bool       // it has subscribed
	half    *half      // what it has of a reply that came in parts; nil: nothing
	turn    uint64     // of its waiting, so that who wakes it knows whether it is still the same
	stamp   int64      // its last one
	then    func()     // after its calls
}

// start has p make its calls.
func (p *process) start() {
	p.lanes = 1
	if p.fleet.Transport.multiplexed() {
		p.lanes = max(1, p.fleet.InFlight)
	}
	for range p.lanes {
		p.next()
	}
}

// next makes a lane's next call after a while, or ends the lane, the last of
// which ends the program.
func (p *process) next() {
	if p.left > 0 {
		p.left--
		p.s.clock.after(p.fleet.Think.draw(p.own), p.send)
		return
	}
	if p.lanes--; p.lanes > 0 {
		return
	}
	p.listens = false
	if p.socket != nil {
		p.socket.forget(p)
	}
	if p.then != nil {
		p.then()
	}
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
	stamped := p.s.clock.now
	p.s.clock.after(p.fleet.Stamp.Send.draw(p.own)+p.fleet.Stamp.Tail.draw(p.own), func() {
		if p.socket != k { // another lane has read its end
			p.next()
			return
		}
		if c.repeats || c.twice {
			p.s.again = append(p.s.again, c)
		}
		p.open = append(p.open, c)
		p.logSend(c, k, stamped)
		k.use(p)
		p.s.truth.Calls++
		p.write(c)
	})
}

// write puts the call on the wire, and waits for the reply.
func (p *process) write(c *call) {
	k := p.socket
	head, text := piece{c, header, k.fleet.Transport.requestHeader()}, piece{c, body, c.size}
	if p.fleet.Writes == (Delay{}) || p.fleet.Transport.multiplexed() {
		k.write(head, text)
		p.wait(c)
		return
	}
	k.write(head)
	p.s.clock.after(p.fleet.Writes.draw(p.own), func() {
		k.write(text)
		p.wait(c)
	})
}

// wait reads, or waits for something to read, and gives up on c in time.
func (p *process) wait(c *call) {
	if p.fleet.Timeout > 0 {
		p.s.clock.after(int64(p.fleet.Timeout), func() {
			if !c.over {
				p.giveUp(c)
			}
		})
	}
	p.await()
}

// await has p read on while there is anything that it waits for.
func (p *process) await() {
	if p.socket != nil && !p.waits && !p.handles && (len(p.open) > 0 || p.listens) {
		p.waits = true
		p.socket.await(p)
	}
}

// giveUp fails a call for which p has waited too long.
func (p *process) giveUp(c *call) {
	p.close(c)
	if len(p.open) == 0 && !p.listens {
		p.socket.forget(p)
	}
	p.logFail(c, "timeout")
	if !p.fleet.Keeps && !p.fleet.Transport.multiplexed() {
		p.hangUp()
	}
	p.next()
}

// refused is what p reads at the end of a connection: all its calls fail.
func (p *process) refused() {
	failed := slices.Clone(p.open)
	for _, c := range failed {
		p.close(c)
		p.logFail(c, "closed")
	}
	p.hangUp()
	for range failed {
		p.next()
	}
}

// close ends p's waiting for a call that it has given up.
func (p *process) close(c *call) {
	c.over, c.gaveUp = true, true
	p.dismiss(c)
}

func (p *process) dismiss(c *call) {
	p.open = slices.DeleteFunc(p.open, func(o *call) bool { return o == c })
}

// receive takes an answer for the reply to a call that p waits for. A client on
// a multiplexed connection drops what answers none of its calls.
func (p *process) receive(a *answer) {
	k, c := p.socket, p.match(a)
	if c != nil {
		c.over = true
	}
	p.handles = true
	var count int64
	late := p.fleet.Stamp.Recv.draw(p.own) + p.fleet.Stamp.Tail.draw(p.own)
	if p.s.cfg.Log.Counts {
		p.s.clock.after(p.own.Int64N(late+1), func() { count = k.passed() })
	}
	p.s.clock.after(late, func() {
		p.handles = false
		if p.socket != k {
			p.s.swallowed(a, p)
			return
		}
		p.s.took(p, k, c, a, count)
		if a.ends {
			p.hangUp()
		}
		if c != nil {
			p.listens = p.listens || c.asks[0].method == subscribe
			p.dismiss(c)
			p.next()
		}
		p.await()
	})
}

// match is the call for whose reply p takes a; nil: none. Of two with one id a
// log does not tell which it was: each gets its own.
func (p *process) match(a *answer) *call {
	if !p.fleet.Transport.multiplexed() {
		return p.open[0]
	}
	var found *call
	for _, c := range p.open {
		if c.over || c.batch != a.batch || !slices.ContainsFunc(c.ids(), func(id int64) bool { return slices.Contains(a.ids, id) }) {
			continue
		}
		if found == nil || c == a.owner {
			found = c
		}
	}
	return found
}

// connect opens a connection of p's own.
func (p *process) connect() {
	p.socket = p.s.newSocket(p)
	p.socket.ends = 1
	p.logConn(record.Open, p.socket)
}

// hangUp closes p's end of its connection.
func (p *process) hangUp() {
	k := p.socket
	k.forget(p)
	k.ends--
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
