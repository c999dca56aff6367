package model

import "time"

// RateStep is the time that one bucket of a Rate covers.
const RateStep = time.Second

// rateBuckets is how many buckets a Rate has.
const rateBuckets = 8

// Rate counts what happened in each of the last steps.
type Rate struct {
	buckets [rateBuckets]uint32 // a ring, by step
	step    int64               // the newest step, in RateSteps since 1970
}

// add counts one event at t, Unix nanoseconds.
func (r *Rate) add(t int64) {
	step := t / int64(RateStep)
	if step > r.step {
		r.forward(step)
	}
	if r.step-step < rateBuckets {
		r.buckets[uint64(step)%rateBuckets]++
	}
}

// forward makes step the newest one.
func (r *Rate) forward(step int64) {
	for s := max(r.step+1, step-rateBuckets+1); s <= step; s++ {
		r.buckets[uint64(s)%rateBuckets] = 0
	}
	r.step = step
}

// At is the count of each of the eight steps up to now, oldest first.
func (r Rate) At(now int64) [rateBuckets]uint32 {
	if step := now / int64(RateStep); step > r.step {
		r.forward(step)
	}
	var out [rateBuckets]uint32
	for i := range out {
		out[i] = r.buckets[uint64(r.step+1+int64(i))%rateBuckets]
	}
	return out
}

// PerSecond is the mean over the whole steps before now.
func (r Rate) PerSecond(now int64) float64 {
	var sum uint32
	all := r.At(now)
	for _, n := range all[:rateBuckets-1] {
		sum += n
	}
	return float64(sum) / (rateBuckets - 1) / RateStep.Seconds()
}
