package har

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sessiontop/sessiontop/collector/record"
)

// entry is what matters of one entry of an archive.
type entry struct {
	Started time.Time `json:"startedDateTime"`
	Time    float64   `json:"time"` // milliseconds
	Request struct {
		URL  string `json:"url"`
		Post struct {
			Text string `json:"text"`
		} `json:"postData"`
	} `json:"request"`
	Response struct {
		Status  int     `json:"status"`       // 0 or less: there is no response
		Error   string  `json:"_error"`       // Chrome
		Failure string  `json:"_failureText"` // Playwright
		Content content `json:"content"`
	} `json:"response"`
	Connection   string    `json:"connection"`    // Chrome, Firefox: the server's port
	ConnectionID string    `json:"_connectionId"` // Chrome
	Messages     []message `json:"_webSocketMessages"`
	// What this program's own archives say besides.
	PID     int    `json:"_pid"`
	Reader  int    `json:"_readerPid"`
	Session string `json:"_session"`
	Error   string `json:"_error"`
}

// content is a body.
type content struct {
	Size     int64  `json:"size"`
	Text     string `json:"text"`
	Encoding string `json:"encoding"` // base64, or none
}

// message is one of a WebSocket's.
type message struct {
	Type   string  `json:"type"` // send or receive
	Time   float64 `json:"time"` // since 1970: seconds, Playwright: milliseconds
	Opcode int     `json:"opcode"`
	Data   string  `json:"data"`
}

// opText is the opcode of a text message (RFC 6455, 5.2).
const opText = 1

// browser is the PID of an archive's one process.
const browser = 1

func (t *translator) creator(object []byte) {
	var c struct{ Name string }
	if json.Unmarshal(object, &c) == nil {
		t.comm = strings.ToLower(c.Name[:min(len(c.Name), 64)])
	}
}

// entry takes in one entry.
func (t *translator) entry(off int64, object []byte) {
	var e entry
	if err := json.Unmarshal(object, &e); err != nil {
		t.out.Bad(off, "an entry that cannot be read: %v", err)
		return
	}
	if e.Started.IsZero() {
		t.out.Bad(off, "an entry without startedDateTime")
		return
	}
	t.pending.release(t.out, true, e.Started.UnixNano())
	base := record.Record{
		Process: record.Process{PID: max(e.PID, 0)},
		Time:    e.Started.UnixNano(), URL: e.Request.URL, Session: e.session(off),
	}
	if base.PID == 0 {
		base.Process = record.Process{Host: t.name, PID: browser, Comm: t.comm}
	}
	if local, peer, ok := strings.Cut(e.Session, ">"); ok && local != "" && peer != "" {
		base.Local, base.Peer, base.Session = local, peer, ""
	}
	if len(e.Messages) > 0 {
		t.socket(&e, off, base)
		return
	}
	t.exchange(&e, off, base)
}

// session is the name of the connection: the archive's own, if it has one.
func (e *entry) session(off int64) string {
	host, port := e.Request.URL, ""
	if u, err := url.Parse(host); err == nil {
		host, port = u.Host, portOf(u)
	}
	switch {
	case e.Session != "":
		return e.Session
	case len(e.Messages) > 0: // an entry is a connection
		return fmt.Sprintf("%s, entry at %d", host, off)
	case e.ConnectionID != "":
		return "connection " + e.ConnectionID + " to " + host
	case e.Connection != "" && e.Connection != port:
		return "connection " + e.Connection + " to " + host
	}
	return ""
}

// portOf is the server's port.
func portOf(u *url.URL) string {
	if u.Port() == "" {
		return map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Port()
}

// exchange takes in a request and its response.
func (t *translator) exchange(e *entry, off int64, base record.Record) {
	asked := []byte(e.Request.Post.Text)
	if !isCall(asked) {
		if isBegun(asked) {
			t.out.Bad(off, "a JSON-RPC request whose body is not whole")
		}
		return
	}
	send := base
	send.Event, send.Msg = record.Send, asked
	t.pending.add(send, off)
	base.Time += milliseconds(e.Time)
	base.Event, base.Status = record.Recv, max(e.Response.Status, 0)
	base.PID = cmp.Or(max(e.Reader, 0), base.PID)
	body, err := e.Response.Content.bytes()
	switch {
	case err != nil:
		t.out.Bad(off, "a response body that cannot be read: %v", err)
		return
	case len(body) > 0 && json.Valid(body):
		base.Msg = body
	case len(body) > 0 && !t.isCut(&e.Response.Content, body):
		base.Raw = body
	default:
		base.Event, base.Status = record.Fail, 0
		base.Err = cmp.Or(e.Error, e.Response.Error, e.Response.Failure, e.missing(body))
		base.ID = idOf(asked)
	}
	t.pending.add(base, off)
}

// missing says why there is no body, or none that is whole.
func (e *entry) missing(body []byte) string {
	switch {
	case e.Response.Status <= 0:
		return "no response"
	case len(body) > 0:
		return "the archive has only the beginning of the response's body"
	}
	return "the archive does not have the response's body"
}

// milliseconds is a duration in nanoseconds; what is none is 0.
func milliseconds(ms float64) int64 {
	if !(ms > 0 && ms < math.MaxInt32) {
		return 0
	}
	return int64(ms * 1e6)
}

// bytes is the body as it was.
func (c *content) bytes() ([]byte, error) {
	if c.Encoding == "base64" {
		return base64.StdEncoding.DecodeString(c.Text)
	}
	return []byte(c.Text), nil
}

// firefoxKeeps is how much Firefox keeps of a body, in bytes
// (devtools.netmonitor.responseBodyLimit).
const firefoxKeeps = 1 << 20

// isCut says whether a body, which is not JSON, is not as it was: there is less
// of it than its size, or Firefox kept only some, which 153 makes up for with NULs
// or with what comes of unpacking them.
func (t *translator) isCut(c *content, body []byte) bool {
	return int64(len(body)) < c.Size || t.comm == "firefox" && c.Size > firefoxKeeps
}

// socket takes in the messages of a WebSocket, if JSON-RPC is spoken on it.
func (t *translator) socket(e *entry, off int64, base record.Record) {
	if !slices.ContainsFunc(e.Messages, func(m message) bool { return m.Type == "send" && isCall([]byte(m.Data)) }) {
		return
	}
	if rest, ok := strings.CutPrefix(base.URL, "http"); ok { // mitmproxy
		base.URL = "ws" + rest
	}
	opened := base
	opened.Event = record.Open
	t.pending.add(opened, off)
	for i := range e.Messages {
		m := &e.Messages[i]
		data := []byte(m.Data)
		if m.Opcode != opText && m.Opcode != 0 || !isMessage(data) {
			continue
		}
		r := base
		r.Event, r.Msg = record.Send, data
		if m.Type != "send" {
			r.Event = record.Recv
		}
		r.Time = cmp.Or(m.when(), r.Time)
		t.pending.add(r, off)
	}
}

// rpc is what tells a JSON-RPC message from other JSON; version 1.0 has no
// "jsonrpc".
type rpc struct {
	Version string          `json:"jsonrpc"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
	ID      json.RawMessage `json:"id"`
}

// parse reads a body, or the first of a batch; ok is false where it is neither.
func parse(body []byte) (m rpc, batch, ok bool) {
	body = bytes.TrimLeft(body, " \t\r\n")
	if len(body) == 0 || body[0] != '[' {
		return m, false, json.Unmarshal(body, &m) == nil
	}
	var all []rpc
	if json.Unmarshal(body, &all) != nil || len(all) == 0 {
		return m, true, false
	}
	return all[0], true, true
}

// when is the message's time in Unix nanoseconds, 0 where it has none.
func (m *message) when() int64 {
	switch s := m.Time; {
	case s > 0 && s < math.MaxUint32:
		return int64(s*1e6) * 1000 // a float64 has microseconds to this day
	case s > 0 && s < math.MaxUint32*1e3:
		return int64(s*1e3) * 1000
	}
	return 0
}

// isCall says whether a body is a JSON-RPC call, or a batch of them.
func isCall(body []byte) bool {
	m, _, ok := parse(body)
	return ok && m.Method != "" && (m.Version != "" || m.Params != nil)
}

// isBegun says whether a body begins like a JSON-RPC call and is not JSON: Firefox
// cuts it after 1 MiB.
func isBegun(body []byte) bool {
	return bytes.Contains(body[:min(len(body), 256)], []byte(`"jsonrpc"`)) && !json.Valid(body)
}

// isMessage says whether it is any message of JSON-RPC.
func isMessage(body []byte) bool {
	m, _, ok := parse(body)
	return ok && (m.Version != "" || m.Method != "" && m.Params != nil)
}

// idOf is the id of a call as JSON, nil for a batch.
func idOf(body []byte) []byte {
	m, batch, _ := parse(body)
	if batch {
		return nil
	}
	return m.ID
}
