package collector

import (
	"math"
	"slices"
	"time"

	"github.com/sessiontop/sessiontop/model"
)

// reorder holds live events until what other files may still get before them
// has come: a window of wall-clock time after an event came, everything up to
// its own time is let through. So clocks that are off, or logs that are played
// again, do no harm. Files that are known to have more unread are waited for,
// however long they take. Events from far in the future, of a clock that is
// wrong, have a window of their own, so that they do not make all others late.
type reorder struct {
	window  time.Duration
	sorter  sorter
	arrived []arrival // oldest first
	passed  int64     // events up to here have been emitted
	newest  int64     // time of the newest event, and when it came
	came    time.Time
	late    uint64
	held    bool     // something has been held
	far     *reorder // the window of events from the future, nil before the first one
	endless bool     // no time is too far in the future
}

// future is by how much an event may be younger than now, in nanoseconds, to
// count for the window: what clocks that are kept in step do not reach.
const future = int64(5 * time.Second)

// replayWait is how long nothing must come for the clock of the events to go
// on, where they are not of now: the pauses of whoever plays a log again are not
// those of the processes in it.
const replayWait = 2 * time.Second

// arrival is what the newest event was at a moment.
type arrival struct {
	at     time.Time
	newest int64
}

func newReorder(window time.Duration) *reorder {
	return &reorder{window: window, passed: math.MinInt64, newest: math.MinInt64}
}

// started says whether any event has been seen.
func (r *reorder) started() bool { return r.newest != math.MinInt64 }

// straight notes events in the order of their time that go past it, as what is
// long written may until something is held.
func (r *reorder) straight(events []model.Event, now time.Time) {
	r.saw(events, now)
	if n := len(events); n > 0 {
		r.passed = max(r.passed, min(events[n-1].Time, r.limit(now)))
	}
}

// saw notes which event is the newest.
func (r *reorder) saw(events []model.Event, now time.Time) {
	limit := r.limit(now)
	for i := range events {
		if t := events[i].Time; t > r.newest && t <= limit {
			r.newest, r.came = t, now
		}
	}
}

// limit is the youngest time that counts.
func (r *reorder) limit(now time.Time) int64 {
	if r.endless {
		return math.MaxInt64
	}
	return now.UnixNano() + future
}

// add takes in events that came now. Those that the window has passed already
// are marked late.
func (r *reorder) add(events []model.Event, msgs []model.Message, now time.Time) {
	events = r.divert(events, msgs, now)
	if len(events) == 0 {
		return
	}
	for i := range events {
		if events[i].Time < r.passed {
			events[i].Flags |= model.Late
			r.late++
		}
	}
	r.held = true
	r.saw(events, now)
	r.sorter.add(events, msgs)
	if n := len(r.arrived); n == 0 || r.arrived[n-1].newest < r.newest {
		r.arrived = append(r.arrived, arrival{now, r.newest})
	}
}

// divert passes the events from the future to their own window and returns the
// others.
func (r *reorder) divert(events []model.Event, msgs []model.Message, now time.Time) []model.Event {
	limit := r.limit(now)
	young := func(ev model.Event) bool { return ev.Time > limit }
	if !slices.ContainsFunc(events, young) {
		return events
	}
	if r.far == nil {
		r.far = newReorder(r.window)
		r.far.endless = true
	}
	late := r.far.late
	r.far.add(slices.DeleteFunc(slices.Clone(events), func(ev model.Event) bool { return !young(ev) }), msgs, now)
	r.late += r.far.late - late
	return slices.DeleteFunc(events, young)
}

// mark is the time up to which events may be let through at now: what had come
// a window ago, but not beyond behind, the time that the slowest file has come
// to: that one may have more lines of the same time.
func (r *reorder) mark(now time.Time, behind int64) int64 {
	if behind != math.MaxInt64 && behind != math.MinInt64 {
		behind--
	}
	n := 0
	for n < len(r.arrived) && now.Sub(r.arrived[n].at) >= r.window {
		n++
	}
	if n == 0 {
		return min(r.passed, behind)
	}
	mark := min(r.arrived[n-1].newest, behind)
	if mark == r.arrived[n-1].newest {
		r.arrived = append(r.arrived[:0], r.arrived[n:]...)
	}
	return mark
}

// emit lets through what is due.
func (r *reorder) emit(sink Sink) error { return r.emitTo(sink, time.Now(), math.MaxInt64) }

func (r *reorder) emitTo(sink Sink, now time.Time, behind int64) error {
	r.passed = max(r.passed, r.mark(now, behind))
	events := r.sorter.release(r.passed)
	if len(events) > 0 {
		if err := sink.Emit(&model.Batch{Events: events, Messages: r.sorter.out}); err != nil {
			return err
		}
	}
	if r.far == nil {
		return nil
	}
	return r.far.emitTo(sink, now, math.MaxInt64)
}

// idle lets the time of the events go on while none come, and returns it: what
// is younger may still come, what is older is late from now on. While something
// is held the clock stands, for its time has not come.
func (r *reorder) idle(now time.Time) int64 {
	if !r.sorter.empty() {
		return r.passed
	}
	wait := r.window
	if off := r.came.UnixNano() - r.newest; off > future || off < -future {
		wait = replayWait
	}
	r.passed = max(r.passed, r.newest+max(0, int64(now.Sub(r.came)-wait)))
	return r.passed
}

// wait is how long it is until something held is due, at most idle.
func (r *reorder) wait(now time.Time, idle time.Duration) time.Duration {
	if r.far != nil {
		idle = r.far.wait(now, idle)
	}
	if len(r.arrived) == 0 {
		return idle
	}
	return max(0, min(idle, r.window-now.Sub(r.arrived[0].at)))
}
