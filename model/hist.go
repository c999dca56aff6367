package model

import "math/bits"

// Hist is a histogram of latencies in microseconds: exact below 8, then eight
// buckets to the power of two, so that a quantile is at most 12.5 % too high.
// The zero value is empty.
type Hist struct {
	buckets [histBuckets]uint32
	n       uint64
	max     uint32
}

const histBuckets = 8 + 8*29

// Add counts one latency of us microseconds.
func (h *Hist) Add(us uint32) {
	h.buckets[histBucket(us)]++
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
	want := uint64(q*float64(h.n-1)) + 1
	var seen uint64
	for i, c := range h.buckets {
		if seen += uint64(c); seen >= want {
			return min(histUpper(i), h.max)
		}
	}
	return h.max
}

// Bars folds the histogram into n bars over its used range and gives the lower
// and upper bound of that range, for drawing.
func (h *Hist) Bars(n int) (bars []uint64, lo, hi uint32) {
	first, last := -1, -1
	for i, c := range h.buckets {
		if c == 0 {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
	}
	if first < 0 || n <= 0 {
		return nil, 0, 0
	}
	span := last - first + 1
	bars = make([]uint64, n)
	for i := first; i <= last; i++ {
		bars[(i-first)*n/span] += uint64(h.buckets[i])
	}
	return bars, histLower(first), histUpper(last)
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
