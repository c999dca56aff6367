package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"time"

	"github.com/sessiontop/sessiontop/cmd/sessiontop/demo/node"
	"github.com/sessiontop/sessiontop/collector/record"
)

// accounts is how many the node manages: one for each of the first children,
// and the keeper's.
const accounts = 4

// role is what a worker does.
type role string

const (
	webParent role = "web"
	webChild  role = "web child"
	indexer   role = "indexer"
	keeper    role = "keeper"
)

// comm is the process name of a role; a forked child has its parent's.
func (r role) comm() string {
	if r == webChild {
		r = webParent
	}
	return string(r)
}

// worker is this process in the fleet.
type worker struct {
	task
	log      *record.Writer
	rng      *rand.Rand
	accounts []node.Account
}

// Worker is what the processes of a Fleet run: main calls it for Subcommand. It
// returns when ctx is done or the parent closes its standard input, or is gone.
func Worker(ctx context.Context) error {
	signal.Ignore(os.Interrupt) // it is the parent's to end on Ctrl-C, and to end its children
	w := worker{}
	if err := json.Unmarshal([]byte(os.Getenv(taskVariable)), &w.task); err != nil {
		return fmt.Errorf("%s is started by the demo only: %w", Subcommand, err)
	}
	if _, err := io.ReadFull(os.Stdin, make([]byte, 1)); err != nil {
		return nil // ended before it began
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // ends with the parent
		cancel()
	}()

	setComm(w.Role.comm())
	self := record.Self()
	self.Comm = w.Role.comm()
	log, err := record.Create(w.Dir, self)
	if err != nil {
		return err
	}
	defer log.Close()
	w.log = log
	w.rng = rand.New(rand.NewPCG(w.Seed, uint64(self.PID)))
	w.accounts = node.Accounts(w.Seed, accounts)

	switch w.Role {
	case webParent:
		err = w.serve(ctx)
	case webChild:
		err = w.serveOn(ctx)
	case indexer:
		w.index(ctx)
	case keeper:
		w.keep(ctx)
	}
	code := 0
	if err != nil {
		code = 1
	}
	log.Write(record.Record{Event: record.Exit, Code: code})
	return err
}

// rest waits until the next job so that, with jobs of so many calls, the
// worker makes Rate calls a second on average. It says whether to go on.
func (w *worker) rest(ctx context.Context, calls uint64) bool {
	mean := float64(time.Second) * float64(calls) / w.Rate
	select {
	case <-ctx.Done():
		return false
	case <-time.After(time.Duration(w.rng.ExpFloat64() * mean)):
		return true
	}
}
