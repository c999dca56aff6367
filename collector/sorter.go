package collector

import (
	"cmp"
	"slices"
	"sort"

	"github.com/sessiontop/sessiontop/model"
)

// key is what events are ordered by: their time; at one time, the PID, so that
// the order does not depend on which file was read first.
type key struct {
	time int64
	pid  int32
}

func keyOf(ev *model.Event) key { return key{ev.Time, ev.Proc.PID} }

func compareKeys(a, b key) int {
	if a.time != b.time {
		return cmp.Compare(a.time, b.time)
	}
	return cmp.Compare(a.pid, b.pid)
}

// sorter puts events in order that come almost in order. The zero value is
// empty.
type sorter struct {
	events []model.Event   // kept, in order; Msg counts in msgs
	msgs   []model.Message // theirs
	out    []model.Message // those of the events released last
	newest int64           // the newest time added so far
	spareE []model.Event
	spareM []model.Message
}

// add takes in events with their messages and keeps neither slice.
func (s *sorter) add(events []model.Event, msgs []model.Message) {
	keptE, keptM := s.spareE[:0], s.spareM[:0]
	for i := range s.events {
		keptE, keptM = appendEvent(keptE, keptM, &s.events[i], s.msgs)
	}
	for i := range events {
		keptE, keptM = appendEvent(keptE, keptM, &events[i], msgs)
		s.newest = max(s.newest, events[i].Time)
	}
	s.spareE, s.spareM = s.events, s.msgs
	s.events, s.msgs = keptE, keptM
	if !ascending(s.events) {
		slices.SortStableFunc(s.events, compareEvents)
	}
}

// release hands out the events up to and including time t. They, and s.out, are
// valid until the next add.
func (s *sorter) release(t int64) []model.Event {
	n := sort.Search(len(s.events), func(i int) bool { return s.events[i].Time > t })
	out := s.events[:n:n]
	s.events = s.events[n:]
	s.out = s.msgs
	return out
}

// appendEvent copies an event and its messages.
func appendEvent(events []model.Event, msgs []model.Message, ev *model.Event, from []model.Message) ([]model.Event, []model.Message) {
	events = append(events, *ev)
	events[len(events)-1].Msg = uint32(len(msgs))
	return events, append(msgs, from[ev.Msg:ev.Msg+ev.NMsg]...)
}
