package urllib3

import (
	"fmt"
	"strings"

	"github.com/sessiontop/sessiontop/collector/foreign/pylog"
	"github.com/sessiontop/sessiontop/collector/record"
)

// Session is what the lines tell of the connection that a request goes on.
type Session struct {
	Name   string // unlike any other's in the log; "" where nothing is known
	URL    string // http://host:port, "" where it is not known
	Opener int    // the PID that opened it
	Opened int64  // when, Unix nanoseconds
}

// Put is r with what is known of the session.
func (s Session) Put(r record.Record) record.Record {
	if s.Name != "" {
		r.Session, r.Opener = s.Name, s.Opener
		if r.URL == "" {
			r.URL = s.URL
		}
	}
	return r
}

// Conns knows which process opened which connection, by the lines of one log in
// their order.
type Conns struct {
	first  map[int]int64 // when each process was first seen
	conns  map[user]*Session
	others map[string]bool // names of those that others than their openers use
	count  map[user]int    // connections that each has opened, whatever the thread
}

// user is who uses connections to a host: a thread, where the log names it.
type user struct {
	pid    int
	thread int64
	host   string
}

// maxUsers bounds what is remembered; past it everything is forgotten.
const maxUsers = 1 << 15

// NewConns returns Conns that know of nothing.
func NewConns() *Conns {
	c := &Conns{}
	c.forget()
	return c
}

func (c *Conns) forget() {
	c.others = make(map[string]bool)
	c.first, c.conns, c.count = make(map[int]int64), make(map[user]*Session), make(map[user]int)
}

// Seen notes a line of the process, of whatever kind.
func (c *Conns) Seen(h pylog.Head) {
	if max(len(c.first), len(c.conns), len(c.count), len(c.others)) >= maxUsers {
		c.forget()
	}
	if _, known := c.first[h.PID]; !known {
		c.first[h.PID] = h.Time
	}
}

// open notes that the process opened a connection.
func (c *Conns) open(h pylog.Head, host, url string) Session {
	opener := user{pid: h.PID, host: host}
	c.count[opener]++
	s := Session{fmt.Sprintf("%s#%d of %d", host, c.count[opener], h.PID), url, h.PID, h.Time}
	c.conns[user{h.PID, h.Thread, host}] = &s
	return s
}

// Cached notes that web3.py made a session of its own for the host: its
// connections are not those of another process.
func (c *Conns) Cached(h pylog.Head, host string) {
	c.Seen(h)
	s := Session{fmt.Sprintf("%s of %d", host, h.PID), "", h.PID, h.Time}
	c.conns[user{h.PID, h.Thread, host}] = &s
}

// dropped notes that the pool found its connection closed and opens another
// with the next request; the line has the host without its port.
func (c *Conns) dropped(h pylog.Head, name string) {
	urls := make(map[string]string)
	for u, s := range c.conns {
		if host, _, _ := strings.Cut(u.host, ":"); host == name {
			urls[u.host] = max(urls[u.host], s.URL)
		}
	}
	for host, url := range urls {
		c.open(h, host, url)
	}
}

// Failed notes that a request of the process got no reply: its connection is
// not used again.
func (c *Conns) Failed(h pylog.Head, host string) {
	delete(c.conns, user{h.PID, h.Thread, host})
}

// Use is the connection on which the process sends to the host: its own, else
// the one that it inherited, if the log shows from whom.
func (c *Conns) Use(h pylog.Head, host string) Session {
	c.Seen(h)
	u := user{h.PID, h.Thread, host}
	if own := c.conns[u]; own != nil {
		return *own
	}
	from := c.inherited(u)
	if from == nil {
		from = &Session{} // nor will there be one: it had to be open when the process began
	}
	if from.Name != "" {
		c.others[from.Name] = true
	}
	c.conns[u] = from
	return *from
}

// Alone says that the process opened the session and no other is known to use
// it.
func (c *Conns) Alone(pid int, s Session) bool {
	return s.Name != "" && s.Opener == pid && !c.others[s.Name]
}

// Last is the connection that the process has last sent on to the host; its
// Name is "" where it has not yet.
func (c *Conns) Last(h pylog.Head, host string) Session {
	if own := c.conns[user{h.PID, h.Thread, host}]; own != nil {
		return *own
	}
	return Session{}
}

// inherited is the connection that u has from the process that the log knows the
// longest: one that was open when u's process began.
func (c *Conns) inherited(u user) *Session {
	var best *Session
	since := c.first[u.pid]
	for v, k := range c.conns {
		if v.host != u.host || v.pid == u.pid || k.Opened >= since {
			continue
		}
		if best == nil || c.older(k, best) {
			best = k
		}
	}
	return best
}

// older says that a was opened by the older process, or later by the same.
func (c *Conns) older(a, b *Session) bool {
	if a.Opener != b.Opener {
		fa, fb := c.first[a.Opener], c.first[b.Opener]
		return fa < fb || fa == fb && a.Opener < b.Opener
	}
	return a.Opened > b.Opened
}
