package wire

// upgradeTo is what a reply 101 does to its connection.
func (f *flow) upgradeTo(h *head) {
	c := f.c
	c.asks, c.asksUpgrade = c.asks[:0], false
	c.upgrade, c.deflate = h.upgrade, h.deflate
	for _, g := range [...]*flow{f, f.peer()} {
		if g != f && !g.idle() {
			continue // it turns when its message has ended
		}
		switch h.upgrade {
		case toWebSocket:
			g.startWebSocket()
		case toHTTP2:
			g.startHTTP2()
		default:
			g.startSearch(true)
		}
	}
}

// tunnel is what a reply to CONNECT does to its connection: what follows is
// another one.
func (c *conn) tunnel() {
	c.asks, c.proto = c.asks[:0], Unknown
	for i := range c.flows {
		if f := &c.flows[i]; f.idle() {
			f.startSearch(true)
		}
	}
}

// idle is whether the flow is between messages.
func (f *flow) idle() bool {
	return len(f.writers) == 0 && len(f.carry) == 0 && f.parser.began(f) == f.pos
}
