package collector

import (
	"context"

	"github.com/sessiontop/sessiontop/model"
)

// Sink takes what a Source produces. Its methods keep none of the slices they
// are given.
type Sink interface {
	// Emit applies a batch whose events are in order of time, except for those
	// marked model.Late. It returns when it is done with it.
	Emit(*model.Batch) error
	// Advance says that no event before t, Unix nanoseconds, will come but
	// late ones.
	Advance(t int64)
}

// Source is anything that produces events: log files, standard input, running
// processes.
type Source interface {
	// Run produces events until ctx ends or there can be no more, and returns
	// nil then. Loss is reported in the batches, not as an error.
	Run(ctx context.Context, sink Sink) error
}
