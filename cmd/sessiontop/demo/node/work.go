package node

import (
	"context"
	"math/rand/v2"
	"time"
)

// A call reads the database: how much of it, and how long that takes, differs
// from call to call.
const (
	leastWork   = 100 * time.Microsecond
	usualWork   = 600 * time.Microsecond // more than the least, on average
	longestWork = 3 * time.Millisecond
)

// work verifies the root of the newest state for as long as a call takes to
// read what it needs, or until the client has gone.
func (c *chain) work(ctx context.Context) {
	for end := time.Now().Add(serviceTime()); time.Now().Before(end) && ctx.Err() == nil; {
		c.read(func(s *state) { s.root() })
	}
}

func serviceTime() time.Duration {
	return min(leastWork+time.Duration(rand.ExpFloat64()*float64(usualWork)), longestWork)
}
