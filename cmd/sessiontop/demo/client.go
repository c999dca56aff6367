package demo

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/sessiontop/sessiontop/collector/record"
)

// client is a blocking JSON-RPC client over one HTTP/1.1 connection, as
// scripts have it: it writes a request, reads one reply, and takes it for the
// answer without a look at its id. It belongs to one goroutine.
type client struct {
	ctx     context.Context // of the worker: once it is done, no call begins
	log     *record.Writer
	url     string
	timeout time.Duration
	nextID  uint64
	calls   uint64 // since the start

	conn   net.Conn // nil: opened for the next call
	name   record.Conn
	opener int
	// Bytes of this connection so far. Only who opened it, and has it alone,
	// knows them.
	sent, received int64
}

const (
	readBuffer = 4096                   // as much as is read at once
	maxReply   = 16 << 20               // bytes of a body
	lastCall   = 200 * time.Millisecond // for a reply, once the worker is to end
)

// request is a JSON-RPC 2.0 request.
type request struct {
	Version string `json:"jsonrpc"`
	ID      uint64 `json:"id"`
	Method  string `json:"method"`
	Params  []any  `json:"params"`
}

// reply is a JSON-RPC 2.0 reply as such a client reads it.
type reply struct {
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

func (c *client) request(method string, params []any) request {
	if params == nil {
		params = []any{}
	}
	r := request{"2.0", c.nextID, method, params}
	c.nextID++
	c.calls++
	return r
}

// call makes one call and decodes its result.
func (c *client) call(result any, method string, params ...any) error {
	r := c.request(method, params)
	var got reply
	if err := c.exchange(r, &got, r.ID); err != nil {
		return err
	}
	return got.decode(result)
}

// batch makes calls of one method in one message, and is their replies.
func (c *client) batch(method string, params [][]any) ([]reply, error) {
	var requests []request
	for _, p := range params {
		requests = append(requests, c.request(method, p))
	}
	var got []reply
	err := c.exchange(requests, &got, requests[0].ID)
	return got, err
}

func (r reply) decode(result any) error {
	if r.Error != nil {
		return errors.New(r.Error.Message)
	}
	return json.Unmarshal(r.Result, result)
}

// exchange writes a message, reads the next reply, and logs both. Where no
// reply can be read the connection is given up, as HTTP clients do.
func (c *client) exchange(message, answer any, id uint64) error {
	body, err := json.Marshal(message)
	if err = errors.Join(err, c.ctx.Err()); err != nil {
		return err
	}
	var status int
	var got []byte
	if err = c.open(); err == nil {
		status, got, err = c.roundTrip(body)
	}
	if err != nil {
		c.log.Write(c.line(record.Record{Event: record.Fail, Err: reason(err), ID: strconv.AppendUint(nil, id, 10)}))
		c.close()
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("HTTP status %d", status)
	}
	return json.Unmarshal(got, answer)
}

func (c *client) roundTrip(body []byte) (status int, got []byte, err error) {
	conn := c.conn
	if err := conn.SetDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, nil, err
	}
	defer context.AfterFunc(c.ctx, func() {
		_ = conn.SetDeadline(time.Now().Add(lastCall)) // it may be closed by now
	})()
	c.log.Write(c.line(record.Record{Event: record.Send, Msg: body, Off: c.sent}))
	n, err := conn.Write(c.httpRequest(body)) // header and body at once
	c.sent += int64(n)
	if err != nil {
		return 0, nil, err
	}
	// A reader of its own for every reply: what it reads past the reply's end
	// is lost with it, as in Python's http.client.
	in := &counter{conn: conn}
	response, err := http.ReadResponse(bufio.NewReaderSize(in, readBuffer), nil)
	if err != nil {
		return 0, nil, err
	}
	got, err = io.ReadAll(io.LimitReader(response.Body, maxReply))
	if err != nil {
		return 0, nil, err
	}
	c.log.Write(c.line(record.Record{Event: record.Recv, Status: response.StatusCode, Msg: got, Off: c.received}))
	c.received += in.n
	if response.Close {
		c.close()
	}
	return response.StatusCode, got, nil
}

func (c *client) httpRequest(body []byte) []byte {
	host := strings.TrimPrefix(c.url, "http://")
	b := fmt.Appendf(nil, "POST / HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", host, len(body))
	return append(b, body...)
}

// line completes a line about the connection.
func (c *client) line(r record.Record) record.Record {
	r.Conn, r.Opener, r.URL = c.name, c.opener, c.url
	r.HasOff = c.opener == os.Getpid() && (r.Event == record.Send || r.Event == record.Recv)
	return r
}

// open connects, unless the client is connected.
func (c *client) open() error {
	if c.conn != nil {
		return nil
	}
	endpoint, err := url.Parse(c.url)
	if err != nil {
		return err
	}
	conn, err := (&net.Dialer{Timeout: c.timeout}).DialContext(c.ctx, "tcp", endpoint.Host)
	if err != nil {
		return err
	}
	c.use(conn, os.Getpid())
	c.log.Write(c.line(record.Record{Event: record.Open}))
	return nil
}

// use takes a connection that this process, or another, has opened.
func (c *client) use(conn net.Conn, opener int) {
	c.conn, c.name, c.opener = conn, record.ConnOf(conn), opener
	c.sent, c.received = 0, 0
}

// close closes this process's descriptor; others may still have theirs.
func (c *client) close() {
	if c.conn == nil {
		return
	}
	c.log.Write(c.line(record.Record{Event: record.Close}))
	_ = c.conn.Close()
	c.conn, c.name, c.opener = nil, record.Conn{}, 0
}

// counter counts the bytes read from a connection.
type counter struct {
	conn net.Conn
	n    int64
}

func (r *counter) Read(p []byte) (int, error) {
	n, err := r.conn.Read(p)
	r.n += int64(n)
	return n, err
}

// reason is why there was no reply, in the session log's words.
func reason(err error) string {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "timeout"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "reset"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return "closed"
	}
	return err.Error()
}
