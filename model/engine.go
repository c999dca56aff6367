package model

import (
	"sync"
	"sync/atomic"
	"time"
)

// PublishEvery is how often, at most, a new snapshot is published. One that is
// dear to make is made less often, so that publishing stays a small part of a
// core.
const PublishEvery = 50 * time.Millisecond

// publishShare is that part: one in so many.
const publishShare = 10

// Engine is a Store that several sources write and everybody reads: a lock
// around the one, an atomic pointer for the others. All its methods may be
// called from any goroutine.
type Engine struct {
	mu       sync.Mutex
	store    *Store
	due      time.Time // when the next snapshot may be published
	snapshot atomic.Pointer[Snapshot]
	clock    func() time.Time
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
	e.publishDue()
	return nil
}

// Advance tells the model that no event before t, Unix nanoseconds, will come
// any more, and publishes what is new.
func (e *Engine) Advance(t int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.store.Advance(t)
	e.publishDue()
}

// Finish tells the model that no event will come any more, and publishes.
func (e *Engine) Finish() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.store.Finish()
	e.publish(e.clock())
}

func (e *Engine) publishDue() {
	if now := e.clock(); !now.Before(e.due) {
		e.publish(now)
	}
}

func (e *Engine) publish(now time.Time) {
	e.snapshot.Store(e.store.Snapshot())
	took := e.clock().Sub(now)
	e.due = now.Add(max(PublishEvery, took*publishShare))
}

// Snapshot is the model as last published; never nil.
func (e *Engine) Snapshot() *Snapshot { return e.snapshot.Load() }
