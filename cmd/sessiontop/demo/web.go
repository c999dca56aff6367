package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/sessiontop/sessiontop/collector/record"
)

func (w *worker) client(ctx context.Context) *client {
	return &client{ctx: ctx, log: w.log, url: w.URL, timeout: w.Timeout}
}

// serve is the parent: generation after generation of children.
func (w *worker) serve(ctx context.Context) error {
	for {
		if err := w.generation(ctx); err != nil || ctx.Err() != nil {
			return err
		}
	}
}

// generation has children work, for as long as a generation lives, on a
// connection that is opened and warmed up here.
func (w *worker) generation(ctx context.Context) error {
	c := w.client(ctx)
	defer c.close()
	if err := warmUp(c); ctx.Err() != nil {
		return nil
	} else if err != nil {
		return fmt.Errorf("web: the node does not answer: %w", err)
	}
	children, err := w.fork(c)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-time.After(w.Generation):
	}
	endAll(children)
	return nil
}

// warmUp is what an application asks before it forks its workers.
func warmUp(c *client) error {
	var version, network string
	var owned []common.Address
	return errors.Join(
		c.call(&version, "web3_clientVersion"),
		c.call(&network, "eth_chainId"),
		c.call(&owned, "eth_accounts"),
	)
}

// fork hands the client's connection to children. They begin together, when
// all of them have it.
func (w *worker) fork(c *client) ([]*process, error) {
	tcp, ok := c.conn.(*net.TCPConn)
	if !ok {
		return nil, errors.New("web: the warm connection is gone")
	}
	socket, err := tcp.File()
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	defer socket.Close()
	t := w.task
	t.Role, t.Rate, t.NextID, t.Opener = webChild, w.Rate/float64(w.Children), c.nextID, os.Getpid()
	var children []*process
	for i := range w.Children {
		t.Number = i
		p, err := spawn(t, os.Stderr, socket)
		if err != nil {
			endAll(children)
			return nil, err
		}
		w.log.Write(record.Record{Event: record.Fork, Child: p.pid})
		children = append(children, p)
	}
	for _, p := range children {
		p.release()
	}
	return children, nil
}

// serveOn is a child: it serves page after page with calls on the connection
// that it found open.
func (w *worker) serveOn(ctx context.Context) error {
	const inherited = 3 // the first descriptor after standard error
	file := os.NewFile(inherited, "inherited socket")
	conn, err := net.FileConn(file)
	if err != nil {
		return fmt.Errorf("web: %w", err)
	}
	_ = file.Close() // conn has a descriptor of its own
	c := w.client(ctx)
	c.nextID = w.NextID
	c.use(conn, w.Opener)
	defer c.close()
	for {
		before := c.calls
		w.page(c)
		if !w.rest(ctx, c.calls-before) {
			return nil
		}
	}
}
