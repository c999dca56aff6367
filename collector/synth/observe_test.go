package synth_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/synth"
	"github.com/sessiontop/sessiontop/model"
)

// observe has the ideal observer look at all connections of the run.
func (r *run) observe(stamp synth.Stamp, ev evidence) (*observed, map[string]*observer) {
	byLine := make(map[string]*synth.Reply)
	calls := make(map[string]*synth.Call)
	answers := make(map[*synth.Call]string)
	for i := range r.truth.Replies {
		t := &r.truth.Replies[i]
		byLine[fmt.Sprint(t.File, t.Offset)] = t
		for _, c := range []*synth.Call{t.Took, t.Owner} {
			calls[fmt.Sprint(c.File, c.Offset)] = c
		}
		answers[t.Owner] = r.body(t.Line)
	}
	conns := make(map[string]*observer)
	for i := range r.out.Events {
		e := &r.out.Events[i]
		if e.Kind != model.Send && e.Kind != model.Recv {
			continue
		}
		o := conns[e.Conn.Local]
		if o == nil {
			o = &observer{evidence: ev, scale: math.Max(float64(stamp.Sigma)*math.Sqrt2, 1), tail: stamp.Tail, answer: answers}
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
	return sum, conns
}

// rate is how often a reply went to another process on this connection, where
// another one had a request in flight.
func (o *observer) rate() float64 {
	foreign, could := 1.0, 2.0
	until := make(map[*synth.Call]float64) // when its process read something for it
	for j := range o.reads {
		until[o.reads[j].reply.Took] = o.reads[j].t
	}
	var open []*passed
	i := 0
	for j := range o.reads {
		r := &o.reads[j]
		for ; i < len(o.asks) && o.asks[i].t < r.t; i++ {
			open = append(open, &o.asks[i])
		}
		open = slices.DeleteFunc(open, func(a *passed) bool { return until[a.call] < r.t })
		if slices.ContainsFunc(open, func(a *passed) bool { return a.proc.PID != r.proc.PID }) {
			could++
			if r.reply.Took.PID != r.reply.Owner.PID {
				foreign++
			}
		}
	}
	return foreign / could
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

// TestIdealObserver compares, of the scenarios whose name contains
// SYNTH_OBSERVE, what is reached with what could be.
func TestIdealObserver(t *testing.T) {
	want := os.Getenv("SYNTH_OBSERVE")
	if want == "" {
		t.Skip("SYNTH_OBSERVE names no scenario")
	}
	for _, c := range scenarios() {
		f := c.cfg.Fleets[0]
		if !strings.Contains(c.name, want) || f.Sharing != synth.SharedSocket || f.Timeout > 0 || !c.ordered() || c.cfg.Log.Off || c.cfg.Log.Lost > 0 {
			continue
		}
		r := simulate(t, c.cfg)
		fmt.Printf("%-22s engine    %s\n", c.name, r.score().Summary())
		for ev, name := range []string{"order", "id", "dialect", "content"} {
			sum, _ := r.observe(f.Stamp, evidence(ev))
			fmt.Printf("%-22s %-9s %s\n", "", name, sum)
		}
	}
}
