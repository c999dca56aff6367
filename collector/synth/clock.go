package synth

import "container/heap"

// clock is virtual time: what is to happen, earliest first; at one time, in the
// order in which it was planned.
type clock struct {
	now   int64 // nanoseconds since the simulation began
	queue plans
	count uint64
}

type plan struct {
	at    int64
	order uint64
	do    func()
}

// after has do happen in d nanoseconds.
func (c *clock) after(d int64, do func()) {
	c.count++
	heap.Push(&c.queue, plan{c.now + max(d, 0), c.count, do})
}

// step lets the next thing happen, and says whether there was one.
func (c *clock) step() bool {
	if len(c.queue) == 0 {
		return false
	}
	p := heap.Pop(&c.queue).(plan)
	c.now = p.at
	p.do()
	return true
}

type plans []plan

func (q plans) Len() int { return len(q) }
func (q plans) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].order < q[j].order
}
func (q plans) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *plans) Push(x any)   { *q = append(*q, x.(plan)) }
func (q *plans) Pop() any {
	last := len(*q) - 1
	p := (*q)[last]
	(*q)[last] = plan{}
	*q = (*q)[:last]
	return p
}
