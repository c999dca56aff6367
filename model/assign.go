package model

import (
	"math"
	"math/bits"
	"slices"
)

// The assignment of replies to requests that costs least. On one connection the
// n-th reply answers the n-th request; the stamps tell the order but for the
// jitter of two processes' clocks and of the scheduler, so each pair of requests
// or replies that an assignment puts the other way round costs the more the
// further their stamps are apart. What the messages themselves say (id, type,
// echo) excludes a pair.
//
// The search goes reply by reply and keeps the cheapest partial assignments. As
// soon as all that are left have used the same requests, the past is settled:
// the best is kept, and how much dearer the best one with another owner is says
// how sure each reply's owner is.

// Costs, in units of about one bit of evidence.
const (
	costForeign   = 0.3 // read by another than its asker
	costAnonymous = 1   // bytes without an id
	costTaken     = 7   // … of a call for which its process has read something else
	costGaveUp    = 1   // of a call given up
	costAgrees    = -2  // names what was asked for
	costSkip      = 6   // a request without a reply before one that has its own
	costApart     = 0.5 // … if bytes are missing before that one
	costOrphan    = 16  // a reply without a request
	costGap       = 3   // a reply to a request among lines that are missing, or the other way round
	costTurn      = 12  // … or against the count of what has passed on it
	costNever     = 1e3 // against the byte order of the wire

	beamWidth  = 32 // partial assignments that are kept
	beamMargin = 10 // and by how much they may be dearer than the best
	window     = 64 // requests that are looked at together
	lookAhead  = 6  // unused requests tried for one reply, beyond those with reasons to be
)

// tie is how much dearer the second-best owner must be for the best to be the
// only one.
const tie = 2

// stampTie is tie where the second-best owner fits as well but for the order of
// the stamps. It is what a stamp costs that is 7 ms late: on a busy machine a
// process waits about as long for its next turn, or two, and may do so between
// its read and its stamp.
const stampTie = 8

// jitter is the scale of what two processes' stamps are apart, in nanoseconds.
const jitter = 20_000

// choice is the outcome for one reply.
type choice struct {
	unit   int     // index into the units, -1: none
	margin float32 // how much dearer the best assignment with another owner is
	order  float32 // … of those that differ in the order alone
	wire   bool    // settled by offsets, with nothing missing in between
	cut    bool    // it may answer a request that was not looked at, for want of room, or whose line is missing
	full   bool    // requests that were sent later were not looked at
	lone   bool    // no other request could have this reply, whatever the order
}

// state is one partial assignment.
type state struct {
	cost float32
	used uint64         // requests with a reply, by index
	by   [window]uint8  // of those, which reply
	pick [groupMax]int8 // of each reply, its request, -1: none
}

// step is one way to go on from a partial assignment: the cost, which
// assignment it is, and the request that the next reply is given to. It is one
// number, so that steps sort fast: by cost first.
type step uint64

func newStep(cost float32, from, unit int) step {
	b := math.Float32bits(cost)
	if b&signBit != 0 {
		b = ^b
	} else {
		b |= signBit
	}
	return step(b)<<32 | step(from)<<16 | step(unit+1)
}

const signBit = 1 << 31

func (s step) cost() float32 {
	b := uint32(s >> 32)
	if b&signBit != 0 {
		return math.Float32frombits(b &^ signBit)
	}
	return math.Float32frombits(^b)
}

func (s step) from() int { return int(s >> 16 & math.MaxUint16) }

// unit is the request's index, -1 for none.
func (s step) unit() int { return int(s&math.MaxUint16) - 1 }

// solver holds the memory that searches use again.
type solver struct {
	units      []*unit
	now, next  []state
	steps      []step
	picks      []choice
	candidates [window]int
	costs      [window]float32
	after      uint64 // requests after the gap, by index
	opt        solveOptions
}

// solveOptions say what else there is to know of a group.
type solveOptions struct {
	ordered bool  // replies come in the order of the requests
	synced  bool  // … and none is missing in between
	asked   int64 // end of the request that the last settled reply answers, 0: not known
	gap     bool  // lines are missing that may be requests or replies of it
	before  int64 // … and calls with a lesser Seq may have been answered in it
}

// solve assigns replies to units, both in the order of the wire. The result is
// valid until the next call.
func (sv *solver) solve(s *Store, units []*unit, replies []reply, opt solveOptions) []choice {
	sv.picks = append(sv.picks[:0], make([]choice, len(replies))...)
	sv.opt = opt
	for i := range sv.picks {
		p := &sv.picks[i]
		p.full = len(units) > window
		p.cut = opt.gap || p.full && units[window].sentBefore(&replies[i])
	}
	units = units[:min(len(units), window)]
	sv.after = 0
	for i, u := range units {
		if opt.gap && u.seq >= opt.before {
			sv.after |= 1 << i
		}
	}
	first := state{}
	sv.now = append(sv.now[:0], first)
	from := 0
	for i := range replies {
		sv.step(s, units, replies, i)
		if sv.agreed() || i == len(replies)-1 {
			sv.finish(units, replies, from, i+1)
			from = i + 1
		}
	}
	return sv.picks
}

// step extends each partial assignment by reply i and keeps the cheapest.
func (sv *solver) step(s *Store, units []*unit, replies []reply, i int) {
	r := &replies[i]
	n := 0
	for k, u := range units {
		if v := s.judge(u, r); v.against == 0 && u.sentBefore(r) {
			sv.candidates[n], sv.costs[n] = k, pairCost(u, r, v.agrees)
			n++
		}
	}
	sv.picks[i].lone = n == 1
	sv.steps = sv.steps[:0]
	best := float32(math.MaxFloat32)
	for k := range sv.now {
		st := &sv.now[k]
		tried, asked := 0, sv.opt.asked
		if i > 0 {
			asked = st.askedBefore(units, replies, i)
		}
		for x, c := range sv.candidates[:n] {
			if st.used&(1<<c) != 0 {
				continue
			}
			cost := st.cost + sv.costs[x] + r.turnCost(units[c], asked)
			if sv.opt.ordered && cost <= best+beamMargin {
				cost += st.inversions(units, replies, c, i)
			}
			if cost <= best+beamMargin {
				sv.steps = append(sv.steps, newStep(cost, k, c))
				best = min(best, cost)
			}
			if tried++; tried == lookAhead {
				break
			}
		}
		if cost := st.cost + sv.orphan(st); cost <= best+beamMargin {
			sv.steps = append(sv.steps, newStep(cost, k, -1))
			best = min(best, cost)
		}
	}
	sv.take(i, best)
}

// orphan is the cost of a reply without a request. On an ordered connection, what
// was asked in a gap is answered before what was asked after it.
func (sv *solver) orphan(st *state) float32 {
	if !sv.opt.gap || sv.opt.ordered && st.used&sv.after != 0 {
		return costOrphan
	}
	return costGap
}

// take makes the cheapest steps the partial assignments, with reply i given.
func (sv *solver) take(i int, best float32) {
	worst := newStep(best+beamMargin, math.MaxUint16, window)
	sv.steps = slices.DeleteFunc(sv.steps, func(s step) bool { return s > worst })
	if len(sv.steps) > beamWidth {
		slices.Sort(sv.steps)
		sv.steps = sv.steps[:beamWidth]
	}
	sv.next = sv.next[:0]
	for _, p := range sv.steps {
		sv.next = append(sv.next, sv.now[p.from()])
		st := &sv.next[len(sv.next)-1]
		st.cost, st.pick[i] = p.cost(), int8(p.unit())
		if c := p.unit(); c >= 0 {
			st.used |= 1 << c
			st.by[c] = uint8(i)
		}
	}
	sv.now, sv.next = sv.next, sv.now
}

// sentBefore says that the request could have been answered by then.
func (u *unit) sentBefore(r *reply) bool { return u.after(&r.stamp) > -quiet }

func pairCost(u *unit, r *reply, agrees bool) float32 {
	var c float32
	if u.proc != r.proc {
		c += costForeign
	}
	if u.is(unitGaveUp) {
		c += costGaveUp
	}
	if r.anonymous() {
		c += costAnonymous
		if u.is(unitTaken) && u.seq != r.call {
			c += costTaken
		}
	}
	if agrees {
		c += costAgrees
	}
	return c + u.passedCost(r.t)
}

// passedCost is what it costs that a reply read at t is the unit's, though one to
// a later request was read before and has been settled: then that one overtook
// it, or their requests did.
func (u *unit) passedCost(t int64) float32 {
	if u.since == 0 {
		return 0
	}
	return log2(1 + float32(min(max(t-u.since, 0), surelyLater))/jitter)
}

// inversions is the cost of giving request c to reply i after later requests
// have gone to earlier replies. One message that was late overtakes several, and
// is late once: the dearest counts.
func (st *state) inversions(units []*unit, replies []reply, c, i int) float32 {
	var cost float32
	for later := st.used >> (c + 1) << (c + 1); later != 0; later &= later - 1 {
		j := bits.TrailingZeros64(later)
		k := int(st.by[j])
		sends := inversion(&units[c].stamp, &units[j].stamp, units[c].proc == units[j].proc)
		reads := inversion(&replies[k].stamp, &replies[i].stamp, replies[k].proc == replies[i].proc)
		cost = max(cost, min(sends, reads))
	}
	return cost
}

// inversion is the cost of b having passed before a though its stamp is later.
// Where b stands at its offset it is behind whatever was placed before it.
func inversion(a, b *stamp, sameProcess bool) float32 {
	switch {
	case sameProcess || b.hasOff && a.placed():
		return costNever
	case !a.hasOff && a.atMost && b.atMost && a.end() == b.end():
		return 0 // one of them was interrupted before its bytes were counted
	}
	return log2(1 + float32(max(a.after(b), 0))/jitter)
}

// log2 is the binary logarithm of x ≥ 1, at most 0.09 too low: between powers of
// two it is taken to be straight.
func log2(x float32) float32 {
	bits := math.Float32bits(x)
	exponent := float32(int32(bits>>23) - 127)
	mantissa := math.Float32frombits(bits&0x7fffff | 127<<23)
	return exponent + mantissa - 1
}

// isApart says that bytes which nobody logged are before the i-th reply: before
// or behind that before it, if that one may be off its place.
func isApart(replies []reply, i int) bool {
	return replies[i].apart || i > 0 && replies[i-1].apart
}

// agreed says whether all partial assignments have used the same requests.
func (sv *solver) agreed() bool {
	for i := range sv.now {
		if sv.now[i].used != sv.now[0].used {
			return false
		}
	}
	return true
}

// finish settles replies [from, to) by the best assignment and drops the others.
func (sv *solver) finish(units []*unit, replies []reply, from, to int) {
	for i := range sv.now {
		if sv.opt.ordered {
			sv.now[i].cost += sv.now[i].skipped(units, replies)
		}
	}
	best := 0
	for i := range sv.now {
		if sv.now[i].cost < sv.now[best].cost {
			best = i
		}
	}
	winner := sv.now[best]
	skips := winner.used&(winner.used+1) != 0 // a request was passed over
	for i := from; i < to; i++ {
		p := &sv.picks[i]
		p.unit, p.margin, p.order = int(winner.pick[i]), math.MaxFloat32, math.MaxFloat32
		for k := range sv.now {
			other := &sv.now[k]
			if other.pick[i] == winner.pick[i] {
				continue
			}
			p.margin = min(p.margin, other.cost-winner.cost)
			if other.used == winner.used || replies[i].doubtful() {
				p.order = min(p.order, other.cost-winner.cost)
			}
		}
		if p.unit >= 0 {
			p.wire = !skips && sv.opt.synced && replies[i].hasOff && units[p.unit].hasOff
		}
	}
	winner.cost = 0
	sv.now = append(sv.now[:0], winner)
}

// skipped is the cost of requests that were passed over.
func (st *state) skipped(units []*unit, replies []reply) float32 {
	var cost float32
	var later int // whose reply is known
	for i := bits.Len64(st.used) - 1; i >= 0; i-- {
		switch {
		case st.used&(1<<i) != 0:
			later = i
		case units[later].doubtful():
		case isApart(replies, int(st.by[later])):
			cost += costApart
		case units[i].is(unitUnsure):
			cost += costGap
		default:
			cost += costSkip
		}
	}
	return cost
}
