package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
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
