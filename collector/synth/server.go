package synth

import (
	"fmt"
	"strconv"
	"time"
)

// serve has the server read the next request of the connection, if it is idle
// and one has come whole.
func (k *socket) serve() {
	if k.fleet.Transport.multiplexed() {
		k.serveAll()
		return
	}
	if k.busy || k.closed || len(k.in) == 0 {
		return
	}
	first := k.in[0]
	if first.what != header { // no HTTP: answer 400 and close
		k.in = nil
		k.reply(&answer{text: []byte("400 Bad Request"), status: 400, kind: "torn-message", raw: true, ends: true})
		k.hangUp()
		return
	}
	got := 0
	for _, p := range k.in[1:] {
		got += p.bytes
	}
	if got < first.call.size {
		return
	}
	c := first.call
	whole := k.in[1].call == c && k.in[1].what == body
	k.consume(c.size)
	k.busy = true
	if !whole {
		k.s.clock.after(int64(50*time.Microsecond), func() {
			k.busy = false
			k.reply(&answer{text: []byte(parseError), status: 200, owner: c, kind: "torn-message"})
			k.serve()
		})
		return
	}
	k.s.clock.after(k.s.service(k.fleet, c), func() {
		k.busy = false
		k.s.answer(k, c)
		k.serve()
	})
}

// serveAll has the server begin with all requests that have come: it answers
// each when it is ready.
func (k *socket) serveAll() {
	for _, p := range k.in {
		if c := p.call; p.what == body {
			k.s.clock.after(k.s.service(k.fleet, c), func() { k.s.answer(k, c) })
		}
	}
	k.in = nil
}

const parseError = `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"}}`

// consume takes a header and so many bytes after it off the stream.
func (k *socket) consume(bytes int) {
	in := k.in[1:]
	for bytes > 0 {
		if in[0].bytes > bytes {
			in[0].bytes -= bytes
			in[0].what = rest
			break
		}
		bytes -= in[0].bytes
		in = in[1:]
	}
	k.in = in
}

// service is how long the node needs for the call.
func (s *simulation) service(f *Fleet, c *call) int64 {
	total := f.Stall.draw(s.net)
	for i := range c.asks {
		median := float64(costs[c.asks[i].method].median)
		if f.Speed > 0 {
			median /= f.Speed
		}
		total += int64(spread(s.net, median, f.Spread))
	}
	return total
}

// answer has the node answer the call, rightly or as its faults will have it.
func (s *simulation) answer(k *socket, c *call) {
	c.served++
	s.truth.Served++
	a := &answer{status: k.status(), owner: c, ids: c.ids(), batch: c.batch, text: s.replyText(k.fleet, c)}
	faults := &k.fleet.Faults
	s.corrupt(faults, a, c)
	k.reply(a)
	if chance(s.net, faults.Duplicate) {
		k.reply(&answer{status: k.status(), owner: c, ids: a.ids, batch: c.batch, text: a.text, kind: "duplicate-reply"})
	}
	if chance(s.net, faults.Unsolicited) {
		id := 800_000 + s.net.IntN(100_000)
		text := `{"jsonrpc":"2.0","id":` + strconv.Itoa(id) + `,"result":"0x1"}`
		k.reply(&answer{status: k.status(), ids: []int64{int64(id)}, text: []byte(text), kind: "unsolicited-reply"})
	}
	if c.asks[0].method == subscribe {
		s.notify(k, &c.asks[0])
	}
}

// status is that of a good reply; 0 where there is none.
func (k *socket) status() int {
	if k.fleet.Transport.multiplexed() {
		return 0
	}
	return 200
}

// notify tells of the next block, and then of those after it, for as long as
// anybody has the connection.
func (s *simulation) notify(k *socket, a *ask) {
	chain := k.opener.chain
	s.clock.after(chain.every-s.clock.now%chain.every, func() {
		if k.ends == 0 {
			return
		}
		k.reply(&answer{text: chain.appendNotice(nil, a, chain.head(s.clock.now)), notice: true})
		s.notify(k, a)
	})
}

// replyText is the right reply to the call, in the order in which the node
// likes to send the items of a batch.
func (s *simulation) replyText(f *Fleet, c *call) []byte {
	chain := c.by.chain
	head := chain.head(s.clock.now)
	if !c.batch {
		return chain.appendReply(nil, c.id, &c.asks[0], head)
	}
	text := []byte{'['}
	for n, i := range s.net.Perm(len(c.asks)) {
		if n > 0 {
			text = append(text, ',')
		}
		if chance(s.net, f.Faults.BatchItem) {
			c.broken = true
			if n == 0 { // twice
				text = append(chain.appendReply(text, c.itemID(i), &c.asks[i], head), ',')
			} else { // not at all
				text = text[:len(text)-1]
				continue
			}
		}
		text = chain.appendReply(text, c.itemID(i), &c.asks[i], head)
	}
	return append(text, ']')
}

// corrupt makes of a right reply a wrong one, if the faults will have it.
func (s *simulation) corrupt(f *Faults, a *answer, c *call) {
	if c.batch {
		if c.broken {
			a.kind = "batch-mismatch"
		}
		return
	}
	chain := c.by.chain
	head := chain.head(s.clock.now)
	switch {
	case chance(s.net, f.WrongID):
		a.ids = []int64{c.id + 1000 + int64(s.net.IntN(1000))}
		a.kind, a.text = "wrong-id", chain.appendReply(nil, a.ids[0], &c.asks[0], head)
	case chance(s.net, f.Malformed):
		a.kind = "bad-message"
		a.text = fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%d,"result":"0x1","error":{"code":-32000,"message":"both"}}`, c.id)
	case chance(s.net, f.WrongType):
		other := ask{method: accountsMethod}
		if c.asks[0].method == accountsMethod {
			other.method = syncing
		}
		a.kind, a.text = "wrong-type", chain.appendReply(nil, c.id, &other, head)
	case names(c.asks[0].method) && chance(s.net, f.WrongEcho):
		other := c.asks[0]
		other.block--
		other.tx = 0
		a.kind, a.text = "wrong-echo", chain.appendReply(nil, c.id, &other, head)
	}
}

// names says that the method's result names what was asked for.
func names(m method) bool {
	switch m {
	case blockByNumber, blockWithBodies, blockByHash, transactionByHash, transactionReceipt:
		return true
	}
	return false
}
