package collector

import (
	"container/heap"

	"github.com/sessiontop/sessiontop/model"
)

// mergeBatch is how many events of several lanes are handed over at once.
const mergeBatch = 1024

// merge hands the events of all lanes to emit in order of time. depth is how
// many blocks a lane is decoded ahead. It ends when the lanes do, or when emit
// fails; stop is asked between batches.
func merge(lanes []*lane, depth int, emit func(*model.Batch) error, stop func() error) error {
	h := laneHeap{}
	for _, l := range lanes {
		l.ahead(depth)
	}
	for _, l := range lanes {
		if l.fill(depth); len(l.events) > 0 {
			h = append(h, l)
		}
	}
	heap.Init(&h)
	var batch model.Batch
	for len(h) > 0 {
		if err := stop(); err != nil {
			return err
		}
		var err error
		if len(h) == 1 {
			l := h[0]
			err = emit(&model.Batch{Events: l.events, Messages: l.messages()})
			l.events = nil
			h.refill(depth)
		} else {
			h.gather(&batch, depth)
			err = emit(&batch)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// laneHeap has the lane with the earliest event at its root.
type laneHeap []*lane

func (h laneHeap) Len() int { return len(h) }
func (h laneHeap) Less(i, j int) bool {
	if c := compareKeys(keyOf(&h[i].events[0]), keyOf(&h[j].events[0])); c != 0 {
		return c < 0
	}
	return h[i].order < h[j].order
}
func (h laneHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *laneHeap) Push(x any)   { *h = append(*h, x.(*lane)) }
func (h *laneHeap) Pop() any {
	l := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return l
}

// gather fills the batch with the earliest events of all lanes, until one lane
// alone is left.
func (h *laneHeap) gather(b *model.Batch, depth int) {
	b.Events, b.Messages = b.Events[:0], b.Messages[:0]
	for len(*h) > 1 && len(b.Events) < mergeBatch {
		l := (*h)[0]
		limit := h.second()
		msgs := l.messages()
		n := 0
		for n < len(l.events) && len(b.Events) < mergeBatch && (n == 0 || compareKeys(keyOf(&l.events[n]), limit) < 0) {
			b.Events, b.Messages = appendEvent(b.Events, b.Messages, &l.events[n], msgs)
			n++
		}
		l.events = l.events[n:]
		h.refill(depth)
	}
}

// second is the key of the earliest event of all lanes but the first.
func (h laneHeap) second() key {
	k := keyOf(&h[1].events[0])
	if len(h) > 2 {
		if other := keyOf(&h[2].events[0]); compareKeys(other, k) < 0 {
			return other
		}
	}
	return k
}

// refill gives the first lane its next events, and its place.
func (h *laneHeap) refill(depth int) {
	l := (*h)[0]
	if len(l.events) == 0 {
		l.fill(depth)
	}
	if len(l.events) == 0 {
		heap.Pop(h)
		return
	}
	heap.Fix(h, 0)
}
