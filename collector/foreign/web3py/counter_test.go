package web3py

import (
	"slices"
	"testing"
)

// ids gives the ids of a process's requests by those of their replies, as a
// serial process would have them: each may wait for the one after it.
func ids(c *counter, on trust, replies []int64) (got []int64) {
	known := func(i, from int) replyID { return replyID{replies[i], replies[i] >= 0, i - from} } // -1 is a call without a reply
	for i := range replies {
		id, sure := c.id(known(i, i), on, 0, nil, false)
		var later []replyID
		for k := i + 1; k < len(replies) && !sure && k < i+horizon; k++ {
			later = append(later, known(k, i))
			id, sure = c.id(known(i, i), on, 0, later, false)
		}
		if !sure {
			id, sure = c.id(known(i, i), on, 0, later, true)
		}
		if !sure {
			return append(got, -99)
		}
		got = append(got, id)
	}
	return got
}

func TestCounter(t *testing.T) {
	for name, tc := range map[string]struct {
		starts        []int64
		replies, want []int64
		on            trust
		fresh         bool
	}{
		"counts from 0":                        {nil, []int64{0, 1, 2, 3}, []int64{0, 1, 2, 3}, anyConnection, false},
		"the log begins later":                 {nil, []int64{17, 18, 19}, []int64{17, 18, 19}, anyConnection, false},
		"a reply of a sibling's":               {nil, []int64{0, 2, 2, 3}, []int64{0, 1, 2, 3}, anyConnection, false},
		"an earlier reply of a sibling's":      {nil, []int64{0, 1, 1, 3}, []int64{0, 1, 2, 3}, anyConnection, false},
		"the first reply is a sibling's":       {nil, []int64{1, 1, 2}, []int64{0, 1, 2}, anyConnection, false},
		"a provider handed down":               {[]int64{1}, []int64{1, 2, 3}, []int64{1, 2, 3}, anyConnection, false},
		"handed down, the first astray":        {[]int64{1}, []int64{2, 2, 3}, []int64{1, 2, 3}, anyConnection, false},
		"handed down, the second astray":       {[]int64{1}, []int64{1, 1, 3, 4}, []int64{1, 2, 3, 4}, anyConnection, false},
		"new in the child":                     {[]int64{0, 1}, []int64{1, 1}, []int64{0, 1}, anyConnection, false},
		"a new provider":                       {nil, []int64{0, 1, 2, 0, 1, 2}, []int64{0, 1, 2, 0, 1, 2}, anyConnection, false},
		"a provider for each call":             {nil, []int64{0, 0, 0, 0}, []int64{0, 0, 0, 0}, anyConnection, false},
		"a sibling's first reply":              {nil, []int64{0, 1, 2, 0, 4}, []int64{0, 1, 2, 3, 4}, anyConnection, false},
		"two providers in turn":                {nil, []int64{0, 1, 57, 58, 2, 3, 59}, []int64{0, 1, 57, 58, 2, 3, 59}, anyConnection, false},
		"a call without a reply":               {nil, []int64{0, -1, 2, 3}, []int64{0, 1, 2, 3}, anyConnection, false},
		"the first without a reply":            {nil, []int64{-1, 1, 2}, []int64{0, 1, 2}, anyConnection, false},
		"behind again and again":               {nil, []int64{0, 1, 2, 3, 3, 4, 5}, []int64{0, 1, 2, 3, 4, 5, 6}, anyConnection, false},
		"off by the same for good":             {nil, []int64{0, 1, 2, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15}, []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 15}, anyConnection, false},
		"nothing is known but of one call":     {nil, []int64{5}, []int64{5}, anyConnection, false},
		"ahead all the time, on its parent's":  {[]int64{0, 1}, []int64{1, 2, 3, 4, 5}, []int64{0, 1, 2, 3, 4}, parents, true},
		"handed down, on its parent's":         {[]int64{0, 1}, []int64{1, 2, 4, 4}, []int64{1, 2, 3, 4}, parents, false},
		"its parent's, and all else is astray": {[]int64{0, 1}, []int64{1, 1, 5, 6}, []int64{0, 1, 2, 3}, parents, true},
		"a sibling's first two":                {[]int64{0}, []int64{0, 1, 0, 1, 3, 5}, []int64{0, 1, 2, 3, 4, 5}, parents, true},
		"its own connection":                   {nil, []int64{5, 6, 0, 9, 10}, []int64{5, 6, 0, 9, 10}, ownConnection, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ids(&counter{starts: tc.starts, fresh: tc.fresh}, tc.on, tc.replies); !slices.Equal(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestCounterOfThreads(t *testing.T) {
	c := &counter{}
	for _, step := range []struct {
		k       int64
		waiting int
		want    int64
	}{{0, 0, 0}, {2, 1, 2}, {1, 0, 1}, {3, 0, 3}, {6, 2, 6}, {5, 1, 5}, {4, 0, 4}} {
		if id, sure := c.id(replyID{step.k, true, 0}, anyConnection, step.waiting, nil, len(c.next) == 0); id != step.want || !sure {
			t.Errorf("reply %d with %d waiting: %d, %v", step.k, step.waiting, id, sure)
		}
	}
}

func TestCounterAfterABatch(t *testing.T) {
	c := &counter{}
	c.id(replyID{0, true, 0}, anyConnection, 0, nil, true)
	c.loose = true
	for k := int64(6); k < 9; k++ {
		if id, sure := c.id(replyID{k, true, 0}, anyConnection, 0, nil, false); id != k || !sure {
			t.Errorf("reply %d: %d, %v", k, id, sure)
		}
	}
}
