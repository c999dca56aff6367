package model

import (
	"sync"
	"sync/atomic"
	"time"
)

// PublishEvery is how often, at most, a new snapshot is published.
const PublishEvery = 100 * time.Millisecond

// Engine is a Store that several sources write and everybody reads: a lock
// around the one, an atomic pointer for the others. All its methods may be
// called from any goroutine.
type Engine struct {
	mu        sync.Mutex
	store     *Store
	published time.Time
	snapshot  atomic.Pointer[Snapshot]
	clock     func() time.Time
}

// NewEngine returns an Engine with an empty store. clock is the wall clock by
// which snapshots are spaced; nil is time.Now.
func NewEngine(opt Options, clock func() time.Time) *Engine {
	if clock == nil {
		clock = time.Now
	}
	e := &Engine{store: NewStore(opt), clock: clock}
	e.snapshot.Store(e.store.Snapshot())
	return e
}

// Strings is where decoders intern.
func (e *Engine) Strings() *Interner { return e.store.Strings() }

// Emit applies a batch, and publishes a snapshot if one is due. It returns when
// the batch is applied and keeps none of its slices: a source that calls it is
// held back to the model's pace.
func (e *Engine) Emit(b *Batch) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.store.Apply(b)
	if now := e.clock(); now.Sub(e.published) >= PublishEvery {
		e.publish(now)
	}
	return nil
}

// Advance tells the model that no event before t, Unix nanoseconds, will come
// any more, and publishes what is new.
func (e *Engine) Advance(t int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.store.Advance(t)
	if now := e.clock(); now.Sub(e.published) >= PublishEvery {
		e.publish(now)
	}
}

// Finish tells the model that no event will come any more, and publishes.
func (e *Engine) Finish() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.store.Finish()
	e.publish(e.clock())
}

func (e *Engine) publish(now time.Time) {
	e.published = now
	e.snapshot.Store(e.store.Snapshot())
}

// Snapshot is the model as last published; never nil.
func (e *Engine) Snapshot() *Snapshot { return e.snapshot.Load() }
