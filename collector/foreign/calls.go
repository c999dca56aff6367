package foreign

import (
	"slices"
	"sync"
)

// Call is a call as a client's log tells of it.
type Call struct {
	PID    int
	Client string // library and version
	Method string
	ID     string // JSON
	Peer   string // host:port of the endpoint
	Asked  int64  // when it was sent, Unix nanoseconds
	Got    int64  // when a reply was read, or it was given up

	claimed bool // a request that a node served is taken to be it
	unclear bool // … or another's that looks the same
}

// Calls is what the clients' logs of one run tell, for a node's log to be held
// against: the node knows connections and no processes, the clients' logs the
// other way round. A nil Calls keeps nothing. Any goroutine may use it.
type Calls struct {
	mu   sync.Mutex
	by   map[callKey][]Call
	keys []callKey // of each call, the oldest first
}

type callKey struct{ method, id string }

const (
	// maxCalls bounds the calls that are kept; the oldest go.
	maxCalls = 1 << 18
	// skew is how far the stamps of one moment may be apart in two logs: they
	// have milliseconds.
	skew = int64(2e6)
	// slowest is how long after a request the node may have served it, in
	// nanoseconds.
	slowest = int64(5e9)
)

// NewCalls returns Calls without any.
func NewCalls() *Calls { return &Calls{by: make(map[callKey][]Call)} }

// Add notes a call.
func (c *Calls) Add(call Call) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key := callKey{call.Method, call.ID}
	c.by[key] = append(c.by[key], call)
	c.keys = append(c.keys, key)
	if len(c.keys) > maxCalls {
		oldest := c.keys[0]
		c.keys = c.keys[1:]
		if c.by[oldest] = c.by[oldest][1:]; len(c.by[oldest]) == 0 {
			delete(c.by, oldest)
		}
	}
}

// Served finds the call that a node has served at the time t. ok is false where
// there is none, or more than one that it could be; each call is found once.
func (c *Calls) Served(method, id string, t int64) (call Call, ok bool) {
	if c == nil {
		return Call{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	calls := c.by[callKey{method, id}]
	var like []int
	for i := range calls {
		if k := &calls[i]; !k.claimed && k.Asked-skew <= t && t <= k.Asked+slowest {
			like = append(like, i)
		}
	}
	if len(like) == 0 {
		return Call{}, false
	}
	first := slices.MinFunc(like, func(a, b int) int { return int(min(max(calls[a].Asked-calls[b].Asked, -1), 1)) })
	calls[first].claimed = true
	if len(like) > 1 { // which one this was will not be known of the others either
		for _, i := range like {
			calls[i].unclear = true
		}
	}
	call = calls[first]
	return call, !call.unclear && t <= call.Got+skew
}
