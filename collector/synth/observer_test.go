package synth_test

import (
	"fmt"
	"math"

	"github.com/sessiontop/sessiontop/collector/synth"
	"github.com/sessiontop/sessiontop/model"
)

// An ideal observer knows how the stamps come about, and says of each reply
// which request it answers most likely: what it does not know cannot be known.
// It sums over all orders of the wire that the stamps allow (forward and
// backward over the sets of requests and of replies that have passed), each as
// likely as the normal distribution says.

// evidence is what it may look at besides the order.
type evidence int

const (
	byOrder evidence = iota
	byID
	byDialect // id, type and echo
	byContent // whether the node would answer exactly so
)

type passed struct {
	t     float64 // stamp in nanoseconds
	proc  *model.ProcInfo
	msg   *model.Message
	call  *synth.Call  // of a request
	reply *synth.Reply // of a reply
}

type observer struct {
	scale     float64 // of the difference of two stamps
	tail      synth.Tail
	foreign   float64 // how often a reply goes to another process, where it could
	evidence  evidence
	asks      []passed
	reads     []passed
	answer    map[*synth.Call]string // its right reply
	text      []string               // of the reads
	posterior []map[int]float64      // of a read: the requests
}

// window is which of the requests and replies around a position have passed:
// those before lo, and the bits from there.
type window struct {
	askLo, readLo int32
	asks, reads   uint32
}

const reach = 32

// inverted is how likely it is that a passed after b though its stamp is gap
// earlier.
func (o *observer) inverted(gap float64) float64 {
	p := normalTail(gap / o.scale)
	if o.tail.Share > 0 {
		p += o.tail.Share * normalTail(math.Log(math.Max(gap, 1)/float64(o.tail.Median)))
	}
	return min(max(p, 1e-12), 1-1e-12)
}

func normalTail(z float64) float64 { return 0.5 * math.Erfc(z/math.Sqrt2) }

// far is by how much stamps can be apart at most and still be the other way
// round.
func (o *observer) far() float64 {
	if o.tail.Share > 0 {
		return 60 * float64(o.tail.Median)
	}
	return 7 * o.scale
}

// choices are the members that may pass next, with the logarithm of how likely.
// A message that is out of the order of the stamps is so for one reason, however
// many it stands behind: a send was held up after its stamp (late), a read
// before it.
func (o *observer) choices(all []passed, lo int32, used uint32, late bool) (index []int, weight []float64) {
	end := min(len(all), int(lo)+reach)
	for i := int(lo); i < end; i++ {
		if used>>(i-int(lo))&1 != 0 {
			continue
		}
		w, over, ok := 0.0, math.Inf(-1), true
		for k := int(lo); k < end && ok; k++ {
			gap := all[i].t - all[k].t
			same := all[k].proc.PID == all[i].proc.PID
			switch passedBefore := used>>(k-int(lo))&1 != 0; {
			case k == i:
			case passedBefore && k > i && late:
				over = max(over, -gap)
			case !passedBefore && k < i:
				ok = !same && gap <= o.far()
				if !late {
					over = max(over, gap)
				}
			case !passedBefore && k > i && !same:
				w += math.Log(1 - o.inverted(-gap))
			}
		}
		if !math.IsInf(over, -1) {
			w += math.Log(o.inverted(over))
		}
		if ok {
			index, weight = append(index, i), append(weight, w)
		}
	}
	return index, weight
}

func pass(lo int32, used uint32, i int) (int32, uint32) {
	used |= 1 << (i - int(lo))
	for used&1 != 0 {
		used >>= 1
		lo++
	}
	return lo, used
}

func (o *observer) pair(i, j int) float64 {
	a, r := &o.asks[i], &o.reads[j]
	if a.t > r.t+o.far() {
		return math.Inf(-1)
	}
	fits := true
	switch o.evidence {
	case byContent:
		fits = o.answer[a.call] == o.text[j]
	case byDialect:
		if r.msg.Kind == model.Result {
			fits = a.msg.Print.Fits(&r.msg.Print) && a.msg.Print.Echo(&r.msg.Print) != model.EchoContradicts
		}
		fits = fits && a.msg.ID == r.msg.ID
	case byID:
		fits = a.msg.ID == r.msg.ID
	}
	if !fits {
		return math.Inf(-1)
	}
	if a.proc.PID != r.proc.PID {
		return math.Log(o.foreign)
	}
	return math.Log(1 - o.foreign)
}

type edge struct {
	from, to window
	i, j     int
	w        float64
}

// solve fills posterior.
func (o *observer) solve() {
	n := min(len(o.asks), len(o.reads))
	now := map[window]float64{{}: 0}
	edges := make([][]edge, n)
	for k := range n {
		next := make(map[window]float64)
		for st, p := range now {
			ai, aw := o.choices(o.asks, st.askLo, st.asks, true)
			ri, rw := o.choices(o.reads, st.readLo, st.reads, false)
			for x, i := range ai {
				for y, j := range ri {
					w := aw[x] + rw[y] + o.pair(i, j)
					if math.IsInf(w, -1) {
						continue
					}
					var to window
					to.askLo, to.asks = pass(st.askLo, st.asks, i)
					to.readLo, to.reads = pass(st.readLo, st.reads, j)
					edges[k] = append(edges[k], edge{st, to, i, j, p + w})
					next[to] = logSum(next, to, p+w)
				}
			}
		}
		if len(next) == 0 {
			panic(fmt.Sprintf("no order fits at %d of %d: %v", k, n, now))
		}
		now = prune(next)
	}
	o.posterior = make([]map[int]float64, len(o.reads))
	behind := map[window]float64{}
	for st := range now {
		behind[st] = 0
	}
	for k := n - 1; k >= 0; k-- {
		before := make(map[window]float64)
		total := math.Inf(-1)
		for _, e := range edges[k] {
			if b, ok := behind[e.to]; ok {
				total = logAdd(total, e.w+b)
			}
		}
		for _, e := range edges[k] {
			b, ok := behind[e.to]
			if !ok {
				continue
			}
			if o.posterior[e.j] == nil {
				o.posterior[e.j] = make(map[int]float64)
			}
			o.posterior[e.j][e.i] += math.Exp(e.w + b - total)
		}
		// e.w holds the forward weight of e.from: take it out again.
		base := make(map[window]float64)
		if k > 0 {
			for _, e := range edges[k-1] {
				base[e.to] = logSum(base, e.to, e.w)
			}
		} else {
			base[window{}] = 0
		}
		for _, e := range edges[k] {
			if b, ok := behind[e.to]; ok {
				before[e.from] = logSum(before, e.from, e.w-base[e.from]+b)
			}
		}
		behind = before
	}
}

// prune lets go of what is less likely than the best by a factor of 10^13.
func prune(states map[window]float64) map[window]float64 {
	best := math.Inf(-1)
	for _, w := range states {
		best = math.Max(best, w)
	}
	for st, w := range states {
		if w < best-40 {
			delete(states, st)
		}
	}
	return states
}

func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

func logSum(m map[window]float64, k window, w float64) float64 {
	if v, ok := m[k]; ok {
		return logAdd(v, w)
	}
	return w
}

// tally is what came of it.
type observed struct {
	due, found, false_, owner int
	known                     float64 // the number of replies whose owner it expects to be right about
	replies                   int
}

func (o *observed) String() string {
	return fmt.Sprintf("recall %6.2f %%  precision %6.2f %%  owner %6.2f %%  wrong owners overall %.3f %%",
		100*ratio(o.found, o.due), 100*ratio(o.found, o.found+o.false_), 100*ratio(o.owner, o.found), 100*(1-o.known/float64(o.replies)))
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}
