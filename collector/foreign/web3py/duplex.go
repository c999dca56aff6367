package web3py

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/pylog"
	"github.com/sessiontop/sessiontop/collector/record"
)

// duplex is what is known of a process's persistent connections: the log has
// their requests with ids and parameters, and all that is read from them, though
// not from which of several.
type duplex struct {
	links  []link    // that are open
	opened int       // so far
	route  []routed  // requests whose connection is known and whose id is not yet
	early  []request // web3.py 6: whose id may not be final yet
	open   []request // that have no reply yet, the oldest first
}

// link is a persistent connection.
type link struct {
	uri  string
	name string // unlike any other's in the log
}

// routed is a request that is about to be written to a connection.
type routed struct{ uri, method string }

// request is one on a persistent connection.
type request struct {
	off    int64
	head   pylog.Head
	link   link
	id     string // JSON
	method string
	params []byte // JSON, nil where the log does not show them
	twin   bool   // another one had the same id meanwhile
}

// maxOpen bounds the requests of a process without a reply, and its connections.
const maxOpen = 1 << 10

// connected takes "Successfully connected to: …".
func (t *translator) connected(p *process, h pylog.Head, uri string) {
	d := &p.duplex
	d.opened++
	l := link{endpoint(uri), fmt.Sprintf("%s#%d of %d", uri, d.opened, p.pid)}
	d.links = last(append(d.links, l))
	r := t.on(p, l, h.Time)
	r.Event = record.Open
	t.out.Put(r)
}

// disconnected takes "Successfully disconnected from: …", which other providers
// write as well.
func (t *translator) disconnected(p *process, h pylog.Head, uri string) {
	d := &p.duplex
	i := slices.IndexFunc(d.links, func(l link) bool { return l.uri == endpoint(uri) })
	if i < 0 {
		return
	}
	t.flush(p, "", h.Time)
	if l := d.link(endpoint(uri)); l.name != "" {
		r := t.on(p, l, h.Time)
		for _, q := range d.open {
			if q.link == l { // given up before, which the log does not show
				r.Event, r.Err, r.ID = record.Fail, noReply, []byte(q.id)
				t.out.Put(r)
			}
		}
		r.Event, r.Err, r.ID = record.Close, "", nil
		t.out.Put(r)
		d.open = slices.DeleteFunc(d.open, func(q request) bool { return q.link == l })
	}
	d.links = slices.Delete(d.links, i, i+1)
}

// sends notes to which connection a request goes.
func (d *duplex) sends(uri, method string) {
	if len(uri) <= maxText && len(method) <= maxText {
		d.route = last(append(d.route, routed{endpoint(uri), method}))
	}
}

// link is the connection to an endpoint: only its URI is known where there are
// several, or the log does not show how it was opened.
func (d *duplex) link(uri string) link {
	found := link{uri: uri}
	for _, l := range d.links {
		if l.uri == uri {
			if found.name != "" {
				return link{uri: uri}
			}
			found = l
		}
	}
	return found
}

// linkOf is the connection of a request that has been written: the one that the
// newest line about a request with that method, or about a batch, has named.
func (d *duplex) linkOf(method string) link {
	for i := len(d.route) - 1; i >= 0; i-- {
		if r := d.route[i]; r.method == method || r.method == "" {
			if r.method != "" {
				d.route = slices.Delete(d.route, i, i+1)
			}
			return d.link(r.uri)
		}
	}
	return d.only()
}

// only is the process's only connection; nothing is known of it where there is
// another.
func (d *duplex) only() link {
	if len(d.links) == 1 {
		return d.links[0]
	}
	return link{}
}

// asked takes a request: "{'method': 'eth_call', 'params': [], 'response_formatters': …".
func (t *translator) asked(p *process, m *multi, info []byte) {
	l := &literal{src: info}
	if !bytes.HasPrefix(info, []byte("{'method': ")) || len(m.value) > maxText {
		t.out.Bad(m.off, "a request without its method")
		return
	}
	l.at = len("{'method': ")
	var method string
	if l.value() != nil || json.Unmarshal(l.dst, &method) != nil || len(method) > maxText {
		t.out.Bad(m.off, "a request without its method")
		return
	}
	q := request{off: m.off, head: m.head, id: jsonID(m.value), method: method}
	rest, ok := bytes.CutPrefix(info[l.at:], []byte(", 'params': "))
	if params := (&literal{src: rest}); ok && params.value() == nil {
		q.params = params.dst
	}
	switch {
	case string(m.value) == "None": // it will be sent in a batch, with an id
		return
	case m.early:
		p.duplex.early = last(append(p.duplex.early, q))
		return
	}
	q.link = p.duplex.linkOf(method)
	t.send(p, q)
}

// jsonID is an id as str writes it.
func jsonID(b []byte) string {
	if n, err := strconv.ParseInt(string(b), 10, 64); err == nil {
		return strconv.FormatInt(n, 10)
	}
	return string(appendString(nil, b))
}

// rename takes "[5] -> [6]": before a request is written, another one needs an
// answer, and gets its id.
func (t *translator) rename(p *process, ids []byte) {
	from, to, _ := strings.Cut(strings.Trim(string(ids), "[]"), "] -> [")
	early := p.duplex.early
	for i := len(early) - 1; i >= 0; i-- {
		if early[i].id == jsonID([]byte(from)) {
			early[i].id = jsonID([]byte(to))
			return
		}
	}
}

// making takes web3.py 6's line of a request that it sends now.
func (d *duplex) making(h pylog.Head, uri, method string) {
	for i := len(d.early) - 1; i >= 0; i-- {
		if q := &d.early[i]; q.method == method {
			q.head.Time, q.link = h.Time, d.link(endpoint(uri))
			return
		}
	}
}

// flush writes the requests whose id is final: that of a reply, and those that
// were made by the time until.
func (t *translator) flush(p *process, id string, until int64) {
	d := &p.duplex
	early := d.early
	d.early = nil
	for _, q := range early {
		if q.id != id && q.head.Time > until {
			d.early = append(d.early, q)
			continue
		}
		if q.link.uri == "" {
			q.link = d.linkOf(q.method)
		}
		t.send(p, q)
	}
}

// send writes a request.
func (t *translator) send(p *process, q request) {
	t.out.At(q.off)
	r := t.on(p, q.link, q.head.Time)
	r.Event = record.Send
	r.Msg = append(append([]byte(`{"jsonrpc":"2.0","id":`), q.id...), `,"method":`...)
	r.Msg = appendString(r.Msg, []byte(q.method))
	if q.params != nil {
		r.Msg = append(append(r.Msg, `,"params":`...), q.params...)
	}
	r.Msg = append(r.Msg, '}')
	t.out.Put(r)
	q.params = nil
	for i := range p.duplex.open {
		if other := &p.duplex.open[i]; other.id == q.id {
			other.twin, q.twin = true, true
		}
	}
	p.duplex.open = last(append(p.duplex.open, q))
}

// caught takes what was read from a connection.
func (t *translator) caught(p *process, m *multi, off int64, text []byte) {
	msg, id, err := toJSON(text)
	if err != nil {
		t.out.Bad(m.off, "the response cannot be read: %v", err)
		return
	}
	t.flush(p, string(id), math.MinInt64)
	t.out.At(off)
	switch m.kind {
	case answered:
		t.reply(p, m.head, msg, string(id))
	case batch:
		d := &p.duplex
		d.route = slices.DeleteFunc(d.route, func(r routed) bool { return r.method == "" })
		var items []json.RawMessage
		if json.Unmarshal(msg, &items) != nil { // an error for all of it
			items = []json.RawMessage{msg}
		}
		for _, item := range items {
			var of struct{ ID json.RawMessage }
			_ = json.Unmarshal(item, &of) // else it has no id
			t.reply(p, m.head, item, string(of.ID))
		}
	case notified:
		if l := p.duplex.only(); l.name != "" {
			r := t.on(p, l, m.head.Time)
			r.Event, r.Msg = record.Recv, msg
			t.out.Put(r)
		}
	}
}

// reply writes the reply to a request that waits for one; the library also reads
// replies to requests that it does not log. Where requests on several connections
// have the id, it cannot be told which of them it answers.
func (t *translator) reply(p *process, h pylog.Head, msg []byte, id string) {
	d := &p.duplex
	i := slices.IndexFunc(d.open, func(q request) bool { return q.id == id })
	if i < 0 {
		return
	}
	q := d.open[i]
	d.open = slices.Delete(d.open, i, i+1)
	r := t.on(p, q.link, h.Time)
	if q.twin {
		r.Event, r.Err, r.ID = record.Fail, "its reply in the log may be that of another connection", []byte(id)
	} else {
		r.Event, r.Msg = record.Recv, msg
		t.tell(p, q, h.Time)
	}
	t.out.Put(r)
}

// tell lets a node's log be held against the call.
func (t *translator) tell(p *process, q request, got int64) {
	if isIPC(q.link.uri) || q.link.uri == "" {
		return
	}
	t.calls.Add(foreign.Call{
		PID: p.pid, Client: t.client, Method: q.method, ID: q.id, Sure: true, Peer: hostOf(q.link.uri), Asked: q.head.Time, Got: got,
	})
}

// on is a record of what the process did on a connection.
func (t *translator) on(p *process, l link, at int64) record.Record {
	r := record.Record{Process: record.Process{PID: p.pid}, Time: at, URL: l.uri, Client: t.client}
	if l.name != "" {
		r.Session, r.Opener = l.name, p.pid
	}
	return r
}

// endpoint is a URI, or the path of a socket, as the session log names it.
func endpoint(uri string) string {
	if strings.HasPrefix(uri, "/") {
		return "ipc:" + uri
	}
	return uri
}

func isIPC(uri string) bool { return strings.HasPrefix(uri, "ipc:") }

// last keeps the newest of a list.
func last[T any](list []T) []T {
	if len(list) > maxOpen {
		return slices.Delete(list, 0, len(list)-maxOpen)
	}
	return list
}
