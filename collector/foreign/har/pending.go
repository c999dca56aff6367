package har

import (
	"container/heap"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/record"
)

// pending is events that stand in the archive before earlier ones: an entry has
// its end beside its beginning.
type pending struct {
	events []event
	bytes  int
	seq    int
}

type event struct {
	record.Record
	at  int64 // in the archive
	seq int   // to keep the order of those of one time
}

// maxPending bounds what is held, in bytes; past it the earliest go.
const maxPending = 64 << 20

func (p *pending) Len() int { return len(p.events) }
func (p *pending) Less(i, j int) bool {
	a, b := &p.events[i], &p.events[j]
	return a.Time < b.Time || a.Time == b.Time && a.seq < b.seq
}
func (p *pending) Swap(i, j int) { p.events[i], p.events[j] = p.events[j], p.events[i] }
func (p *pending) Push(x any)    { p.events = append(p.events, x.(event)) }
func (p *pending) Pop() any {
	last := p.events[len(p.events)-1]
	p.events[len(p.events)-1] = event{}
	p.events = p.events[:len(p.events)-1]
	return last
}

func size(r *record.Record) int { return 512 + len(r.Msg) + len(r.Raw) }

// add holds an event that stands at that offset.
func (p *pending) add(r record.Record, at int64) {
	p.seq++
	p.bytes += size(&r)
	heap.Push(p, event{r, at, p.seq})
}

// release writes the events before the time until, or all where none is given,
// and what there is no room for.
func (p *pending) release(out *foreign.Lines, bounded bool, until int64) {
	for len(p.events) > 0 && (!bounded || p.events[0].Time < until || p.bytes > maxPending) {
		e := heap.Pop(p).(event)
		p.bytes -= size(&e.Record)
		out.At(e.at)
		out.Put(e.Record)
	}
}
