package synth

import (
	"math"
	"math/rand/v2"
	"time"
)

// Delay is how long something takes: never less than Floor, and Mean more on
// average, exponentially distributed.
type Delay struct {
	Floor, Mean time.Duration
}

func (d Delay) draw(r *rand.Rand) int64 {
	if d.Mean == 0 {
		return int64(d.Floor)
	}
	return int64(d.Floor) + int64(float64(d.Mean)*r.ExpFloat64())
}

// Tail is what happens rarely and takes long, such as a process that loses its
// processor: with probability Share a time is drawn, log-normally distributed
// around Median.
type Tail struct {
	Share  float64
	Median time.Duration
}

func (t Tail) draw(r *rand.Rand) int64 {
	if !chance(r, t.Share) {
		return 0
	}
	return int64(spread(r, float64(t.Median), 1))
}

// chance is true with probability p; it draws nothing where p is 0.
func chance(r *rand.Rand, p float64) bool { return p > 0 && r.Float64() < p }

// spread is log-normally distributed around median with that sigma.
func spread(r *rand.Rand, median, sigma float64) float64 {
	return median * math.Exp(sigma*r.NormFloat64())
}

// stream is one of the independent sequences of random numbers of a seed.
func stream(seed uint64, of ...uint64) *rand.Rand {
	h := seed
	for _, v := range of {
		h = scramble(h ^ scramble(v+1))
	}
	return rand.New(rand.NewPCG(seed, h))
}

// scramble is the finaliser of SplitMix64.
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
