package model

import (
	"math"
	"math/bits"
	"slices"
)

// Hist is a histogram of latencies in microseconds: exact below 8, then eight
// buckets to the power of two, so that a quantile is at most 12.5 % too high.
// Only the range of buckets in use is kept. The zero value is empty.
type Hist struct {
	buckets []uint32 // of the buckets base, base+1, …
	base    int
	n       uint64
	max     uint32
}

// Add counts one latency of us microseconds.
func (h *Hist) Add(us uint32) {
	b := histBucket(us)
	switch {
	case len(h.buckets) == 0:
		h.buckets, h.base = make([]uint32, 1, 8), b
	case b < h.base:
		h.buckets = slices.Insert(h.buckets, 0, make([]uint32, h.base-b)...)
		h.base = b
	case b >= h.base+len(h.buckets):
		h.buckets = append(h.buckets, make([]uint32, b-h.base-len(h.buckets)+1)...)
	}
	h.buckets[b-h.base]++
	h.n++
	h.max = max(h.max, us)
}

// Count is how many latencies there are.
func (h *Hist) Count() uint64 { return h.n }

// Max is the highest.
func (h *Hist) Max() uint32 { return h.max }

// Quantile is the latency that a share q of all does not exceed, 0 of none.
func (h *Hist) Quantile(q float64) uint32 {
	if h.n == 0 {
		return 0
	}
	want := uint64(math.Ceil(q * float64(h.n)))
	var seen uint64
	for i, c := range h.buckets {
		if seen += uint64(c); seen >= want {
			return min(histUpper(h.base+i), h.max)
		}
	}
	return h.max
}

// Bars folds the histogram into at most n bars over its used range and gives
// the lower and upper bound of that range, for drawing.
func (h *Hist) Bars(n int) (bars []uint64, lo, hi uint32) {
	if len(h.buckets) == 0 || n <= 0 {
		return nil, 0, 0
	}
	span := len(h.buckets)
	n = min(n, span)
	bars = make([]uint64, n)
	for i, c := range h.buckets {
		bars[i*n/span] += uint64(c)
	}
	return bars, histLower(h.base), histUpper(h.base + span - 1)
}

// clone is a copy that shares nothing.
func (h *Hist) clone() Hist {
	c := *h
	c.buckets = slices.Clone(h.buckets)
	return c
}

func histBucket(us uint32) int {
	if us < 8 {
		return int(us)
	}
	e := bits.Len32(us) - 4 // us>>e is in [8, 16)
	return 8 + e*8 + int(us>>e) - 8
}

func histLower(i int) uint32 {
	if i < 16 {
		return uint32(i)
	}
	e := i/8 - 1
	return uint32(i%8+8) << e
}

func histUpper(i int) uint32 {
	if i < 15 {
		return uint32(i)
	}
	return histLower(i+1) - 1
}
