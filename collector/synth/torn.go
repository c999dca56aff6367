package synth

import "fmt"

// arrival is some bytes of an answer that have arrived: all of them, or a part.
type arrival struct {
	answer   *answer
	from, to int
}

// half is a reply of which the reader has only a part.
type half struct {
	first   *answer
	text    []byte // of the body, so far
	missing int
	mixed   bool // with bytes of another
}

// assemble takes what p gets of the bytes that have arrived, and returns the
// answer if that is all of it. A client that has the beginning of a reply takes
// the next bytes for the rest, whatever they are, and one that gets a rest
// without its beginning makes nothing of it, and closes the connection.
func (p *process) assemble(k *socket) *answer {
	x := &k.out[0]
	header := k.fleet.Transport.replyHeader()
	switch size := header + len(x.answer.text); {
	case p.half == nil && x.from > 0:
		a := &answer{
			text: x.bytes(x.to, header), off: x.answer.off + int64(x.from), owner: x.answer.owner,
			kind: "torn-message", raw: true, ends: true,
		}
		k.out = k.out[1:]
		return a
	case p.half == nil && x.to == size:
		k.out = k.out[1:]
		return x.answer
	case p.half == nil:
		p.half = &half{first: x.answer, text: x.answer.text[:x.to-header], missing: size - x.to}
		k.out = k.out[1:]
		return nil
	}
	h := p.half
	n := min(h.missing, x.to-x.from)
	h.mixed = h.mixed || x.answer != h.first
	h.text = append(h.text[:len(h.text):len(h.text)], x.bytes(x.from+n, header)...)
	h.missing -= n
	if x.from += n; x.from == x.to {
		k.out = k.out[1:]
	}
	switch {
	case h.missing > 0:
		return nil
	case h.mixed:
		return &answer{text: h.text, off: h.first.off, kind: "torn-message", raw: true}
	}
	return h.first
}

// bytes are those of the arrival up to position to.
func (x *arrival) bytes(to, header int) []byte {
	head := fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nX-Pad: ", len(x.answer.text))
	for len(head) < header-4 {
		head = append(head, '.')
	}
	head = append(head, "\r\n\r\n"...)
	return append(head, x.answer.text...)[x.from:to]
}
