package synth

// call is one request and what came of it.
type call struct {
	by      *process
	asks    []ask
	batch   bool
	broken  bool // the node answers it with other items than it has
	twice   bool // two of its items have one id
	repeats bool // its id is that of another call in flight
	id      int64
	text    []byte
	size    int // bytes of its body
	line    *Line
	over    bool // its process waits for it no more
	gaveUp  bool
	served  int
	ref     *Call
}

// itemID is the id of its i-th item.
func (c *call) itemID(i int) int64 {
	if c.twice {
		i = max(0, i-1)
	}
	return c.id + int64(i)
}

// ids are those of all its items.
func (c *call) ids() []int64 {
	all := make([]int64, len(c.asks))
	for i := range all {
		all[i] = c.itemID(i)
	}
	return all
}

// compose makes the next call.
func (p *process) compose() *call {
	c := &call{by: p, id: p.id, line: &Line{Offset: -1}}
	program := stream(p.seed, p.made)
	subscribes := p.made == 0 && p.parent == nil && p.fleet.Subscribes && p.fleet.Transport.multiplexed()
	p.made++
	n := 1
	if chance(program, p.fleet.Batch) && !subscribes {
		c.batch = true
		n = 2 + program.IntN(4)
	}
	head := p.chain.head(p.s.clock.now)
	for range n {
		m := p.fleet.Mix.draw(program)
		if subscribes {
			m = subscribe
		}
		r := p.own
		if chance(program, p.fleet.Same) {
			r = program
		}
		c.asks = append(c.asks, p.chain.draw(r, m, head))
	}
	p.number(c)
	if c.batch {
		c.text = append(c.text, '[')
	}
	for i := range c.asks {
		if i > 0 {
			c.text = append(c.text, ',')
		}
		c.text = p.chain.appendRequest(c.text, c.itemID(i), &c.asks[i])
	}
	if c.batch {
		c.text = append(c.text, ']')
	}
	c.size = len(c.text)
	return c
}

// number gives the call its id, which a faulty client has given to another call
// that is in flight, or to two items of the batch.
func (p *process) number(c *call) {
	repeats := (c.batch || len(p.open) > 0) && chance(p.own, p.fleet.Faults.SameID)
	switch {
	case repeats && c.batch:
		c.twice = true
	case repeats && !p.open[0].batch:
		c.id, c.repeats = p.open[0].id, true
		return
	}
	p.id += int64(len(c.asks))
}

// numberFromOwn has p count its ids from a number of its own, if its fleet does.
func (p *process) numberFromOwn() {
	if p.fleet.OwnIDs {
		p.id = 1000 * p.own.Int64N(1_000_000)
	}
}
