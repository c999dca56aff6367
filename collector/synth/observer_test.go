package synth_test

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

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
	asks, reads   uint16
}

const reach = 12

func inverted(gap, scale float64) float64 {
	return math.Max(0.5*math.Erfc(gap/scale/math.Sqrt2), 1e-12)
}

// choices are the members that may pass next, with the logarithm of how likely.
func (o *observer) choices(all []passed, lo int32, used uint16) (index []int, weight []float64) {
	for i := int(lo); i < len(all) && i < int(lo)+reach; i++ {
		if used>>(i-int(lo))&1 != 0 {
			continue
		}
		w, ok := 0.0, true
		for k := int(lo); k < len(all) && k < int(lo)+reach; k++ {
			if k == i || used>>(k-int(lo))&1 != 0 {
				continue
			}
			gap := all[i].t - all[k].t
			if k < i { // an earlier stamp that passes later
				if all[k].proc.PID == all[i].proc.PID || gap > 7*o.scale {
					ok = false
					break
				}
				w += math.Log(inverted(gap, o.scale))
			} else if all[k].proc.PID != all[i].proc.PID {
				w += math.Log(1 - inverted(-gap, o.scale))
			}
		}
		if ok {
			index, weight = append(index, i), append(weight, w)
		}
	}
	return index, weight
}

func pass(lo int32, used uint16, i int) (int32, uint16) {
	used |= 1 << (i - int(lo))
	for used&1 != 0 {
		used >>= 1
		lo++
	}
	return lo, used
}

func (o *observer) pair(i, j int) float64 {
	a, r := &o.asks[i], &o.reads[j]
	if a.t > r.t+7*o.scale {
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
			ai, aw := o.choices(o.asks, st.askLo, st.asks)
			ri, rw := o.choices(o.reads, st.readLo, st.reads)
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
			panic("no order fits")
		}
		now = next
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

// observe has the ideal observer look at all connections of the run.
func (r *run) observe(sigma time.Duration, ev evidence) *observed {
	byLine := make(map[string]*synth.Reply)
	calls := make(map[string]*synth.Call)
	answers := make(map[*synth.Call]string)
	astray, could := 0, 0
	for i := range r.truth.Replies {
		t := &r.truth.Replies[i]
		byLine[fmt.Sprint(t.File, t.Offset)] = t
		for _, c := range []*synth.Call{t.Took, t.Owner} {
			calls[fmt.Sprint(c.File, c.Offset)] = c
		}
		answers[t.Owner] = r.body(t.Line)
		could++
		if t.Took.PID != t.Owner.PID {
			astray++
		}
	}
	conns := make(map[string]*observer)
	for i := range r.out.Events {
		e := &r.out.Events[i]
		if e.Kind != model.Send && e.Kind != model.Recv {
			continue
		}
		o := conns[e.Conn.Local]
		if o == nil {
			o = &observer{evidence: ev, scale: math.Max(float64(sigma)*math.Sqrt2, 1), answer: answers}
			conns[e.Conn.Local] = o
		}
		file, offset := r.resolve(e.Origin)
		p := passed{t: float64(e.Time - r.out.Events[0].Time), proc: e.Proc, msg: &r.out.Messages[e.Msg]}
		key := fmt.Sprint(file, offset)
		if e.Kind == model.Send {
			p.call = calls[key]
			o.asks = append(o.asks, p)
		} else {
			p.reply = byLine[key]
			o.reads = append(o.reads, p)
			o.text = append(o.text, r.body(p.reply.Line))
		}
	}
	sum := &observed{}
	for _, name := range sortedNames(conns) {
		o := conns[name]
		o.foreign = o.rate()
		o.solve()
		o.count(sum)
	}
	return sum
}

// rate is how often a reply went to another process on this connection, where
// another one had a request in flight.
func (o *observer) rate() float64 {
	foreign, could := 1.0, 2.0
	for j := range o.reads {
		open := false
		for i := range o.asks {
			a := &o.asks[i]
			open = open || a.t < o.reads[j].t && a.proc.PID != o.reads[j].proc.PID && o.readLater(a, o.reads[j].t)
		}
		if open {
			could++
			if o.reads[j].reply.Took.PID != o.reads[j].reply.Owner.PID {
				foreign++
			}
		}
	}
	return foreign / could
}

func (o *observer) readLater(a *passed, t float64) bool {
	i := sort.Search(len(o.reads), func(i int) bool { return o.reads[i].t >= t })
	for ; i < len(o.reads); i++ {
		if o.reads[i].reply.Took == a.call {
			return true
		}
	}
	return false
}

func (o *observer) count(sum *observed) {
	for j := range o.reads {
		t := o.reads[j].reply
		best, p := -1, 0.0
		keys := make([]int, 0, len(o.posterior[j]))
		for i := range o.posterior[j] {
			keys = append(keys, i)
		}
		slices.Sort(keys)
		for _, i := range keys {
			if o.posterior[j][i] > p {
				best, p = i, o.posterior[j][i]
			}
		}
		sum.replies++
		sum.known += p
		astray := t.Took != t.Owner
		found := best >= 0 && o.asks[best].call != t.Took
		switch {
		case astray && found:
			sum.due++
			sum.found++
			if o.asks[best].call == t.Owner {
				sum.owner++
			}
		case astray:
			sum.due++
		case found:
			sum.false_++
		}
	}
}

func sortedNames(m map[string]*observer) []string {
	var names []string
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// body is the message of a line.
func (r *run) body(l synth.Line) string {
	s := r.line(l)
	return s[strings.Index(s, `"msg":`):]
}

func TestIdealObserver(t *testing.T) {
	for _, c := range scenarios() {
		f := c.cfg.Fleets[0]
		if f.Sharing != synth.SharedSocket || f.Timeout > 0 || c.cfg.Log.Off || f.Stamp.Tail.Share > 0 {
			continue
		}
		r := simulate(t, c.cfg)
		fmt.Printf("%-22s engine    %s\n", c.name, r.score().Summary())
		for ev, name := range []string{"order", "id", "dialect", "content"} {
			fmt.Printf("%-22s %-9s %s\n", "", name, r.observe(f.Stamp.Sigma, evidence(ev)))
		}
	}
}
