package live

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/wire"
)

// queueRun is threads that write to one Unix socket in a known order, what is told
// of that, and what a socketQueue makes of it.
type queueRun struct {
	rnd   *rand.Rand
	q     socketQueue
	alike bool // writes of several threads may be the same
	early bool // what was written before is read at the other end, and is nobody's
	lossy bool // some of what is told is lost
	late  bool // some writes are told long after they were read

	stream []byte
	taken  int
	writes []wire.Chunk // those that are told, in their true order
	before []int64      // of each read: what the other end had read by then
	tells  []telling
	passed []passedOn
}

// telling is something that is told at a time.
type telling struct {
	at   int64
	tell func()
}

type passedOn struct {
	wire.Chunk
	guess bool
}

func newQueueRun(seed uint64) *queueRun {
	return &queueRun{
		rnd:   rand.New(rand.NewPCG(seed, 1)),
		alike: seed&1 != 0, early: seed&2 != 0, lossy: seed&4 != 0, late: seed&8 != 0,
	}
}

func (r *queueRun) chance(percent int) bool { return r.rnd.IntN(100) < percent }

// text is what a thread writes: a message, or a header that others write as well.
func (r *queueRun) text(tid, n int) []byte {
	if r.alike && r.chance(40) {
		return []byte("POST / HTTP/1.1\r\n\r\n")
	}
	return fmt.Appendf(nil, `{"id":%d,"by":%d,%s}`, n, tid, strings.Repeat("x", r.rnd.IntN(60)))
}

// run has them write, and ends when all is told.
func (r *queueRun) run() {
	const second = int64(1e9)
	now, kernel := second, int64(0)
	threads := make([]struct {
		busy int64 // in its last call until then
		lost bool
	}, 1+r.rnd.IntN(4))
	if r.early {
		r.stream = []byte(strings.Repeat("y", r.rnd.IntN(100)))
	}
	for n := range 20 + r.rnd.IntN(100) {
		now += r.rnd.Int64N(100_000)
		tid := r.rnd.IntN(len(threads))
		th := &threads[tid]
		if now < th.busy {
			continue
		}
		ch := wire.Chunk{PID: int32(tid), TID: int32(tid), Mono: now + r.rnd.Int64N(30_000), Data: r.text(tid, n)}
		th.busy = ch.Mono + r.rnd.Int64N(100_000)
		if r.late && r.chance(5) {
			th.busy += r.rnd.Int64N(second / 2)
		}
		r.stream = append(r.stream, ch.Data...)
		if r.lossy && r.chance(5) {
			th.lost = true
		} else {
			r.writes = append(r.writes, ch)
			ch.Off, ch.Lost, th.lost = kernel, th.lost, false
			r.tells = append(r.tells, telling{th.busy, func() { r.q.write(ch) }})
		}
		if kernel += int64(len(ch.Data)); r.chance(40) {
			r.serve(now)
		}
	}
	r.serve(now)
	slices.SortStableFunc(r.tells, func(a, b telling) int { return cmp.Compare(a.at, b.at) })
	const pace = second / 500
	for i, e := range r.tells {
		if i > 0 && e.at/pace != r.tells[i-1].at/pace {
			r.q.settle(e.at, r.pass)
		}
		e.tell()
	}
	r.q.settle(now+3600*second, r.pass)
}

// serve has the other end read all that was written, in pieces, and answer.
func (r *queueRun) serve(now int64) {
	for r.taken < len(r.stream) {
		from := r.taken
		r.taken += min(len(r.stream)-from, 1+r.rnd.IntN(200))
		if r.lossy && r.chance(5) {
			continue
		}
		b := r.stream[from:r.taken]
		now += r.rnd.Int64N(20_000)
		mono := now
		at := now + r.rnd.Int64N(1_000_000)*r.rnd.Int64N(2) // by another thread, after its next one
		r.tells = append(r.tells, telling{at, func() { r.q.take(int64(from), b, 0, mono) }})
	}
	now += 2_000_000
	r.tells = append(r.tells, telling{now, func() {
		ch := wire.Chunk{Dir: wire.Received, Mono: now, Off: int64(len(r.before)), Data: []byte{1}}
		r.before = append(r.before, r.q.taken.end())
		if !r.q.read(ch, false) {
			r.pass(ch, false)
		}
	}})
}

func (r *queueRun) pass(ch wire.Chunk, guess bool) {
	r.passed = append(r.passed, passedOn{ch, guess})
}

// check holds what was passed on against what was written.
func (r *queueRun) check(t *testing.T) {
	clean := !r.alike && !r.early && !r.lossy && !r.late
	end, size, last := int64(-1), int64(0), -1
	var writes, exact, reads int
	for _, ch := range r.passed {
		if ch.Dir == wire.Received {
			if ch.Off != int64(reads) || clean && size < r.before[reads] {
				t.Fatalf("read %d comes as %d, when %d bytes were passed on", ch.Off, reads, size)
			}
			reads++
			continue
		}
		if end >= 0 && ch.Off != end && (ch.Off < end || !ch.Lost) {
			t.Fatalf("a write stands at %d, that before it ends at %d", ch.Off, end)
		}
		end, size = ch.Off+int64(len(ch.Data)), size+int64(len(ch.Data))
		writes++
		if ch.guess {
			continue
		}
		exact++
		if (r.lossy || r.late) && ch.Data[0] == 'P' { // the one in its place may be one that is not told yet
			continue
		}
		which := slices.IndexFunc(r.writes, func(w wire.Chunk) bool { return w.TID == ch.TID && w.Mono == ch.Mono })
		if which <= last {
			t.Fatalf("write %d (%s) stands behind write %d (%s)", which, ch.Data, last, r.writes[last].Data)
		}
		last = which
	}
	if writes != len(r.writes) || reads != len(r.before) {
		t.Fatalf("%d writes and %d reads of %d and %d", writes, reads, len(r.writes), len(r.before))
	}
	if exact < writes && !r.alike && !r.lossy && !r.late {
		t.Fatalf("%d of %d writes have their offsets", exact, writes)
	}
	if !r.q.idle() && !r.lossy && !r.late {
		t.Fatalf("%d bytes are left", r.q.held)
	}
}

// TestSocketQueue: whatever is written in whatever order, and told in whatever
// other, each write is passed on once; and where it has an offset, that is right.
func TestSocketQueue(t *testing.T) {
	for seed := range uint64(4000) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := newQueueRun(seed)
			r.run()
			r.check(t)
		})
	}
}
