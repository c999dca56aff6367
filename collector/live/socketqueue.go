package live

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/sessiontop/sessiontop/collector/wire"
)

// socketQueue is what several processes have written to a Unix socket, until it
// is known in which order. A write is told, and stamped, when it has been queued:
// of two at one moment the second may be the first to be. But what the other end
// reads is told in its order, and the writes are found again in it. The zero value
// is empty.
type socketQueue struct {
	writes []*queued // in the order in which they were told, which for one thread is its own
	reads  []queued  // what came back, in its order, behind what was written or taken before

	taken stretch   // what the other end has read; its first byte is the next write's
	later []stretch // what was told before its turn
	found bool      // the write before was found; else the next one may begin anywhere
	blind bool      // what the other end reads cannot be seen

	fitting []*queued // scratch

	held  int   // bytes of writes and reads
	begun bool  // something was passed on
	out   int64 // offset of the write that is passed on next
	first int64 // of the writes, as the kernel counts them when a call has ended
	end   int64
	told  int64 // bytes of the writes that were told, of those between
	lost  bool  // the others are lost
}

// queued is a chunk that waits.
type queued struct {
	wire.Chunk
	guess  bool  // a read: it may not stand at its offset
	after  int64 // a read: what the other end had read by then
	passed bool  // a write: it had waited too long and was passed on, but may still be found
	tried  bool  // a write: it is taken to be before the place that is looked at
	score  int   // a write: how many bytes can be explained if it is next
	doubt  bool  // a write: another's may stand where it is put, or it elsewhere
}

const (
	// unsettled is for how long after the other end has read it a write may be
	// told, unless its process has to wait for a processor.
	unsettled = int64(5 * time.Millisecond)
	// overdue is how long a write waits to be read. What was read waits for
	// patience to be told. As long, events are held back.
	overdue = int64(100 * time.Millisecond)
	// inverted is more than the stamps of two writes are, if they are.
	inverted     = int64(time.Millisecond)
	maxQueued    = 1 << 10
	maxLater     = 1 << 5
	maxQueueSize = 1 << 20
)

// write takes what was written.
func (q *socketQueue) write(ch wire.Chunk) {
	if q.told == 0 || ch.Off < q.first {
		q.first = ch.Off
	}
	w := &queued{Chunk: ch}
	q.end = max(q.end, ch.Off+w.size())
	q.told += w.size()
	q.lost = q.lost || ch.Lost
	q.held += len(ch.Data)
	w.Data = bytes.Clone(ch.Data)
	q.writes = append(q.writes, w)
}

// read takes what was read of what came back. It returns false if that need not
// wait.
func (q *socketQueue) read(ch wire.Chunk, guess bool) bool {
	after := q.taken.end()
	if n := len(q.later); n > 0 {
		after = q.later[n-1].end()
	}
	if len(q.reads) == 0 && after == q.taken.off && q.oldestWrite() == nil {
		return false
	}
	q.held += len(ch.Data)
	ch.Data = bytes.Clone(ch.Data)
	q.reads = append(q.reads, queued{Chunk: ch, guess: guess, after: after})
	return true
}

// take takes what the other end has read; missing bytes more can't be seen.
func (q *socketQueue) take(off int64, data []byte, missing int, mono int64) {
	q.blind = missing > 0
	if off < q.taken.end() || len(data) == 0 {
		return
	}
	if q.taken.end()-q.taken.off > maxQueueSize || len(q.later) == maxLater {
		q.taken, q.later, q.found = stretch{off: off}, nil, false
	}
	if off > q.taken.end() {
		s := stretch{off: off}
		s.add(data, mono)
		at, _ := slices.BinarySearchFunc(q.later, off, func(s stretch, off int64) int { return cmp.Compare(s.off, off) })
		q.later = slices.Insert(q.later, at, s)
		return
	}
	q.taken.add(data, mono)
	for len(q.later) > 0 && q.later[0].off <= q.taken.end() {
		if s := &q.later[0]; s.off == q.taken.end() {
			q.taken.add(s.bytes(), s.since())
		}
		q.later = q.later[1:]
	}
}

// oldest is the stamp of the oldest chunk that waits, CLOCK_MONOTONIC.
func (q *socketQueue) oldest() (mono int64, waits bool) {
	if w := q.oldestWrite(); w != nil {
		mono, waits = w.Mono, true
	}
	if len(q.reads) > 0 && (!waits || q.reads[0].Mono < mono) {
		mono, waits = q.reads[0].Mono, true
	}
	return mono, waits
}

// idle says whether it holds nothing.
func (q *socketQueue) idle() bool {
	return len(q.writes)+len(q.reads)+len(q.later)+len(q.taken.bytes()) == 0
}

// waits says whether a chunk of the process waits.
func (q *socketQueue) waits(pid int32) bool {
	return slices.ContainsFunc(q.writes, func(w *queued) bool { return w.PID == pid && !w.passed }) ||
		slices.ContainsFunc(q.reads, func(r queued) bool { return r.PID == pid })
}

func (q *socketQueue) oldestWrite() *queued {
	var oldest *queued
	for _, w := range q.writes {
		if !w.passed && (oldest == nil || w.Mono < oldest.Mono) {
			oldest = w
		}
	}
	return oldest
}

// settle passes on what has its turn at now, CLOCK_MONOTONIC. guess says that a
// chunk may not stand at its offset.
func (q *socketQueue) settle(now int64, pass func(ch wire.Chunk, guess bool)) {
	for {
		q.passReads(pass)
		if w, guess := q.next(now); w != nil {
			q.taken.drop(w.size())
			q.leave(w)
			if !w.passed {
				pass(q.placed(w), guess)
			}
		} else if !q.skip(now) {
			break
		}
	}
	limit := overdue
	if q.found && len(q.taken.bytes()) > 0 { // a write is still to be told, and those that wait may be behind it
		limit = int64(patience)
	}
	for mono, waits := q.oldest(); waits && (now-mono > limit || q.blind || q.full()); mono, waits = q.oldest() {
		if w := q.oldestWrite(); w != nil && w.Mono == mono {
			w.passed = true
			pass(q.placed(w), true)
		} else {
			q.passRead(pass)
		}
	}
	if q.blind || q.full() {
		q.writes, q.held, q.found = nil, 0, false
	}
	for len(q.writes) > 0 && q.writes[0].passed && now-q.writes[0].Mono > int64(patience) {
		q.leave(q.writes[0])
	}
}

func (q *socketQueue) full() bool {
	return len(q.writes)+len(q.reads) > maxQueued || q.held > maxQueueSize
}

// passReads passes on what was read after all that is placed by now, and before
// what waits.
func (q *socketQueue) passReads(pass func(wire.Chunk, bool)) {
	for len(q.reads) > 0 && q.reads[0].after <= q.taken.off {
		if w := q.oldestWrite(); w != nil && w.Mono < q.reads[0].Mono {
			return
		}
		q.passRead(pass)
	}
}

func (q *socketQueue) passRead(pass func(wire.Chunk, bool)) {
	r := q.reads[0]
	q.reads = q.reads[1:]
	q.held -= len(r.Data)
	pass(r.Chunk, r.guess)
}
