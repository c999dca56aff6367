// Package web3py reads web3.py's DEBUG logging, versions 5 to 8, with
// %(process)d in its format and urllib3's lines, if they are there, among it:
//
//	Making request HTTP. URI: http://127.0.0.1:8545, Method: eth_accounts
//	Getting response HTTP. URI: http://127.0.0.1:8545, Method: eth_accounts, Response: {'jsonrpc': '2.0', …}
//
// The reply stands there as a Python literal, with its id; the request's id and
// its parameters do not. The ids are counted as web3.py counts them (counter).
// The connection is known as far as urllib3's lines tell of it. Requests on
// WebSocket and IPC are logged without their replies, and are passed over.
package web3py

import (
	"bytes"
	"math"
	"net/url"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/pylog"
	"github.com/sessiontop/sessiontop/collector/foreign/urllib3"
)

// Format is the format of web3.py's DEBUG logging.
func Format() foreign.Format {
	return foreign.Format{
		Name: "web3py",
		What: "web3.py's DEBUG logging, with %(process)d",
		Sniff: func(head []byte) bool {
			return bytes.Contains(head, asking) || bytes.Contains(head, getting) || bytes.Contains(head, older) || bytes.Contains(head, newer)
		},
		New: func(out *foreign.Lines, src foreign.Source) foreign.Translator {
			t := &translator{
				out: out, heads: pylog.NewParser(src), conns: urllib3.NewConns(),
				procs: make(map[int]*process), client: "web3.py", calls: src.Calls,
			}
			return foreign.NewSplitter(out, t.line, t.end).OnIdle(func() { t.release(math.MaxInt64) })
		},
	}
}

// The texts of web3/providers/rpc (HTTPProvider and AsyncHTTPProvider) and
// web3/_utils, and the loggers by which versions are told apart.
var (
	asking   = []byte("Making request HTTP. URI: ")
	getting  = []byte("Getting response HTTP. URI: ")
	batching = []byte("Making batch request HTTP")
	cached   = []byte("Session cached: ")
	method   = []byte(", Method: ")
	response = []byte(", Response: ")
	older    = []byte("web3.RequestManager") // 5 and 6
	newer    = []byte("web3.manager.RequestManager")
)

// The client as the session log names it.
const (
	before7 = "web3.py/6.x"
	since7  = "web3.py/7.x"
)

// translator turns the lines of one log into calls.
type translator struct {
	out    *foreign.Lines
	heads  *pylog.Parser
	conns  *urllib3.Conns
	procs  map[int]*process
	fresh  bool       // a child has read a reply with the id 0: it, or another, has a provider of its own
	elders []*process // the first that were seen, of which the others may be children
	client string
	calls  *foreign.Calls
	aged   int64 // when what was held for long was last looked for, in the log's time
	held   int   // bytes of the calls that are not written yet, about
}

const (
	// maxProcesses bounds the processes that are known; past it all are let go.
	maxProcesses = 1 << 14
	maxElders    = 4
	// maxHeld bounds the calls that are held, in bytes; past it all are written.
	maxHeld = 16 << 20
	// patience is how long an answered call is held for what later ones say of
	// its id, in nanoseconds.
	patience = int64(1e9)
)

func (t *translator) line(off int64, line []byte) {
	text, at := find(line)
	if at < 0 {
		if at = urllib3.Find(line); at >= 0 {
			t.connection(off, line, at)
		} else {
			t.version(line)
		}
		return
	}
	head, why := t.heads.Head(line[:at])
	if why != "" {
		t.out.Bad(off, "%s", why)
		return
	}
	t.conns.Seen(head)
	if head.Time-t.aged > patience || head.Time < t.aged {
		t.aged = head.Time
		t.release(head.Time - patience)
	}
	p, rest := t.process(head.PID), line[at+len(text):]
	switch &text[0] {
	case &asking[0]:
		if uri, name, ok := bytes.Cut(rest, method); ok {
			t.ask(p, off, head, string(uri), string(bytes.TrimSpace(name)))
		}
	case &getting[0]:
		t.answer(p, off, head, rest)
	case &batching[0]:
		p.ids.loose = true
	case &cached[0]:
		if uri, _, ok := bytes.Cut(rest, []byte(", ")); ok {
			t.conns.Cached(head, hostOf(string(uri)))
			p.reconnects(head.Thread)
			p.ids.renewed()
		}
	}
}

// find is the text of web3.py's that the line has, and where.
func find(line []byte) (text []byte, at int) {
	for _, text := range [][]byte{asking, getting, batching, cached} {
		if i := bytes.Index(line, text); i >= 0 {
			return text, i
		}
	}
	return nil, -1
}

// connection takes in a line of urllib3's.
func (t *translator) connection(off int64, line []byte, at int) {
	head, why := t.heads.Head(line[:at])
	if why != "" {
		t.out.Bad(off, "%s", why)
		return
	}
	p := t.process(head.PID)
	switch n := t.conns.Note(head, line[at:]); {
	case n.Opened:
		r := n.Record(head)
		r.Client = t.client
		t.out.Put(r)
	case n.Dropped:
		p.reconnects(head.Thread)
	}
}

// version tells the client's version by the name of a logger: 5 and 6 write the
// same.
func (t *translator) version(line []byte) {
	switch {
	case bytes.Contains(line, newer):
		t.client = since7
	case bytes.Contains(line, older):
		t.client = before7
	}
}

// hostOf is the host:port of an endpoint, as urllib3 writes it.
func hostOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return uri
	}
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return u.Hostname() + ":" + port
}

// process is the state of a process; the first time that one is seen, its
// providers may be copies of another's.
func (t *translator) process(pid int) *process {
	if p := t.procs[pid]; p != nil {
		return p
	}
	if len(t.procs) >= maxProcesses {
		t.end()
		clear(t.procs)
		t.elders = nil
	}
	p := &process{pid: pid}
	if t.client != since7 { // there a session that is cached shows a new provider
		p.ids.starts = []int64{0}
	}
	for i, other := range t.elders {
		if i == 0 { // the parent, most likely, whose count p's goes on from
			t.settle(other, math.MaxInt64)
		}
		p.ids.starts = append(p.ids.starts, other.ids.next...)
	}
	if len(t.elders) < maxElders {
		t.elders = append(t.elders, p)
	}
	t.procs[pid] = p
	return p
}
