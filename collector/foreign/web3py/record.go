package web3py

import (
	"bytes"

	"github.com/sessiontop/sessiontop/collector/foreign/pylog"
)

// multi is a log record of several lines, as web3.py's persistent connections
// write them, while it is read:
//
//	… DEBUG web3.providers.WebSocketProvider: Caching response:
//	    response_id=0,
//	    cache_key=cfcd208495d565ef66e7dff9f98764da,
//	    response={'jsonrpc': '2.0', 'id': 0, 'result': '0x539'}
type multi struct {
	kind  kind
	off   int64 // of its first line
	head  pylog.Head
	value []byte // what an earlier line has said
	early bool   // the id is not final yet (web3.py 6)
}

// kind is what a record of several lines tells.
type kind uint8

const (
	none     kind = iota
	asked         // a request, its id and its parameters
	renamed       // an id that was not final
	sending       // the connection of a request
	answered      // a reply
	batch         // the replies to a batch
	notified      // a notification
)

var indent = []byte("    ")

// begin takes the first line of a record, of which the text is the beginning and
// rest what follows it.
func (t *translator) begin(p *process, off int64, h pylog.Head, text, rest []byte, line []byte) {
	m := multi{off: off, head: h, early: bytes.Contains(line, before7Socket)}
	switch &text[0] {
	case &caching[0]:
		m.kind = asked
	case &bumping[0]:
		m.kind = renamed
	case &caught[0]:
		m.kind = answered
	case &caughtBatch[0]:
		m.kind = batch
	case &caughtEvent[0]:
		m.kind = notified
	case &sends[0]:
		m.kind, m.value = sending, bytes.Clone(bytes.TrimSuffix(rest, []byte(",")))
	}
	t.multi = m
}

// more takes a further line of the record at hand.
func (t *translator) more(off int64, line []byte) {
	m := &t.multi
	key, value, _ := bytes.Cut(bytes.TrimSpace(line), []byte("="))
	if m.kind == sending {
		key, value, _ = bytes.Cut(bytes.TrimSpace(line), []byte(": "))
	}
	p := t.process(m.head.PID)
	switch string(key) {
	case "request_id":
		m.value = bytes.Clone(bytes.TrimSuffix(value, []byte(",")))
		if m.kind == renamed {
			t.rename(p, m.value)
		}
	case "method":
		if m.kind != sending {
			return
		}
		p.duplex.sends(string(m.value), string(bytes.TrimSuffix(value, []byte(","))))
	case "request_info":
		if m.kind == asked {
			t.asked(p, m, value)
		}
	case "response":
		if m.kind >= answered {
			t.caught(p, m, off, value)
		}
	}
}
