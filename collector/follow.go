package collector

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/collector/tail"
)

const (
	// idleWait is how long to wait for a file to change before looking anyway.
	idleWait = 250 * time.Millisecond
	// breath is the least time between two turns over the files once all is
	// read, so that many small writes are taken together.
	breath = 5 * time.Millisecond
	// ahead is by how much one file may be read ahead of another that has
	// more to read, in nanoseconds of their events.
	ahead = int64(time.Second)
)

// follow reads what is appended, in turns over the files, until ctx ends.
func (f *Files) follow(ctx context.Context, sink Sink, live *reorder) error {
	d := decode.New(f.opt.Strings, f.opt.Dialect)
	var reported time.Time
	for ctx.Err() == nil {
		if err := f.load(ctx, f.scan(), sink, live); err != nil {
			return err
		}
		began := time.Now()
		behind := f.turn(d, live)
		now := time.Now()
		if err := live.emitTo(sink, now, behind); err != nil {
			return err
		}
		if behind == math.MaxInt64 && live.started() {
			live.add(f.lives.ended(now), nil, now)
			sink.Advance(live.idle(now))
		}
		if now.Sub(reported) >= reportEvery {
			reported = now
			if err := f.report(sink, false); err != nil {
				return err
			}
		}
		if behind == math.MaxInt64 {
			f.set.Wait(ctx, live.wait(now, idleWait))
			time.Sleep(breath - time.Since(began))
		}
	}
	return ctx.Err()
}

// turn gives each file that is not ahead of the others a block's time, and
// returns the time that the slowest of those with more to read has come to.
func (f *Files) turn(d *decode.Decoder, live *reorder) (behind int64) {
	slowest := int64(math.MaxInt64)
	for _, st := range f.stats {
		if st.more {
			slowest = min(slowest, st.newest)
		}
	}
	behind = math.MaxInt64
	f.naming = slices.ContainsFunc(f.files, (*feed).joinsConnections)
	f.files = slices.DeleteFunc(f.files, func(file *feed) bool {
		st := f.stats[file.ID()]
		if st.more && st.newest > slowest+ahead {
			behind = min(behind, st.newest)
			return false
		}
		err := f.readBlock(file, st, d, live)
		if st.more = err == nil; st.more {
			behind = min(behind, st.newest)
		}
		return err != nil && !errors.Is(err, tail.ErrNoData)
	})
	return behind
}

// readBlock passes the file's next block to the reorder window.
func (f *Files) readBlock(file *feed, st *sourceStat, d *decode.Decoder, live *reorder) error {
	b, err := file.Next()
	if err != nil {
		return err
	}
	defer b.Release()
	f.out.Reset()
	d.Block(b.Source, b.Offset, b.Data, &f.out)
	st.add(&f.out)
	if f.naming && !file.foreign() {
		f.nameConnections(f.out.Events)
	}
	now := time.Now()
	limit := live.limit(now)
	for i := range f.out.Events {
		if t := f.out.Events[i].Time; t <= limit {
			st.newest = max(st.newest, t)
		}
	}
	f.lives.note(f.out.Events)
	before := live.late
	live.add(f.out.Events, f.out.Messages, now)
	st.late += live.late - before
	return nil
}
