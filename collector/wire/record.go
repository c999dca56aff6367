package wire

import (
	"bytes"
	"strconv"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// Records appends what a session log says of m to dst; nothing where m is no
// part of a JSON-RPC conversation. who describes a process, c names m's
// connection. Msg and Raw alias m.Body.
//
// Of a torn message every process that moved a part gets a record of its part.
// A message of which bytes were not captured is a part too: its Msg is what was
// captured, ended so that it is JSON, if that has the id; else it is a Lost of
// one event. A reply that the connection's end cut short is a Fail. A request
// whose writing was not finished is no message, unless others wrote into it: then
// it is a part. Nor is an empty reply of success, as to a notification.
func Records(dst []record.Record, m *Message, who func(pid int32) record.Process, c record.Conn) []record.Record {
	empty := len(m.Body) == 0 && m.Flags&^(RPC|NotJSON) == 0
	if m.Flags&RPC == 0 || len(m.Pieces) == 0 || empty && (m.Dir == Sent || m.Status/100 == 2) {
		return dst
	}
	r := record.Record{Conn: c, Client: m.Agent, Event: record.Send, Off: m.Off, HasOff: m.HasOff}
	if m.Dir == Received {
		r.Event, r.Status = record.Recv, m.Status
	}
	if m.Torn() {
		return tornRecords(dst, m, r, who)
	}
	if m.Dir == Sent && m.Flags&(Cut|Gap|Malformed) == Cut && !hasMembers(closed(m.Body, false), `"id"`) {
		return dst
	}
	last := m.Pieces[len(m.Pieces)-1]
	r.Process, r.TID = who(last.PID), int(last.TID)
	at := m.First
	if m.Dir == Received {
		at = m.Last
	}
	r.Time, r.Mono = at.Time, at.Mono
	return append(dst, m.fill(r))
}

// fill gives r the body of m, which one process moved.
func (m *Message) fill(r record.Record) record.Record {
	switch {
	case m.Flags&Cut != 0 && m.Flags&Malformed != 0 && m.Dir == Sent:
		r.Raw, r.Part = m.Body, true
	case m.Flags&Cut != 0 && m.Flags&Gap == 0 && m.Dir == Received:
		r.Event, r.Status, r.HasOff, r.Err = record.Fail, 0, false, "closed"
	case m.Flags&Undecoded == 0 && m.Flags&(Truncated|Gap|Cut) != 0:
		r.Part = true
		r.Msg = closed(m.Body, m.Dir == Received)
		if !hasMembers(r.Msg, `"id"`) {
			return lost(r)
		}
	case m.Flags&Undecoded != 0:
		return lost(r)
	case m.Flags&NotJSON == 0:
		r.Msg = m.Body
	case len(m.Body) > 0:
		r.Raw = m.Body
	default: // a line has to have a body
		r.Raw = strconv.AppendInt([]byte("HTTP "), int64(m.Status), 10)
	}
	return r
}

// lost stands for a record of which nothing can be said.
func lost(r record.Record) record.Record {
	return record.Record{
		Process: r.Process, Conn: r.Conn, Client: r.Client, Event: record.Lost, N: 1, Time: r.Time, Mono: r.Mono, TID: r.TID,
	}
}

// tornRecords appends a record for each process's part of m, in the order of
// the stream.
func tornRecords(dst []record.Record, m *Message, r record.Record, who func(pid int32) record.Process) []record.Record {
	r.Part = true
	secret := m.secret()
	for p := range m.Parts() {
		at := p.First
		if m.Dir == Received {
			at = p.Last
		}
		r.Process, r.TID, r.Time, r.Mono, r.Off = who(p.PID), int(p.TID), at.Time, at.Mono, p.Off
		r.Raw, r.Rest = m.part(p.Off, p.Off+p.Len), m.Dir == Received && p.Off > m.Off
		if secret {
			r.Raw = []byte(model.Redacted)
		}
		dst = append(dst, r)
	}
	return dst
}

// secret is whether the message has secrets: which of them a part has, it does
// not say itself.
func (m *Message) secret() bool { return !bytes.Equal(ethereum.Redact(m.Body), m.Body) }

// part is those bytes of the body that stand at from..to of the stream; nil
// where the body doesn't stand there as it is.
func (m *Message) part(from, to int64) []byte {
	if m.BodyOff < 0 {
		return nil
	}
	size := int64(len(m.Body))
	from, to = max(from-m.BodyOff, 0), min(to-m.BodyOff, size)
	if from >= to {
		return nil
	}
	return m.Body[from:to]
}
