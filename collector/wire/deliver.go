package wire

// deliver completes m and hands it on. asked is whether the request that m
// answers was JSON-RPC, and c how m.Body is encoded. It returns whether m is.
func (f *flow) deliver(m Message, c coding, asked verdict) verdict {
	a := f.a
	m.Conn, m.Dir, m.HasOff, m.Agent = f.c.key, f.dir, f.order.known, f.c.agent
	if m.Missing > 0 {
		m.Flags |= Truncated
	}
	if m.Flags&(Cut|Gap|Truncated) != 0 {
		f.c.loss.Cut++
	}
	if c != identity && len(m.Body) > 0 {
		f.decode(&m, c)
	}
	checked := a.opt.Unchecked || m.Proto == JSONStream && m.Flags&Malformed == 0 // else it would have no end
	if m.Flags&(Truncated|Undecoded|Cut|Gap) == 0 && !checked && !isJSON(m.Body) {
		m.Flags |= NotJSON
	}
	rpc := f.judge(&m, asked)
	if rpc == yes {
		m.Flags |= RPC
	}
	if m.Pieces == nil {
		a.pieces = f.pieces.collect(a.pieces[:0], m.Off, m.End)
		m.Pieces = a.pieces
	}
	if len(f.shifts) > 0 {
		f.place(&m)
	}
	m.First, m.Last = f.stamp, f.stamp
	if n := len(m.Pieces); n > 0 {
		m.First, m.Last = m.Pieces[0].First, m.Pieces[n-1].Last
	}
	a.emit(m)
	a.inflater.trim()
	return rpc
}

// decode decompresses m.Body. Of a body that is cut off it keeps what comes out.
func (f *flow) decode(m *Message, c coding) {
	m.BodyOff = -1
	if c != foreign {
		out, how := f.a.inflater.body(m.Body, c)
		if how == whole || how == partial && m.Flags&(Truncated|Cut) != 0 {
			m.Body = out
			return
		}
	}
	m.Flags |= Undecoded
	f.c.loss.Undecoded++
}

// judge is whether m is part of a JSON-RPC conversation. Requests decide; a
// reply that says of itself that it is JSON-RPC stands for a request that was
// not seen.
func (f *flow) judge(m *Message, asked verdict) verdict {
	if m.Flags&Undecoded == 0 && isRPC(m.Body) {
		f.c.rpc = true
		return yes
	}
	switch {
	case asked != unknown:
		return asked
	case m.Dir == Received:
		return verdictOf(f.c.rpc)
	default: // a request that cannot be read counts as those before it
		unreadable := m.Flags&(NotJSON|Truncated|Undecoded|Malformed) != 0 || f.a.opt.Unchecked && !isJSON(m.Body)
		return verdictOf(f.c.rpc && int64(len(m.Body))+m.Missing > 0 && unreadable)
	}
}
