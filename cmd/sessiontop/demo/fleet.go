package demo

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/sessiontop/sessiontop/cmd/sessiontop/demo/node"
)

// Config says how large and how busy the fleet is. Zero fields have the
// defaults in brackets.
type Config struct {
	Dir        string        // of the session logs; made if it is not there
	Workers    int           // children that share one connection [3]
	Seed       uint64        // of accounts and of what the workers do [1]
	Rate       float64       // calls a second of the whole fleet, about [40]
	Generation time.Duration // how long a set of children lives [30 s]
	Timeout    time.Duration // how long a worker waits for a reply [2 s]
}

// Fleet is a running demo. Its methods may be called from any goroutine.
type Fleet struct {
	URL string // of the node
	Dir string // of the session logs

	node    *node.Node
	workers []*process
	stop    sync.Once
	stopped chan struct{}
	stderr  stderr
}

// Start starts the node and the fleet. They run until ctx is done or Stop is
// called; in either case wait for the end with Wait. The program's main must
// lead its Subcommand to Worker.
func Start(ctx context.Context, cfg Config) (*Fleet, error) {
	if runtime.GOOS == "windows" {
		return nil, errors.New("demo: Windows cannot hand an open socket to a child this way; run it on Linux or macOS")
	}
	if cfg.Dir == "" {
		return nil, errors.New("demo: no directory for the session logs")
	}
	t := task{
		Dir:        cfg.Dir,
		Seed:       cmp.Or(cfg.Seed, 1),
		Children:   cmp.Or(cfg.Workers, 3),
		Rate:       cmp.Or(cfg.Rate, 40),
		Generation: cmp.Or(cfg.Generation, 30*time.Second),
		Timeout:    cmp.Or(cfg.Timeout, 2*time.Second),
	}
	n, err := node.Start(node.Config{Seed: t.Seed, Accounts: accounts})
	if err != nil {
		return nil, err
	}
	f := &Fleet{URL: n.URL, Dir: cfg.Dir, node: n, stopped: make(chan struct{})}
	t.URL = n.URL
	for _, r := range []struct {
		role  role
		share float64 // of the calls
	}{{webParent, 0.6}, {indexer, 0.25}, {keeper, 0.15}} {
		w := t
		w.Role, w.Rate = r.role, t.Rate*r.share
		p, err := spawn(w, &f.stderr, nil)
		if err != nil {
			f.Stop()
			return nil, err
		}
		p.release()
		f.workers = append(f.workers, p)
	}
	context.AfterFunc(ctx, f.Stop)
	return f, nil
}

// Stop ends the workers, then the node, and returns when they have ended.
func (f *Fleet) Stop() {
	f.stop.Do(func() {
		endAll(f.workers)
		f.node.Close()
		close(f.stopped)
	})
	<-f.stopped
}

// Wait returns when all workers have ended, after Stop or by themselves, with
// an error if one of them ended otherwise than it should.
func (f *Fleet) Wait() error {
	var errs []error
	for _, p := range f.workers {
		if <-p.done; p.err != nil {
			errs = append(errs, fmt.Errorf("demo: %s (pid %d): %w", p.comm, p.pid, p.err))
		}
	}
	f.Stop()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("%w\n%s", err, f.stderr.String())
	}
	return nil
}

// stderr keeps the first of what the workers complain about, since the screen
// belongs to the UI.
type stderr struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *stderr) Write(p []byte) (int, error) {
	const enough = 8 << 10
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buf.Write(p[:min(len(p), max(0, enough-s.buf.Len()))])
	return len(p), nil
}

func (s *stderr) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}
