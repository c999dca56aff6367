// Package web3py reads web3.py's DEBUG logging, versions 5 to 8, with
// %(process)d in its format and urllib3's lines, if they are there, among it:
//
//	Making request HTTP. URI: http://127.0.0.1:8545, Method: eth_accounts
//	Getting response HTTP. URI: http://127.0.0.1:8545, Method: eth_accounts, Response: {'jsonrpc': '2.0', …}
//
// The reply stands there as a Python literal, with its id; the request's id and
// its parameters do not. The ids are counted as web3.py counts them (counter).
// The connection is known as far as urllib3's lines tell of it.
//
// Of WebsocketProvider, LegacyWebSocketProvider and IPCProvider the log has the
// requests alone. Replies on a WebSocket are read from the lines of the websockets
// library, as far as those show them whole, and errors from web3.py 7 on.
//
// Persistent connections (WebsocketProviderV2, WebSocketProvider, AsyncIPCProvider)
// log requests and replies in records of several lines, with ids and parameters
// (duplex).
package web3py

import (
	"bytes"
	"math"
	"net/url"
	"slices"

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
			return slices.ContainsFunc([][]byte{asking, getting, askingWS, askingIPC, caching, older, newer}, func(text []byte) bool {
				return bytes.Contains(head, text)
			})
		},
		New: func(out *foreign.Lines, src foreign.Source) foreign.Translator {
			t := &translator{
				out: out, heads: pylog.NewParser(src), conns: urllib3.NewConns(),
				procs: make(map[int]*process), client: unknown, calls: src.Calls,
			}
			return foreign.NewSplitter(out, t.line, t.end).OnIdle(func() { t.release(math.MaxInt64) })
		},
	}
}

// The texts of web3/providers, web3/_utils and web3/manager.py, of the websockets
// library's protocol, and the loggers by which versions are told apart.
var (
	asking    = []byte("Making request HTTP. URI: ")
	getting   = []byte("Getting response HTTP. URI: ")
	askingWS  = []byte("Making request WebSocket. URI: ")
	askingIPC = []byte("Making request IPC. Path: ")
	batching  = []byte("Making batch request ")
	failing   = []byte("RPC error response: ")
	frame     = []byte(" < TEXT ")
	cached    = []byte("Session cached: ")

	linked      = []byte("Successfully connected to: ")
	unlinked    = []byte("Successfully disconnected from: ")
	caching     = []byte("Caching request info:")
	bumping     = []byte("Caching internal request. Bumping original request in cache:")
	sends       = []byte("Sending request to open socket connection: ")
	sendsBatch  = []byte("Sending batch request to open socket connection: ")
	sends6      = []byte("Making request to open websocket connection - uri: ")
	caught      = []byte("Caching response:")
	caughtBatch = []byte("Caching batch response:")
	caughtEvent = []byte("Caching subscription response:")

	method   = []byte(", Method: ")
	method6  = []byte(", method: ")
	response = []byte(", Response: ")
	older    = []byte("web3.RequestManager") // 5 and 6
	newer    = []byte("web3.manager.RequestManager")

	before7Socket = []byte("WebsocketProviderV2")
	providers     = []byte("web3.providers.")
)

// texts are those that are looked for, in this order, by a word that they have.
var texts = [...]struct {
	word []byte
	all  [][]byte
}{
	{[]byte("Making "), [][]byte{asking, askingWS, askingIPC, batching, sends6}},
	{[]byte("Getting "), [][]byte{getting}},
	{[]byte("Caching "), [][]byte{caching, bumping, caught, caughtBatch, caughtEvent}},
	{[]byte("Sending "), [][]byte{sends, sendsBatch}},
	{[]byte("Successfully "), [][]byte{linked, unlinked}},
	{failing, [][]byte{failing}}, {frame, [][]byte{frame}}, {cached, [][]byte{cached}},
}

// versions are the loggers that only some versions have.
var versions = map[string][][]byte{
	before7: {older, before7Socket, []byte("web3.providers.WebsocketProvider")},
	since7:  {newer, []byte("web3.providers.WebSocketProvider"), []byte("web3.providers.AsyncIPCProvider"), []byte("LegacyWebSocketProvider")},
}

// The client as the session log names it.
const (
	unknown = "web3.py"
	before7 = "web3.py/6.x"
	since7  = "web3.py/7.x"
)

// translator turns the lines of one log into calls.
type translator struct {
	out    *foreign.Lines
	heads  *pylog.Parser
	conns  *urllib3.Conns
	procs  map[int]*process
	multi  multi      // the record of several lines that is being read
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
	if t.multi.kind != none && bytes.HasPrefix(line, indent) {
		t.more(off, line)
		return
	}
	t.multi.kind = none
	t.version(line)
	text, at := find(line)
	if at < 0 {
		if at = urllib3.Find(line); at >= 0 {
			t.connection(off, line, at)
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
	case &asking[0], &askingWS[0], &askingIPC[0]:
		if uri, name, ok := bytes.Cut(rest, method); ok {
			t.ask(p, off, head, endpoint(string(uri)), string(bytes.TrimSpace(name)))
		}
	case &getting[0]:
		t.answer(p, off, head, rest)
	case &failing[0]:
		t.failed(p, off, head, rest)
	case &frame[0]:
		t.framed(p, off, head, rest)
	case &batching[0]:
		p.ids.loose = true
	case &cached[0]:
		if uri, _, ok := bytes.Cut(rest, []byte(", ")); ok {
			t.conns.Cached(head, hostOf(string(uri)))
			p.reconnects(head.Thread)
			p.ids.renewed()
		}
	default:
		t.persistent(p, off, head, text, rest, line)
	}
}

// persistent takes a line about a persistent connection.
func (t *translator) persistent(p *process, off int64, h pylog.Head, text, rest, line []byte) {
	t.out.At(off)
	switch uri := string(bytes.TrimSpace(rest)); &text[0] {
	case &linked[0]:
		t.connected(p, h, uri)
	case &unlinked[0]:
		t.disconnected(p, h, uri)
	case &sendsBatch[0]:
		p.duplex.sends(uri, "")
	case &sends6[0]:
		if uri, name, ok := bytes.Cut(rest, method6); ok {
			p.duplex.making(h, string(uri), string(bytes.TrimSpace(name)))
		}
	default:
		t.begin(p, off, h, text, rest, line)
	}
}

// find is the text that the line has, and where.
func find(line []byte) (text []byte, at int) {
	for i := range texts {
		from := bytes.Index(line, texts[i].word)
		if from < 0 {
			continue
		}
		for _, text := range texts[i].all {
			if k := bytes.Index(line[from:], text); k >= 0 && mayHave(line, text) {
				return text, from + k
			}
		}
	}
	return nil, -1
}

// mayHave says whether a line with a text that others write as well is of the
// library that is meant.
func mayHave(line, text []byte) bool {
	switch &text[0] {
	case &frame[0]:
		return bytes.Contains(line, []byte("websockets."))
	case &linked[0], &unlinked[0]:
		return bytes.Contains(line, providers)
	}
	return true
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
	if t.client != unknown {
		return
	}
	for client, loggers := range versions {
		for _, name := range loggers {
			if bytes.Contains(line, name) {
				t.client = client
				return
			}
		}
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
	case u.Scheme == "https", u.Scheme == "wss":
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
