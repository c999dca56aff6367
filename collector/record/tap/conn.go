package tap

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
)

// DialFunc opens a connection, as net.Dialer.DialContext and
// tls.Dialer.DialContext do.
type DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error)

// Dialer returns a DialFunc that opens connections as dial does and records
// what passes them, with url as their endpoint ("" for a Unix socket, whose
// path says it).
func Dialer(dial DialFunc, w *record.Writer, url string) DialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return Conn(c, w, url), nil
	}
}

// Conn returns a connection that is c and records the JSON-RPC messages which
// pass it from now on: c has just been opened by this process, and nothing was
// sent or read. Its methods may be called from the goroutines from which c's
// may be.
func Conn(c net.Conn, w *record.Writer, url string) net.Conn {
	t := &conn{Conn: c, w: w, assembler: wire.New(wire.Options{MaxConns: 1})}
	t.common = record.Record{Conn: record.ConnOf(c), Opener: os.Getpid(), URL: url}
	return t
}

// only is the key of the Assembler's one connection.
const only = 1

type conn struct {
	net.Conn
	w *record.Writer

	mu        sync.Mutex // reads and writes come from different goroutines
	assembler *wire.Assembler
	common    record.Record // what all records have in common
	records   []record.Record
	begun     bool // a message has passed
	ended     bool
}

// NetConn is the connection that is recorded.
func (c *conn) NetConn() net.Conn { return c.Conn }

func (c *conn) Write(p []byte) (int, error) {
	c.pass(wire.Sent, p)
	n, err := c.Conn.Write(p)
	c.check(err)
	return n, err
}

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.pass(wire.Received, p[:n])
	c.check(err)
	return n, err
}

func (c *conn) Close() error {
	c.end("")
	return c.Conn.Close()
}

// pass records the messages that p completes.
func (c *conn) pass(dir wire.Dir, p []byte) {
	if len(p) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return
	}
	wall, mono := record.Now()
	ch := wire.Chunk{Conn: only, Time: wall, Mono: mono, Dir: dir, Data: p, PID: int32(os.Getpid())}
	c.assembler.Feed(ch, c.emit)
}

// check ends the recording where the connection has broken. A deadline that
// has passed says nothing about it.
func (c *conn) check(err error) {
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		c.end(record.Fault(err))
	}
}

// end records that there will be no more messages, and why.
func (c *conn) end(fault string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return
	}
	c.ended = true
	c.assembler.Close(only, c.emit)
	if !c.begun {
		return
	}
	if fault != "" {
		c.write(record.Record{Event: record.Fail, Err: fault})
	}
	c.write(record.Record{Event: record.Close})
}

// emit records a message.
func (c *conn) emit(m wire.Message) {
	who := func(int32) record.Process { return record.Process{} } // the Writer knows
	c.records = wire.Records(c.records[:0], &m, who, c.common.Conn)
	for _, r := range c.records {
		if !c.begun {
			c.begun = true
			c.common.Client = record.CallingClient()
			c.write(record.Record{Event: record.Open, Time: r.Time, Mono: r.Mono})
		}
		c.write(r)
	}
	clear(c.records) // they alias the message
}

// write completes r with what all records of the connection have in common.
func (c *conn) write(r record.Record) {
	r.Conn, r.Opener, r.URL, r.Client = c.common.Conn, c.common.Opener, c.common.URL, c.common.Client
	c.w.Write(r)
}
