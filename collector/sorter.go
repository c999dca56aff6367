package collector

import (
	"cmp"
	"math"
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
	events []model.Event   // those before head have been released
	msgs   []model.Message // theirs; Msg counts in them
	head   int
	tidy   int             // events from head to here are in order
	out    []model.Message // those of the events released last
	newest int64           // the newest time added so far, where any was
	any    bool            // something was added
	spare  []model.Event
}

// add takes in events with their messages and keeps neither slice.
func (s *sorter) add(events []model.Event, msgs []model.Message) {
	if s.head > len(s.events)/2 {
		s.compact()
	}
	for i := range events {
		s.events, s.msgs = appendEvent(s.events, s.msgs, &events[i], msgs)
		if !s.any || events[i].Time > s.newest {
			s.newest, s.any = events[i].Time, true
		}
	}
}

// empty says that everything has been released.
func (s *sorter) empty() bool { return s.head == len(s.events) }

// settled is the time up to which no event can come any more, where time goes
// back by at most back: a line at that distance from the newest still can.
func (s *sorter) settled(back int64) int64 {
	if !s.any || s.newest <= math.MinInt64+back {
		return math.MinInt64
	}
	return s.newest - back - 1
}

// compact drops what has been released.
func (s *sorter) compact() {
	kept, msgs := s.spare[:0], []model.Message(nil)
	for i := range s.events[s.head:] {
		kept, msgs = appendEvent(kept, msgs, &s.events[s.head+i], s.msgs)
	}
	clear(s.events)
	s.spare, s.events, s.msgs = s.events[:0], kept, msgs
	s.tidy -= s.head
	s.head = 0
}

// release hands out the events up to and including time t. They, and s.out, are
// valid until the next add.
func (s *sorter) release(t int64) []model.Event {
	s.sort()
	n := sort.Search(len(s.events)-s.head, func(i int) bool { return s.events[s.head+i].Time > t })
	out := s.events[s.head : s.head+n : s.head+n]
	s.head += n
	s.out = s.msgs
	return out
}

// sort puts what was added since into its place among what is kept.
func (s *sorter) sort() {
	fresh := s.events[s.tidy:]
	if !ascending(fresh) {
		slices.SortStableFunc(fresh, compareEvents)
	}
	kept := s.events[s.head:s.tidy]
	if len(kept) > 0 && len(fresh) > 0 && compareEvents(fresh[0], kept[len(kept)-1]) < 0 {
		s.spare = append(s.spare[:0], kept...)
		merged := s.events[s.head:s.head]
		for _, ev := range s.spare {
			for len(fresh) > 0 && compareKeys(keyOf(&fresh[0]), keyOf(&ev)) < 0 {
				merged, fresh = append(merged, fresh[0]), fresh[1:]
			}
			merged = append(merged, ev)
		}
	}
	s.tidy = len(s.events)
}

// appendEvent copies an event and its messages.
func appendEvent(events []model.Event, msgs []model.Message, ev *model.Event, from []model.Message) ([]model.Event, []model.Message) {
	events = append(events, *ev)
	events[len(events)-1].Msg = uint32(len(msgs))
	return events, append(msgs, from[ev.Msg:ev.Msg+ev.NMsg]...)
}
