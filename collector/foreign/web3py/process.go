package web3py

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/pylog"
	"github.com/sessiontop/sessiontop/collector/foreign/urllib3"
	"github.com/sessiontop/sessiontop/collector/record"
)

// process is what is known of one process: the calls that are not written yet,
// in the order of their requests.
type process struct {
	pid     int
	ids     counter
	duplex  duplex
	calls   []*call
	overlap bool // several of its calls were in flight together
}

// call is a request with its reply, if the log has it.
type call struct {
	thread  int64
	from    int64 // where the request's line begins in the log
	to      int64 // where the reply's does
	asked   int64
	uri     string
	method  string
	over    bool // it has its reply, or gets none
	got     int64
	id      replyID
	msg     []byte // the reply, nil where there is none
	err     string // why there is none
	session urllib3.Session
	failed  urllib3.Session // on which it was sent first, if it was sent again
}

// pooled says that it goes over one of urllib3's connections.
func (c *call) pooled() bool { return strings.HasPrefix(c.uri, "http") }

// size is about how many bytes the call takes.
func (c *call) size() int { return 256 + len(c.uri) + len(c.method) + len(c.msg) }

// reconnects notes that a thread's request goes on a new connection.
func (p *process) reconnects(thread int64) {
	for _, c := range p.calls {
		if !c.over && c.thread == thread {
			c.session = urllib3.Session{}
		}
	}
}

// noReply is why a call has none, as far as the log tells.
const noReply = "no reply is in the log"

const (
	// maxCalls bounds the calls of a process that are held.
	maxCalls = 256
	// maxText bounds a URI and a method.
	maxText = 4096
)

// ask takes in a request.
func (t *translator) ask(p *process, off int64, h pylog.Head, uri, method string) {
	if len(uri) > maxText || len(method) > maxText {
		return
	}
	for _, c := range p.calls {
		// A thread asks when it has its last reply, or is given an error.
		if !c.over && c.thread == h.Thread && (h.Thread != 0 || isIPC(c.uri) && isIPC(uri)) {
			t.giveUp(c, h, h.Time)
			if c.pooled() {
				t.conns.Failed(h, hostOf(c.uri))
			}
		}
	}
	c := &call{thread: h.Thread, from: off, to: off, asked: h.Time, uri: uri, method: method}
	if c.pooled() {
		c.session = t.conns.Last(h, hostOf(uri))
	}
	p.calls = append(p.calls, c)
	t.held += p.calls[len(p.calls)-1].size()
	t.settle(p, math.MinInt64)
	for len(p.calls) > maxCalls {
		t.write(p, 0, t.sure(p, 0))
	}
	if t.held > maxHeld {
		t.end()
	}
}

// giveUp notes that the log has no reply to the call, after which the process
// asked again at the time next.
func (t *translator) giveUp(c *call, h pylog.Head, next int64) {
	c.over, c.got, c.err = true, next, noReply
	if c.session.Name == "" && c.pooled() {
		if s := t.conns.Use(h, hostOf(c.uri)); s.Opened < next { // else it is the next call's
			c.session = s
		}
	}
}

// answer takes in a reply: the line names the request's method, not its id.
func (t *translator) answer(p *process, off int64, h pylog.Head, rest []byte) {
	uri, rest, ok := bytes.Cut(rest, method)
	name, literal, ok2 := bytes.Cut(rest, response)
	if !ok || !ok2 {
		t.out.Bad(off, "no method or no response in the line")
		return
	}
	i := p.waiting(h.Thread, string(uri), string(name))
	if i < 0 {
		return // asked before the log begins
	}
	msg, id, err := toJSON(literal)
	if err != nil {
		t.out.Bad(off, "the response cannot be read: %v", err)
		t.got(p, i, off, h, nil, nil, "the reply in the log cannot be read")
		return
	}
	t.got(p, i, off, h, msg, id, "")
}

// got notes the reply to the process's call at i, or why it is not known.
func (t *translator) got(p *process, i int, off int64, h pylog.Head, msg, id []byte, err string) {
	c := p.calls[i]
	passed := t.notePassed(p, i, h)
	before := c.session
	c.over, c.to, c.got = true, off, h.Time
	if c.pooled() {
		c.session = t.conns.Use(h, hostOf(c.uri))
	}
	if before.Name != "" && before.Name != c.session.Name && !passed {
		c.failed = before
	}
	c.msg, c.err = msg, err
	t.held += len(msg)
	if n, err := strconv.ParseInt(string(id), 10, 64); err == nil {
		c.id = replyID{id: n, known: true}
		t.fresh = t.fresh || n == 0 && c.session.Name != "" && c.session.Opener != p.pid
	}
	t.settle(p, math.MinInt64)
}

// waiting is the call that a reply is for, -1 if none waits for it: the last of
// its kind, unless several have been in flight together.
func (p *process) waiting(thread int64, uri, method string) int {
	found := -1
	for i, c := range p.calls {
		if !c.over && c.method == method && c.uri == uri && c.thread == thread && (found < 0 || !p.overlap) {
			found = i
		}
	}
	return found
}

// notePassed looks at the calls before the one that has its reply now. A process
// that has never had two in flight got none to those; any says that there are some.
func (t *translator) notePassed(p *process, i int, h pylog.Head) (any bool) {
	p.overlap = p.overlap || slices.ContainsFunc(p.calls[i+1:], func(c *call) bool { return !c.over })
	if p.overlap || h.Thread != 0 {
		return false
	}
	for _, c := range p.calls[:i] {
		if !c.over {
			t.giveUp(c, h, p.calls[i].asked)
			any = true
		}
	}
	return any
}

// settle writes the calls that are over and whose id is sure, or that were over
// by the time until.
func (t *translator) settle(p *process, until int64) {
	for i := 0; i < len(p.calls); {
		c := p.calls[i]
		if !c.over {
			i++
			continue
		}
		id, sure := t.id(p, i, c.got <= until)
		if !sure {
			return
		}
		t.write(p, i, id)
	}
}

// release writes the calls that were over by the time until.
func (t *translator) release(until int64) {
	for _, pid := range slices.Sorted(maps.Keys(t.procs)) {
		p := t.procs[pid]
		t.settle(p, until)
		if len(p.duplex.early) > 0 {
			t.flush(p, "", until)
		}
	}
}

// id is the id of the process's call at i.
func (t *translator) id(p *process, i int, final bool) (id int64, sure bool) {
	c, waiting, later := p.calls[i], 0, make([]replyID, 0, horizon)
	for k, other := range p.calls {
		switch {
		case !other.over:
			waiting++
		case k > i && len(later) < horizon-1:
			other.id.after = k - i
			later = append(later, other.id)
		}
	}
	on := anyConnection
	switch {
	case t.conns.Alone(p.pid, c.session):
		on = ownConnection
	case c.session.Name != "":
		on = parents
	}
	p.ids.fresh = t.fresh && t.client != since7
	return p.ids.id(replyID{c.id.id, c.id.known, 0}, on, waiting, later, final)
}

// sure is the id of the call at i, by what is known now.
func (t *translator) sure(p *process, i int) int64 {
	id, _ := t.id(p, i, true)
	return id
}

// write writes the call at i and lets go of it.
func (t *translator) write(p *process, i int, id int64) {
	c := p.calls[i]
	p.calls = slices.Delete(p.calls, i, i+1)
	t.held -= c.size()
	t.out.At(c.from)
	base := c.session.Put(record.Record{Process: record.Process{PID: p.pid}, URL: c.uri, Client: t.client})
	number := strconv.AppendInt(nil, id, 10)
	if !isIPC(c.uri) {
		asked := foreign.Call{
			PID: p.pid, Client: t.client, Method: c.method, ID: string(number), Peer: hostOf(c.uri), Asked: c.asked, Got: max(c.got, c.asked),
		}
		if again := c.session.Opened; c.failed.Name != "" {
			first := asked
			first.Got, asked.Asked = again, again
			t.calls.Add(first)
		}
		t.calls.Add(asked)
	}
	send := base
	send.Event, send.Time = record.Send, c.asked
	send.Msg = append(append([]byte(`{"jsonrpc":"2.0","id":`), number...), `,"method":`...)
	send.Msg = append(appendString(send.Msg, []byte(c.method)), '}')
	if c.failed.Name != "" { // web3.py 7 sends again by itself
		first, failed := c.failed.Put(send), c.failed.Put(base)
		failed.Event, failed.Time, failed.Err, failed.ID = record.Fail, c.session.Opened, noReply, number
		t.out.Put(first)
		t.out.Put(failed)
		send.Time = c.session.Opened
	}
	t.out.Put(send)
	t.out.At(c.to)
	switch base.Time = c.got; {
	case c.msg != nil:
		base.Event, base.Msg = record.Recv, c.msg
	case c.err != "":
		base.Event, base.Err, base.ID = record.Fail, c.err, number
	default:
		return // it was in flight when the log ended
	}
	t.out.Put(base)
}

// end writes all that is held: the log is over.
func (t *translator) end() {
	t.release(math.MaxInt64)
	for _, pid := range slices.Sorted(maps.Keys(t.procs)) {
		p := t.procs[pid]
		for len(p.calls) > 0 {
			t.write(p, 0, t.sure(p, 0))
		}
		t.flush(p, "", math.MaxInt64)
	}
}
