package live

import (
	"bytes"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
	"github.com/sessiontop/sessiontop/model"
)

// broken are the flags of a message whose bytes are not all there.
const broken = wire.Truncated | wire.Gap | wire.Cut | wire.Undecoded

// message takes a message that the assembler has put together.
func (t *tracker) message(m wire.Message) {
	c := t.conn(m.Conn)
	if c.role == wire.UnknownRole {
		if c.role = m.Role(); c.role == wire.Server {
			t.serves(c)
		}
	}
	switch {
	case c.role == wire.Server:
		return
	case m.Flags&wire.RPC == 0:
		c.foreign++
		return
	case m.Flags&broken != 0 || len(m.Pieces) == 0:
		t.stats.Incomplete++
		t.incomplete(c, &m)
		return
	case len(m.Body) == 0 && m.Status < 400: // what a notification is answered with
		return
	case c.early(&m):
		return
	}
	c.foreign, c.idle, c.pause, c.client = 0, 0, 0, m.Agent
	t.show(c, &m)
	if c.untold > 0 || c.unread > 0 {
		t.tellLost(c, m.First.Mono)
	}
	t.stats.Messages++
	if m.Torn() {
		t.torn(c, &m)
		return
	}
	r := t.recordOf(c, &m, &m.Pieces[0])
	t.body(&r, &m)
	t.write(r)
}

// show tells of the connection what must stand before its first message.
func (t *tracker) show(c *conn, m *wire.Message) {
	if c.shown && c.proto == m.Proto {
		return
	}
	if c.shown { // told as what it is not, or HTTP has become WebSocket
		if c.opener != 0 {
			c.users.add(c.opener)
		}
		for _, pid := range c.users {
			t.closes(c, pid, m.First.Mono-1)
		}
	}
	c.speaks(m.Proto)
	if c.shown || c.opened != 0 {
		t.begins(c, m)
	}
	c.shown = true
	if m.Proto != wire.HTTP1 || len(c.users) > 1 { // else one reply is waited for at most: see early
		t.tellBefore(c, m.First.Mono, c.users...)
	}
}

// begins says that the connection was opened, or begins as what m shows it to
// be.
func (t *tracker) begins(c *conn, m *wire.Message) {
	opener := c.opener
	if opener == 0 {
		opener = m.Pieces[0].PID
	}
	r := t.on(c, opener)
	r.Event, r.Mono = record.Open, m.First.Mono
	if !c.shown {
		r.Mono = min(r.Mono, c.opened)
	}
	r.Time = r.Mono + t.wall
	t.write(r)
}

// recordOf is the record of a message, or of a piece of one, without its body.
// A send is stamped when its first byte was written, a recv when its last was
// read.
func (t *tracker) recordOf(c *conn, m *wire.Message, p *wire.Piece) record.Record {
	r := t.on(c, p.PID)
	r.Event, r.TID = record.Send, int(p.TID)
	r.Time, r.Mono = p.First.Time, p.First.Mono
	if m.Dir == wire.Received {
		last := &m.Pieces[len(m.Pieces)-1]
		if m.Torn() {
			last = p
		}
		r.Event, r.TID, r.Status = record.Recv, int(last.TID), m.Status
		r.Time, r.Mono = last.Last.Time, last.Last.Mono
	}
	// One process alone knows its own order. The order in which plaintext was
	// counted is not surely that in which it passed.
	if m.HasOff && p.Off >= c.guessed[m.Dir] && !c.tls && len(c.users) > 1 {
		r.Off, r.HasOff = p.Off, true
	}
	return r
}

// body puts the message's body into r.
func (t *tracker) body(r *record.Record, m *wire.Message) {
	body := t.redact(bytes.TrimSpace(m.Body))
	switch {
	case len(body) == 0: // the status says it all
		r.Msg = []byte("null")
	case m.Flags&wire.Malformed != 0:
		r.Raw = body
	default: // if it is no JSON, write finds that out
		r.Msg = body
	}
}

// torn tells of a message of which several processes moved parts: a record for
// each part, so that all of them are named.
func (t *tracker) torn(c *conn, m *wire.Message) {
	secret := !bytes.Equal(t.redact(m.Body), m.Body) // where, its parts do not say themselves
	for p := range m.Parts() {
		r := t.recordOf(c, m, &p)
		r.Part, r.Rest = true, m.Dir == wire.Received && p.Off > m.Off
		if r.Raw = t.redact(partOf(m, &p)); secret {
			r.Raw = []byte(model.Redacted)
		}
		t.write(r)
	}
}

// partOf is what of the message's body stands in the piece, where that can be
// told.
func partOf(m *wire.Message, p *wire.Piece) []byte {
	if m.BodyOff < 0 {
		return nil
	}
	n := int64(len(m.Body))
	from := min(max(p.Off-m.BodyOff, 0), n)
	to := min(max(p.Off+p.Len-m.BodyOff, 0), n)
	return m.Body[from:to]
}
