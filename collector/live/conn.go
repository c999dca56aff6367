package live

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
)

// conn is a connection of a watched process.
type conn struct {
	endpoints
	url     string // as the protocol shows it; "" until that is known or guessed
	client  string // library and version, as its requests say
	proto   wire.Proto
	role    wire.Role
	users   pids          // processes that hold it, as far as is known
	shown   bool          // a record speaks of it
	foreign int           // messages that are no JSON-RPC
	idle    int           // bytes since the last message
	lost    uint32        // records that are known to be lost
	holes   [2]uint32     // of them, those that each direction's bytes are known to be without
	untold  int           // of them, those of which no record speaks
	unread  int           // pieces that could not be read, and are neither counted nor told of
	asked   asked         // requests on it that were seen
	pause   time.Duration // how long it was passed over last time
	drop    bool          // pass over it, once the assembler is done with it
	tls     bool          // what is known of it is the plaintext
	sealed  bool          // it is encrypted, and nothing of it could be read so far
	began   [2]bool       // the first bytes of each direction that are told have come
	queue   *socketQueue  // of a Unix socket that several processes may write to, else nil
	guessed [2]int64      // up to here, bytes of a direction may not stand at their offsets
	used    int64         // when it was last, CLOCK_MONOTONIC
	ended   int64         // when its socket was closed, CLOCK_MONOTONIC; 0: open
	toRead  int           // bytes that had come by then, and were not read; above 0: its end is not told
}

const (
	// maxForeign and maxIdle are after how many messages, or bytes without any,
	// that are no JSON-RPC a connection is passed over for a while.
	maxForeign = 64
	maxIdle    = 1 << 20
	maxLong    = 64 << 20 // bytes of the first message, where it says that it is JSON-RPC
	firstPause = time.Second
	lastPause  = 10 * time.Minute
	maxConns   = 1 << 17
)

// conn is the connection, new if need be: its description may have been lost.
func (t *tracker) conn(cookie uint64) *conn {
	c := t.conns[cookie]
	if c == nil {
		if len(t.conns) >= t.room {
			t.makeRoom()
		}
		c = &conn{endpoints: endpoints{conn: record.Conn{Cookie: cookie}}}
		t.conns[cookie] = c
	}
	return c
}

// makeRoom forgets half of the connections: first those of which nothing was told,
// as Unix sockets that were closed, whose end nobody tells; of each kind those that
// were not used for longest.
func (t *tracker) makeRoom() {
	all := slices.SortedFunc(maps.Values(t.conns), func(a, b *conn) int {
		switch {
		case a.shown == b.shown:
			return cmp.Compare(a.used, b.used)
		case a.shown:
			return 1
		}
		return -1
	})
	for _, c := range all[:(len(all)+1)/2] {
		t.asm.Close(c.conn.Cookie, func(wire.Message) {})
		delete(t.conns, c.conn.Cookie)
		delete(t.queued, c.conn.Cookie)
	}
}

// connection takes note of a connection's description.
func (t *tracker) connection(s *sample, e *endpoints) {
	if was := t.conns[s.cookie]; was != nil && was.ended != 0 { // its socket is connected anew
		t.asm.Close(s.cookie, t.emit)
		delete(t.conns, s.cookie)
	}
	c := t.conn(s.cookie)
	if e.opener == 0 { // connected before it was watched: what is known of it stays
		e.opener = c.opener
	}
	c.endpoints, c.used = *e, s.mono
	if e.server {
		c.role = wire.Server
		t.serves(c)
	}
}

// serves notes that the watched process is the connection's server. Its clients
// are what is to be shown.
func (t *tracker) serves(c *conn) {
	c.drop, c.pause = true, lastPause
	t.stats.Servers++
}

// bytes takes what a process wrote or read.
func (t *tracker) bytes(s *sample) {
	if s.flags&unjoined != 0 {
		t.wait(s)
		return
	}
	c := t.conn(s.cookie)
	if c.users.add(s.pid) && c.shown {
		t.tellBefore(c, s.mono, s.pid)
	}
	if s.flags&plaintext != 0 {
		t.opens(c, s)
	}
	t.stats.Bytes += uint64(len(s.data))
	dir := wire.Sent
	if s.kind == sampleReceived {
		dir = wire.Received
	}
	c.asked.any = c.asked.any || dir == wire.Sent
	t.missed(c, s, dir)
	if c.role == wire.Server {
		t.ignore(s.cookie, c.pause)
		return
	}
	c.idle += len(s.data)
	if !c.shown && c.idle >= 0 && bytes.Contains(s.data[:min(len(s.data), 4<<10)], []byte(`"jsonrpc"`)) {
		c.idle = -maxLong
	}
	c.used, c.began[dir] = s.mono, c.began[dir] || s.flags&first != 0
	ch := wire.Chunk{
		Conn: s.cookie, Time: s.mono + t.wall, Mono: s.mono, Off: s.off, HasOff: s.flags&hasOffset != 0,
		Data: s.data, Truncated: s.missing, PID: s.pid, TID: s.tid, Dir: dir,
		After: !c.began[dir] && !c.tls && c.pause == 0 && s.lost == 0,
		Lost:  s.lost != c.holes[dir],
	}
	c.holes[dir] = s.lost
	if !c.unix && !c.tls && dir == wire.Sent && ch.Off > 0 {
		ch.Off-- // the handshake's SYN counts among the bytes acknowledged
	}
	if !t.enqueue(c, s, ch) {
		t.feed(c, ch, s.flags&guessed != 0)
	}
}

// feed passes a chunk on to the assembler; guess says that it may not stand at
// its offset.
func (t *tracker) feed(c *conn, ch wire.Chunk, guess bool) {
	if guess {
		c.guessed[ch.Dir] = max(c.guessed[ch.Dir], ch.Off+int64(len(ch.Data)+ch.Truncated))
	}
	incomplete := t.stats.Incomplete
	t.asm.Feed(ch, t.emit)
	t.tooLong(c, ch.Mono)
	if ch.Truncated > 0 && t.stats.Incomplete == incomplete {
		t.unread(c, ch.Mono)
	}
	if !c.shown && (c.foreign >= maxForeign || c.idle >= maxIdle) {
		c.drop, c.pause = true, min(max(firstPause, 2*c.pause), lastPause)
	}
	t.readOn(c, &ch)
	t.dropped(c)
}

// missed reports records of the connection that the kernel had no room for.
func (t *tracker) missed(c *conn, s *sample, dir wire.Dir) {
	n := s.lost - c.lost
	if n == 0 || int32(n) < 0 {
		return
	}
	c.lost = s.lost
	if s.flags&hasOffset == 0 && s.kind != sampleClosed {
		t.asm.Gap(s.cookie, dir, -1, t.emit)
	}
	c.untold += int(n)
	t.missing += uint64(n)
	if c.shown {
		t.tellLost(c, s.mono)
	}
}

// dropped has the kernel pass over a connection that is of no interest.
func (t *tracker) dropped(c *conn) {
	if !c.drop {
		return
	}
	c.drop, c.queue = false, nil
	delete(t.queued, c.conn.Cookie)
	t.asm.Close(c.conn.Cookie, func(wire.Message) {})
	t.ignore(c.conn.Cookie, c.pause)
	c.foreign, c.idle = 0, 0
}

// lateReads is for how long a connection is remembered after its end: what came
// before it may still be read, and told after it.
const lateReads = int64(time.Second)

// closed is the end of a socket: for each of its users, it is closed.
func (t *tracker) closed(s *sample) {
	c := t.conns[s.cookie]
	if c == nil || c.ended != 0 {
		return
	}
	t.missed(c, s, wire.Sent)
	if c.toRead = s.missing; c.toRead <= 0 {
		t.end(c, s.mono)
		return
	}
	c.ended = s.mono
	t.ended = append(t.ended, c)
}

// readOn notes that of a connection that has ended more was read. Once all was,
// it is closed.
func (t *tracker) readOn(c *conn, ch *wire.Chunk) {
	if c.toRead <= 0 || ch.Dir != wire.Received {
		return
	}
	if c.toRead -= len(ch.Data) + ch.Truncated; c.toRead <= 0 {
		t.tellEnd(c, ch.Mono)
	}
}

// end notes that a connection is closed.
func (t *tracker) end(c *conn, mono int64) {
	c.ended = mono
	t.ended = append(t.ended, c)
	t.tellEnd(c, mono)
}

// tellEnd says that a connection is closed, for each of its users.
func (t *tracker) tellEnd(c *conn, mono int64) {
	for _, pid := range c.users {
		t.closes(c, pid, mono)
	}
}

// closes says that a process has closed the connection.
func (t *tracker) closes(c *conn, pid int32, mono int64) {
	if !c.shown {
		return
	}
	r := t.on(c, pid)
	r.Event, r.Time, r.Mono = record.Close, mono+t.wall, mono
	t.write(r)
}

// forget forgets the connections that ended a while before now, Unix
// nanoseconds.
func (t *tracker) forget(now int64) {
	n := 0
	for ; n < len(t.ended) && t.ended[n].ended+t.wall+lateReads < now; n++ {
		cookie := t.ended[n].conn.Cookie
		if t.conns[cookie] != t.ended[n] {
			continue
		}
		c := t.ended[n]
		t.drain(c)
		if c.toRead > 0 {
			t.tellEnd(c, c.ended+lateReads)
		}
		t.asm.Close(cookie, t.emit)
		delete(t.conns, cookie)
	}
	t.ended = slices.Delete(t.ended, 0, n)
}

// left notes that a process has ended. A Unix socket says nothing at its end,
// so it is over when all its users are.
func (t *tracker) left(pid int32) {
	for cookie, c := range t.conns {
		if !c.users.remove(pid) {
			continue
		}
		if c.unix && len(c.users) == 0 {
			t.drain(c)
			t.asm.Close(cookie, t.emit)
			delete(t.conns, cookie)
		}
	}
}

// inherit notes that a child has all that its parent has.
func (t *tracker) inherit(parent, child int32) {
	for _, c := range t.conns {
		if c.users.has(parent) {
			c.users.add(child)
		}
	}
}

// on is a record of the process on the connection, without an event.
func (t *tracker) on(c *conn, pid int32) record.Record {
	p := t.proc(pid)
	p.told = true
	return record.Record{Process: p.info, Conn: c.conn, Opener: int(c.opener), URL: c.url, Client: c.client}
}

// httpsPort is where nobody speaks HTTP without TLS.
const httpsPort = 443

// speaks notes the connection's protocol, and names the endpoint, of which only
// that and the address are known, as the session log does.
func (c *conn) speaks(proto wire.Proto) {
	c.proto = proto
	scheme := "http://"
	switch {
	case proto == wire.WebSocket && c.tls:
		scheme = "wss://"
	case proto == wire.WebSocket:
		scheme = "ws://"
	case proto == wire.HTTP2 && c.tls:
		scheme = "h2://"
	case proto == wire.HTTP2:
		scheme = "h2c://"
	case c.tls || c.peerPort == httpsPort:
		scheme = "https://"
	case proto == wire.JSONStream || proto == wire.LSP:
		scheme = "ipc:"
	case c.unix:
		scheme = "http://unix"
	}
	c.url = scheme + c.conn.Peer
}
