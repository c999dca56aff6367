package wire

// jsonStream parses JSON arrays and objects that follow one another, with or
// without white space between them.
type jsonStream struct {
	scan  scanner
	body  gather
	start int64
	in    bool // within a value
}

func (p *jsonStream) reset() {
	p.body.reset()
	p.scan = scanner{}
	p.in = false
}

func (p *jsonStream) began(f *flow) int64 {
	if p.in {
		return p.start
	}
	return f.pos
}

func (p *jsonStream) step(f *flow, b []byte) int {
	if !p.in {
		if n := len(b) - len(skipSpace(b)); n > 0 {
			return n
		}
		if b[0] != '{' && b[0] != '[' {
			f.startSearch(true) // maybe the body of a message whose header was not seen
			return 0
		}
		p.in, p.start = true, f.pos
	}
	n := p.scan.scan(b)
	switch p.scan.state {
	case scanDone:
		p.deliver(f, b[:n], 0)
	case scanBroken:
		p.deliver(f, b[:n], Malformed)
		f.startSearch(false)
	default:
		p.body.add(b[:n], f.a.opt.MaxMessage)
	}
	return n
}

// deliver hands on the value whose last bytes b are at f.pos.
func (p *jsonStream) deliver(f *flow, b []byte, flags Flags) {
	end := f.pos + int64(len(b))
	if p.start != f.pos || len(b) > f.a.opt.MaxMessage {
		p.body.add(b, f.a.opt.MaxMessage)
		b = p.body.buf
	}
	if p.body.full {
		f.tooLong(p.body.over)
	} else {
		f.deliver(Message{
			Proto: JSONStream, Flags: flags, Off: p.start, End: end, Body: b, BodyOff: p.start,
		}, identity, unknown)
	}
	p.reset()
}

// gap: where in a value the stream goes on cannot be known.
func (p *jsonStream) gap(*flow, int64) bool { return false }

func (p *jsonStream) abort(f *flow, flags Flags) {
	if p.in {
		p.deliver(f, nil, flags)
	}
}
