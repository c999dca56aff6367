package foreign

import (
	"cmp"
	"net/netip"
	"slices"
	"sync"
)

// Call is a call as a client's log tells of it.
type Call struct {
	PID    int
	Client string // library and version
	Method string
	ID     string // JSON
	Sure   bool   // the log has the id; else it was counted
	Peer   string // host:port of the endpoint
	Asked  int64  // when it was sent, Unix nanoseconds
	Got    int64  // when a reply was read, or it was given up

	claimed bool // a request that a node served is taken to be it
	unclear bool // … or another's that looks the same
}

// Calls is what the clients' logs of one run tell, for a node's log or a capture
// to be held against: those know connections and no processes, most clients' logs
// the other way round. A nil Calls keeps nothing. Any goroutine may use it.
type Calls struct {
	mu    sync.Mutex
	by    map[callKey]*calls
	keys  []callKey // of each call, the oldest first
	named map[ends]span
	due   bool // there are clients' logs
}

// ends names a connection, span is from when to when something is told of it.
type (
	ends struct{ local, peer netip.AddrPort }
	span struct{ first, last int64 }
)

type callKey struct{ method, id string }

// calls are those of one key.
type calls struct {
	list   []Call
	sorted bool // by when they were sent
}

// sort puts the calls in the order in which they were sent.
func (l *calls) sort() {
	if !l.sorted {
		slices.SortStableFunc(l.list, func(a, b Call) int { return cmp.Compare(a.Asked, b.Asked) })
		l.sorted = true
	}
}

// anyID is where the calls are whose id is not sure.
const anyID = ""

const (
	// maxCalls bounds the calls that are kept; the oldest go.
	maxCalls = 1 << 18
	// skew is how far the stamps of one moment may be apart in two logs: they
	// have milliseconds.
	skew = int64(2e6)
	// slowest is how long after a request the node may have served it, in
	// nanoseconds.
	slowest = int64(5e9)
	// longest is how long after a client was about to send a request it may have
	// been sent, in nanoseconds: a connection may have to be opened first.
	longest = int64(1e9)
	// maxNamed bounds the connections that are known by name; past it all are let
	// go.
	maxNamed = 1 << 17
	// around is by how much a capture may tell more of a connection than a client's
	// log, in nanoseconds.
	around = int64(5e9)
)

// NewCalls returns Calls without any.
func NewCalls() *Calls {
	return &Calls{by: make(map[callKey]*calls), named: make(map[ends]span)}
}

// Expect notes that there are logs of clients, which may tell more.
func (c *Calls) Expect() {
	if c != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.due = true
	}
}

// Expected says whether clients' logs may tell of a call.
func (c *Calls) Expected() bool {
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.due
}

// Name notes that a client's log names the connection of what it tells at the
// time t. Ends that are no ip:port are passed over.
func (c *Calls) Name(local, peer string, t int64) {
	e, ok := endsOf(local, peer)
	if c == nil || !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.due = true
	s, known := c.named[e]
	if !known {
		if len(c.named) >= maxNamed {
			clear(c.named)
		}
		s = span{t, t}
	}
	c.named[e] = span{min(s.first, t), max(s.last, t)}
}

// Named says whether a client's log tells of that connection by its name, about
// the time t: what passes on it then stands in that log.
func (c *Calls) Named(local, peer string, t int64) bool {
	e, ok := endsOf(local, peer)
	if c == nil || !ok {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s, known := c.named[e]
	return known && s.first-around <= t && t <= s.last+around
}

func endsOf(local, peer string) (e ends, ok bool) {
	a, err := netip.ParseAddrPort(local)
	b, err2 := netip.ParseAddrPort(peer)
	unmap := func(p netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(p.Addr().Unmap(), p.Port()) }
	return ends{unmap(a), unmap(b)}, err == nil && err2 == nil
}

// Near returns the calls of the method with that id that may have been sent at a
// time from first to last, in the order in which they were; with the id "", those
// whose id is not sure.
func (c *Calls) Near(method, id string, first, last int64) (near []Call) {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.by[callKey{method, id}]
	if l == nil {
		return nil
	}
	l.sort()
	i, _ := slices.BinarySearchFunc(l.list, first-longest-skew, func(k Call, t int64) int { return cmp.Compare(k.Asked, t) })
	for ; i < len(l.list) && l.list[i].Asked-skew <= last; i++ {
		if _, to := l.list[i].Window(); first <= to {
			near = append(near, l.list[i])
		}
	}
	return near
}

// Window is from when to when the call may have been sent, as the clocks of its
// log and of the network tell time: shortly after the client was about to, and
// before it had its reply.
func (k *Call) Window() (first, last int64) {
	return k.Asked - skew, min(max(k.Got, k.Asked), k.Asked+longest) + skew
}

// Add notes a call.
func (c *Calls) Add(call Call) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.due = true
	c.add(callKey{call.Method, call.ID}, call)
	if !call.Sure {
		c.add(callKey{call.Method, anyID}, call)
	}
}

func (c *Calls) add(key callKey, call Call) {
	l := c.by[key]
	if l == nil {
		l = &calls{sorted: true}
		c.by[key] = l
	}
	l.sorted = l.sorted && (len(l.list) == 0 || l.list[len(l.list)-1].Asked <= call.Asked)
	l.list = append(l.list, call)
	c.keys = append(c.keys, key)
	if len(c.keys) > maxCalls {
		oldest := c.keys[0]
		c.keys = c.keys[1:]
		if l := c.by[oldest]; len(l.list) > 1 {
			l.sort()
			l.list = l.list[1:]
		} else {
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
	l := c.by[callKey{method, id}]
	if l == nil {
		return Call{}, false
	}
	calls := l.list
	var like []int
	for i := range calls {
		if k := &calls[i]; !k.claimed && k.Asked-skew <= t && t <= k.Asked+slowest {
			like = append(like, i)
		}
	}
	if len(like) == 0 {
		return Call{}, false
	}
	first := slices.MinFunc(like, func(a, b int) int { return cmp.Compare(calls[a].Asked, calls[b].Asked) })
	calls[first].claimed = true
	if len(like) > 1 { // which one this was will not be known of the others either
		for _, i := range like {
			calls[i].unclear = true
		}
	}
	call = calls[first]
	return call, !call.unclear && t <= call.Got+skew
}
