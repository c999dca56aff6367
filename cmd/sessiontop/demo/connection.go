package demo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/sessiontop/sessiontop/collector/record"
)

const (
	readBuffer = 4096                   // as much as is read at once
	maxReply   = 16 << 20               // bytes of a body
	lastCall   = 200 * time.Millisecond // for a reply, once the worker is to end
)

// roundTrip writes a request and reads the next reply, whosever it is.
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
