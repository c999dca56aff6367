package model

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// Digest is a 64-bit digest of b, never 0, the same on every run: FNV-1a with
// a final mix. It tells values apart; it does not withstand somebody who
// constructs collisions, whose only gain is a wrong line about his own log.
func Digest(b []byte) uint64 {
	h := uint64(fnvOffset)
	for len(b) >= 8 {
		w := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		h = mix(h ^ w)
		b = b[8:]
	}
	for _, c := range b {
		h = (h ^ uint64(c)) * fnvPrime
	}
	return nonzero(mix(h))
}

// digest is the Digest of the parts, each ended so that ("ab","c") and
// ("a","bc") differ.
func digest(parts ...string) uint64 {
	h := uint64(fnvOffset)
	for _, p := range parts {
		for i := 0; i < len(p); i++ {
			h = (h ^ uint64(p[i])) * fnvPrime
		}
		h = mix(h ^ uint64(len(p)))
	}
	return nonzero(h)
}

// mix is the finaliser of SplitMix64: every bit of x reaches every bit of it.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

func nonzero(h uint64) uint64 {
	if h == 0 {
		return 1
	}
	return h
}
