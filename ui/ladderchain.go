package ui

import (
	"slices"
	"sort"

	"github.com/sessiontop/sessiontop/model"
)

// chain is the calls of a session as far as they have been looked at, by Seq,
// the oldest first. It grows backwards as the user scrolls, and forwards as
// calls come; no call is looked at twice.
type chain struct {
	seqs  []int64
	first bool // seqs[0] is the oldest that is kept
}

// maxChain bounds how far back a chain goes: 8 MiB of Seqs.
const maxChain = 1 << 20

func (c *chain) len() int { return len(c.seqs) }

func (c *chain) newest() int64 {
	if len(c.seqs) == 0 {
		return -1
	}
	return c.seqs[len(c.seqs)-1]
}

func (c *chain) oldest() int64 {
	if len(c.seqs) == 0 {
		return -1
	}
	return c.seqs[0]
}

// update takes in the calls that came since, and forgets those let go.
func (c *chain) update(s *model.Snapshot, x *model.Session) {
	if i := sort.Search(len(c.seqs), func(i int) bool { return c.seqs[i] >= s.Calls.First() }); i > 0 {
		c.seqs, c.first = c.seqs[i:], true
	}
	known := c.newest()
	var fresh []int64
	for seq := x.LastCall; seq > known; {
		call := s.Calls.At(seq)
		if call == nil || call.Session != x.ID {
			break
		}
		fresh = append(fresh, seq)
		if call.Prev == 0 {
			c.first = c.first || known < 0
			break
		}
		if known < 0 && len(fresh) >= slack {
			break
		}
		seq -= int64(call.Prev)
	}
	slices.Reverse(fresh)
	c.seqs = append(c.seqs, fresh...)
	if n := len(c.seqs); n > 2*maxChain {
		c.seqs, c.first = slices.Clone(c.seqs[n-maxChain:]), false
	}
}

// extend looks at n more calls before the oldest, and returns how many there
// were.
func (c *chain) extend(s *model.Snapshot, n int) int {
	if n <= 0 || c.first || len(c.seqs) == 0 {
		return 0
	}
	n = min(max(n, 256), maxChain)
	var older []int64
	for seq := c.seqs[0]; len(older) < n; {
		call := s.Calls.At(seq)
		if call == nil || call.Prev == 0 || s.Calls.At(seq-int64(call.Prev)) == nil {
			c.first = true
			break
		}
		seq -= int64(call.Prev)
		older = append(older, seq)
	}
	slices.Reverse(older)
	c.seqs = append(older, c.seqs...)
	return len(older)
}

// reach extends the chain back to seq and says whether it got there.
func (c *chain) reach(s *model.Snapshot, seq int64) bool {
	for len(c.seqs) > 0 && c.seqs[0] > seq && !c.first && len(c.seqs) < maxChain {
		c.extend(s, len(c.seqs))
	}
	return c.find(seq) >= 0
}

// sentBy is the index of the last call sent at t or before, -1 if there is none.
func (c *chain) sentBy(s *model.Snapshot, t int64) int {
	return sort.Search(len(c.seqs), func(i int) bool {
		call := s.Calls.At(c.seqs[i])
		return call != nil && call.Asked > t
	}) - 1
}

// find is the index of seq, -1 where it is not in the chain.
func (c *chain) find(seq int64) int {
	i, ok := slices.BinarySearch(c.seqs, seq)
	if !ok {
		return -1
	}
	return i
}
