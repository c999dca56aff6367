package web3py

import "slices"

// counter guesses the ids of a process's requests, which the log leaves out. A
// provider counts them from 0, one a request; a child goes on from where its
// parent's provider was, a new provider begins anew. So a reply has the id of
// its request unless it breaks the count, and a break that goes on is another
// provider.
type counter struct {
	next   []int64 // of each provider that is known, the last used first
	passed []int64 // ids of requests that were passed over, smallest first
	starts []int64 // where the count may begin, the likeliest first: 0, or the parent's next
	fresh  bool    // processes like it are known to have made providers of their own
	loose  bool    // requests were sent of which the log has no number (a batch)
	miss   int64   // by how much the last reply was off
	misses int     // and how often in a row
}

const (
	maxProviders = 8
	maxPassed    = 64
	// near is how far a sibling's ids are away at most; what is further off is
	// the count of another provider.
	near = 16
	// rebase is how many replies in a row are off by the same until the count
	// is taken to be.
	rebase = 8

	// horizon is how many replies are looked at to find where a count begins.
	horizon = 4
)

// replyID is what is known of a request's reply.
type replyID struct {
	id    int64
	known bool // there is a reply, and its id is an integer
	after int  // by how many requests it is behind the one in question
}

// trust says how far a reply's id can be relied on to be its request's.
type trust uint8

const (
	anyConnection trust = iota // nothing is known of the connection
	ownConnection              // nobody else is on it
	parents                    // others are on it, and the process began with it
)

// id is the id of a request that has the reply k, where waiting requests of the
// process have none yet and later are the replies to those behind it. sure is
// false where more of them are needed; with final it has to do without.
func (c *counter) id(k replyID, on trust, waiting int, later []replyID, final bool) (id int64, sure bool) {
	switch {
	case k.known && on == ownConnection:
		if len(c.next) == 0 || !c.counts(k.id, waiting) {
			c.provider(k.id)
		}
		c.misses = 0
		return k.id, true
	case len(c.next) == 0:
		if len(later) < horizon-1 && !final {
			return 0, false
		}
		return c.begin(append([]replyID{k}, later...), on == parents), true
	case !k.known:
		return c.expect(), true
	case c.counts(k.id, waiting):
		c.misses = 0
		return k.id, true
	}
	off := k.id - c.smallest()
	if c.loose && off > 0 {
		c.loose = false
		return c.provider(k.id), true
	}
	if k.id == 0 || off > near || off < -near {
		switch {
		case begins(k, later, on == parents):
			return c.provider(k.id), true
		case len(later) == 0 && !final:
			return 0, false
		case len(later) == 0 && k.id == 0:
			return c.provider(0), true
		}
	}
	if off != c.miss {
		c.miss, c.misses = off, 0
	}
	if c.misses++; c.misses == rebase && on != parents {
		c.misses, c.next[0] = 0, k.id+1
		return k.id, true
	}
	return c.expect(), true
}

// begins says whether the replies go on from k, as those of another provider do.
// Where others are on the connection, two that do so may be another's.
func begins(k replyID, later []replyID, strict bool) bool {
	most := 1
	if strict {
		most = 2
	}
	for i, r := range later {
		if !r.known || r.id != k.id+int64(r.after) && (k.id != 0 || r.id != 0) {
			return false
		}
		if i+1 == most || r.id == 0 {
			return true
		}
	}
	return false
}

// begin is the id of the first request that is seen of the process: the one by
// which most of the first replies are the process's own. Of a child that began
// with its parent's connection it can only be one of few.
func (c *counter) begin(replies []replyID, child bool) int64 {
	first, most := int64(0), -1
	if child && c.fresh {
		return c.provider(0)
	}
	try := func(start int64) {
		n := 0
		for _, k := range replies {
			if k.known && k.id == start+int64(k.after) {
				n++
			}
		}
		if n > most && start >= 0 {
			first, most = start, n
		}
	}
	for _, start := range c.starts {
		try(start)
	}
	if child && len(c.starts) > 0 {
		return c.provider(first)
	}
	try(0)
	for _, k := range replies {
		if k.known {
			try(k.id - int64(k.after))
		}
	}
	return c.provider(first)
}

// renewed notes that the process made a provider of its own, before any of its
// ids was known.
func (c *counter) renewed() {
	if len(c.next) == 0 && (len(c.starts) == 0 || c.starts[0] != 0) {
		c.starts = slices.Insert(c.starts, 0, 0)
	}
}

// provider takes id as that of a provider that was not known.
func (c *counter) provider(id int64) int64 {
	c.next = slices.Insert(c.next, 0, id+1)
	c.next = c.next[:min(len(c.next), maxProviders)]
	c.misses = 0
	return id
}

// counts says whether id is one that is due, and takes it.
func (c *counter) counts(id int64, waiting int) bool {
	if i := slices.Index(c.passed, id); i >= 0 {
		c.passed = slices.Delete(c.passed, i, i+1)
		return true
	}
	if i := slices.Index(c.next, id); i >= 0 {
		c.next = slices.Insert(slices.Delete(c.next, i, i+1), 0, id+1)
		return true
	}
	first := c.next[0]
	if id < first || id-first > int64(waiting) || len(c.passed)+waiting > maxPassed {
		return false
	}
	for ; first < id; first++ {
		c.passed = append(c.passed, first)
	}
	c.next[0] = id + 1
	return true
}

// smallest is the least id that is due.
func (c *counter) smallest() int64 {
	if len(c.passed) > 0 {
		return c.passed[0]
	}
	return c.next[0]
}

// expect takes the least id that is due.
func (c *counter) expect() int64 {
	if len(c.passed) > 0 {
		id := c.passed[0]
		c.passed = slices.Delete(c.passed, 0, 1)
		return id
	}
	c.next[0]++
	return c.next[0] - 1
}
