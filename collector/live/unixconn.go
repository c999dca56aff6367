package live

import (
	"math"

	"github.com/sessiontop/sessiontop/collector/wire"
)

// enqueue puts a chunk into the connection's queue, if it has to wait there.
func (t *tracker) enqueue(c *conn, s *sample, ch wire.Chunk) bool {
	if c.queue == nil && s.flags&shared != 0 {
		c.queue = &socketQueue{}
	}
	switch {
	case c.queue == nil:
		return false
	case ch.Dir == wire.Sent:
		c.queue.write(ch)
	case !c.queue.read(ch, s.flags&guessed != 0):
		return false
	}
	t.queued[s.cookie] = c
	return true
}

// taken takes what the other end of a Unix socket has read.
func (t *tracker) taken(s *sample) {
	c := t.conn(s.cookie)
	if c.role == wire.Server {
		t.ignore(s.cookie, c.pause)
		return
	}
	if c.queue == nil {
		c.queue = &socketQueue{}
	}
	c.queue.take(s.off, s.data, s.missing, s.mono)
	t.queued[s.cookie] = c
}

// settle passes on what has its turn in the queues at now, CLOCK_MONOTONIC.
func (t *tracker) settle(now int64) {
	t.since = 0
	for cookie, c := range t.queued {
		t.settleQueue(c, now)
		if c.queue == nil || c.queue.idle() {
			delete(t.queued, cookie)
			if len(c.users) == 0 { // it was read when nobody had it any more who could write
				t.asm.Close(cookie, t.emit)
				delete(t.conns, cookie)
			}
		} else if mono, waits := c.queue.oldest(); waits && (t.since == 0 || mono < t.since) {
			t.since = mono
		}
	}
	exits := t.exits
	t.exits = t.exits[:0]
	for _, e := range exits {
		if t.waits(e.pid) {
			t.exits = append(t.exits, e)
		} else {
			t.exited(e)
		}
	}
}

// waits says whether something of the process waits in a queue.
func (t *tracker) waits(pid int32) bool {
	for _, c := range t.queued {
		if c.users.has(pid) && c.queue.waits(pid) {
			return true
		}
	}
	return false
}

// drain passes on all that waits in the connection's queue.
func (t *tracker) drain(c *conn) { t.settleQueue(c, math.MaxInt64) }

func (t *tracker) settleQueue(c *conn, now int64) {
	if c.queue == nil {
		return
	}
	q := c.queue
	q.settle(now, func(ch wire.Chunk, guess bool) {
		if c.queue == q { // else the connection is passed over
			t.feed(c, ch, guess)
		}
	})
}
