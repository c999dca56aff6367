package strace

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
)

// socket is a connection's end in the traced processes.
type socket struct {
	id     uint64 // of the assembler's connection
	name   string // as the trace names it, "" if it does not
	key    string // the same, where one name may be written in several ways
	conn   record.Conn
	opener int      // PID that connected it, 0: not seen
	opened int64    // when, Unix nanoseconds
	maker  *process // that called socket or accept for it, nil: not seen
	made   int      // on which line
	refs   int      // descriptors of it
	users  []int    // PIDs that have moved bytes, two at most
	role   wire.Role
	proto  wire.Proto
	agent  string        // library and version of the client
	shown  bool          // a record speaks of it
	asked  bool          // a request has been seen
	first  int32         // PID that stands for those that are loose, 0: none yet
	fd     int32         // and its descriptor
	held   *wire.Message // a request of theirs
	tls    bool          // it is encrypted
	execs  bool          // closed by execve (SOCK_CLOEXEC)
	off    [2]int64      // bytes moved in each direction
}

// sockets are those of a trace.
type sockets struct {
	byName map[string]*socket // by key
	live   map[uint64]*socket // all, by id
	ended  []*socket          // those that nobody has any more, in that order
	last   uint64             // id
	refs   int                // descriptors in all
}

// Bounds of the connections that are kept at a time: in all, and of those that
// nobody is known to have any more; a process that nothing was heard of yet may.
const (
	maxSockets = 1 << 16
	maxEnded   = 1 << 12
)

func newSockets() sockets {
	return sockets{byName: map[string]*socket{}, live: map[uint64]*socket{}}
}

func (a *sockets) add() *socket {
	if len(a.live) >= maxSockets {
		for _, s := range a.live {
			a.forget(s)
		}
		a.ended = nil
	}
	a.last++
	s := &socket{id: a.last}
	a.live[s.id] = s
	return s
}

func (a *sockets) forget(s *socket) {
	delete(a.live, s.id)
	if a.byName[s.key] == s {
		delete(a.byName, s.key)
	}
}

func (a *sockets) hold(s *socket) {
	s.refs++
	a.refs++
}

// end notes that nobody is known to have the socket any more.
func (a *sockets) end(s *socket) {
	if a.ended = append(a.ended, s); len(a.ended) > maxEnded {
		if first := a.ended[0]; first.refs == 0 {
			a.forget(first)
		}
		a.ended = a.ended[1:]
	}
}

// all are the sockets in the order in which they were first seen.
func (a *sockets) all() []*socket {
	return slices.SortedFunc(maps.Values(a.live), func(x, y *socket) int { return int(x.id) - int(y.id) })
}

// socket is what a descriptor of p is, nil: no socket. The argument is
// "3<TCP:[…]>" or "3".
func (t *trace) socket(p *process, arg []byte) *socket {
	fd, digits := leadingInt(arg)
	if digits == 0 || fd > 1<<31-1 {
		return nil
	}
	s := p.files.sockets[int32(fd)]
	note := arg[digits:]
	if len(note) < 2 || note[0] != '<' || note[len(note)-1] != '>' {
		return s
	}
	note = note[1 : len(note)-1]
	if bytes.HasPrefix(note, []byte(`\x`)) { // -xx
		note, _, _ = text(nil, append(append([]byte{'"'}, note...), '"'))
	}
	if s != nil && s.name == string(note) {
		return s
	}
	n := parseName(note)
	if !n.stream {
		t.drop(p, int32(fd))
		return nil
	}
	if s == nil || s.name != "" && !s.becomes(&n) {
		if s = t.sockets.byName[n.key(note)]; s == nil {
			s = t.sockets.add()
		}
		if !t.shares(p, int32(fd), s) {
			t.open(p, int32(fd), s)
		}
	}
	t.named(s, string(note), &n)
	return s
}

// becomes is whether the socket, which has another name now, was not connected
// under the old one.
func (s *socket) becomes(n *name) bool {
	return s.conn.Local == "" && (n.ino == 0 || n.ino == s.conn.Ino)
}

// named notes what a socket is called now.
func (t *trace) named(s *socket, note string, n *name) {
	if t.sockets.byName[s.key] == s {
		delete(t.sockets.byName, s.key)
	}
	s.name, s.key = note, n.key([]byte(note))
	t.sockets.byName[s.key] = s
	if n.ino != 0 {
		s.conn.Ino = n.ino
	}
	if n.local != "" {
		s.conn.Local = n.local
	}
	if n.peer != "" {
		s.conn.Peer = n.peer
	}
	if n.peerIno != 0 && s.conn.Peer == "" {
		s.conn.Peer = "socket:[" + strconv.FormatUint(n.peerIno, 10) + "]"
	}
}

// isInode says that an end is known by its inode alone.
func isInode(end string) bool { return strings.HasPrefix(end, "socket:[") }

// open makes fd a descriptor of s.
func (t *trace) open(p *process, fd int32, s *socket) {
	if p.files.sockets[fd] == s {
		return
	}
	t.drop(p, fd)
	if t.sockets.refs < maxFiles {
		p.files.sockets[fd] = s
		t.sockets.hold(s)
	}
}

// drop notes that fd is no socket of p any more.
func (t *trace) drop(p *process, fd int32) *socket {
	s := p.files.sockets[fd]
	if s == nil {
		return nil
	}
	if s.refs == 1 {
		t.asm.Close(s.id, t.message)
		t.release(s)
		t.sockets.end(s)
	}
	delete(p.files.sockets, fd)
	t.sockets.refs--
	s.refs--
	return s
}

// closed takes the end of close.
func (t *trace) closed(p *process, arg []byte, at int64) {
	fd, _ := leadingInt(arg)
	s := t.socket(p, arg) // the trace may not have shown it before
	if s == nil {         // no socket, or no descriptor: -1
		return
	}
	who := t.as(s, int32(p.PID))
	if t.drop(p, int32(fd)); !s.shown {
		return
	}
	for _, other := range p.files.sockets {
		if other == s {
			return
		}
	}
	t.release(s)
	r := s.record(record.Close, at)
	r.Process = t.who(who)
	t.told(who, r)
}

// record is one of an event on the socket.
func (s *socket) record(ev record.Event, at int64) record.Record {
	return record.Record{Event: ev, Conn: s.conn, Opener: s.opener, URL: s.url(), Client: s.agent, Time: at}
}

// url is the endpoint, of which the protocol and the address are known.
func (s *socket) url() string {
	switch {
	case s.proto == wire.WebSocket:
		return "ws://" + s.conn.Peer
	case s.proto == wire.JSONStream || s.proto == wire.LSP:
		return "ipc:" + s.conn.Peer
	case strings.HasPrefix(s.conn.Peer, "/"):
		return "http://unix" + s.conn.Peer
	case strings.HasPrefix(s.conn.Peer, "@"): // else it would look like a password
		return "http://unix/" + s.conn.Peer
	}
	return "http://" + s.conn.Peer
}

// complete gives a socket whose address the trace does not show a name that is
// its own, in other traces too.
func (s *socket) complete() {
	switch {
	case s.conn.Local != "":
	case s.conn.Ino != 0:
		s.conn.Local = fmt.Sprintf("socket:[%d]", s.conn.Ino)
	default:
		s.conn.Local = fmt.Sprintf("socket %d of %d", s.id, s.users[0])
	}
	if s.conn.Peer == "" && s.conn.Ino == 0 {
		s.conn.Peer = "unknown"
	}
}

// used notes that a process has moved bytes.
func (s *socket) used(pid int) {
	if len(s.users) < 2 && !slices.Contains(s.users, pid) {
		s.users = append(s.users, pid)
	}
}

// shared is whether the order of several processes on it matters.
func (s *socket) shared() bool { return len(s.users) > 1 || s.refs > 1 }
