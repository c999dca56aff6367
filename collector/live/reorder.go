package live

import (
	"cmp"
	"slices"
	"sort"

	"github.com/sessiontop/sessiontop/model"
)

// reorder puts events in order of time that come almost so: a write is stamped
// when it begins and told when it has ended. The zero value is empty.
type reorder struct {
	events []model.Event // those before head are handed out, the others are in order, but for unsorted
	msgs   []model.Message
	head   int
	spareE []model.Event
	spareM []model.Message
	passed int64 // events up to here have been handed out
	late   uint64

	unsorted bool
}

// near is how many places further to the front an event is put when it comes.
// Where that is not enough, all are sorted when they go.
const near = 64

// add takes in events with their messages and keeps neither slice. What was
// handed out before is no longer valid.
func (r *reorder) add(events []model.Event, msgs []model.Message) {
	if r.head > len(r.events)/2 {
		r.forget()
	}
	for i := range events {
		if events[i].Time < r.passed {
			events[i].Flags |= model.Late
			r.late++
		}
		r.events, r.msgs = appendEvent(r.events, r.msgs, &events[i], msgs)
		r.settle()
	}
}

// settle puts the last event into its place.
func (r *reorder) settle() {
	last := len(r.events) - 1
	at := last
	for ; at > r.head && r.events[at-1].Time > r.events[last].Time; at-- {
		if last-at == near {
			r.unsorted = true
			return
		}
	}
	if at < last {
		ev := r.events[last]
		copy(r.events[at+1:], r.events[at:last])
		r.events[at] = ev
	}
}

// forget lets go of what was handed out.
func (r *reorder) forget() {
	restE, restM := r.spareE[:0], r.spareM[:0]
	for i := r.head; i < len(r.events); i++ {
		restE, restM = appendEvent(restE, restM, &r.events[i], r.msgs)
	}
	r.spareE, r.spareM = r.events, r.msgs
	r.events, r.msgs, r.head = restE, restM, 0
}

// release hands out, in order, the events up to and including time t. The batch
// is valid until the next call of add.
func (r *reorder) release(t int64) model.Batch {
	held := r.events[r.head:]
	if r.unsorted {
		slices.SortStableFunc(held, func(a, b model.Event) int { return cmp.Compare(a.Time, b.Time) })
		r.unsorted = false
	}
	r.passed = max(r.passed, t)
	n := sort.Search(len(held), func(i int) bool { return held[i].Time > t })
	r.head += n
	return model.Batch{Events: held[:n], Messages: r.msgs}
}

func appendEvent(events []model.Event, msgs []model.Message, ev *model.Event, from []model.Message) ([]model.Event, []model.Message) {
	events = append(events, *ev)
	events[len(events)-1].Msg = uint32(len(msgs))
	return events, append(msgs, from[ev.Msg:ev.Msg+ev.NMsg]...)
}
