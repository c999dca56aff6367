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
	events []model.Event
	msgs   []model.Message
	spareE []model.Event
	spareM []model.Message
	passed int64 // events up to here have been handed out
	late   uint64
}

// add takes in events with their messages and keeps neither slice.
func (r *reorder) add(events []model.Event, msgs []model.Message) {
	for i := range events {
		if events[i].Time < r.passed {
			events[i].Flags |= model.Late
			r.late++
		}
		r.events, r.msgs = appendEvent(r.events, r.msgs, &events[i], msgs)
	}
}

// release hands out, in order, the events up to and including time t. The batch
// is valid until the next call of release.
func (r *reorder) release(t int64) model.Batch {
	byTime := func(a, b model.Event) int { return cmp.Compare(a.Time, b.Time) }
	if !slices.IsSortedFunc(r.events, byTime) {
		slices.SortStableFunc(r.events, byTime)
	}
	r.passed = max(r.passed, t)
	n := sort.Search(len(r.events), func(i int) bool { return r.events[i].Time > t })
	out := model.Batch{Events: r.events[:n], Messages: r.msgs}
	restE, restM := r.spareE[:0], r.spareM[:0]
	for i := n; i < len(r.events); i++ {
		restE, restM = appendEvent(restE, restM, &r.events[i], r.msgs)
	}
	r.spareE, r.spareM = r.events, r.msgs
	r.events, r.msgs = restE, restM
	return out
}

func appendEvent(events []model.Event, msgs []model.Message, ev *model.Event, from []model.Message) ([]model.Event, []model.Message) {
	events = append(events, *ev)
	events[len(events)-1].Msg = uint32(len(msgs))
	return events, append(msgs, from[ev.Msg:ev.Msg+ev.NMsg]...)
}
