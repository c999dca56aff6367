package strace

import (
	"bytes"
	"cmp"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
)

// span is when a call began and ended, Unix nanoseconds.
type span struct{ begin, end int64 }

// result is what a call returned.
type result struct {
	value int64
	fails string // the error's name, "" if there is none
	note  []byte // "3<TCP:[…]>": the descriptor with what it is
	took  int64  // -T, nanoseconds
	known bool   // it is a number
}

// isResult is whether b, which follows a call's arguments, is what it returned.
func isResult(b []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(b, " "), []byte("= "))
}

func parseResult(b []byte) result {
	b = bytes.TrimPrefix(bytes.TrimLeft(b, " "), []byte("= "))
	var r result
	if i := bytes.LastIndexByte(b, '<'); i > 0 && b[i-1] == ' ' && b[len(b)-1] == '>' {
		if s, digits := leadingInt(b[i+1:]); digits > 0 {
			frac, n := fraction(b[i+1+digits:])
			if n > 0 && i+1+digits+n == len(b)-1 && s < 1<<32 {
				r.took, b = s*1e9+frac, b[:i-1]
			}
		}
	}
	if rest, failed := bytes.CutPrefix(b, []byte("-1 ")); failed {
		name, _, _ := bytes.Cut(rest, []byte(" "))
		r.fails = string(name)
		return r
	}
	var digits int
	r.value, digits = leadingInt(b)
	r.known, r.note = digits > 0, b
	return r
}

// op is what a call does, as far as it matters.
type op uint8

const (
	ignored op = iota
	write      // (fd, data, …)
	read
	writeVector // (fd, iovec, …)
	readVector
	writeMessage // (fd, msghdr, flags)
	readMessage
	newSocket // (family, type, protocol)
	connect   // (fd, address, length)
	accept    // (fd, …)
	localName // (fd, address, length)
	peerName  // (fd, address, length)
	duplicate // (fd, …)
	control   // (fd, command, …)
	closeFile // (fd)
	newProcess
	execute // (path, …)
	identify
)

func opOf(name string) op {
	switch name {
	case "write", "send", "sendto":
		return write
	case "read", "recv", "recvfrom":
		return read
	case "writev", "pwritev2":
		return writeVector
	case "readv", "preadv2":
		return readVector
	case "sendmsg":
		return writeMessage
	case "recvmsg":
		return readMessage
	case "socket":
		return newSocket
	case "connect":
		return connect
	case "accept", "accept4":
		return accept
	case "getsockname":
		return localName
	case "getpeername":
		return peerName
	case "dup", "dup2", "dup3":
		return duplicate
	case "fcntl", "fcntl64":
		return control
	case "close":
		return closeFile
	case "execve", "execveat":
		return execute
	case "getpid", "tgkill":
		return identify
	}
	if makesProcesses(name) {
		return newProcess
	}
	return ignored
}

func makesProcesses(name string) bool {
	switch name {
	case "fork", "vfork", "clone", "clone3":
		return true
	}
	return false
}

func knows(name []byte) bool { return opOf(string(name)) != ignored }

// call takes a whole call.
func (t *trace) call(p *process, tid int32, name string, text []byte, at span) {
	var args [maxArgs][]byte
	n, rest, ok := arguments(text, args[:])
	if !ok || !isResult(rest) {
		t.out.Bad(t.offset, "a %s without its end", name)
		return
	}
	r := parseResult(rest)
	at.end = max(at.end, at.begin+r.took)
	if n > 0 {
		t.socket(p, args[0])
		p = t.procs[tid] // the socket may have shown that it is another's thread
	}
	switch o := opOf(name); o {
	case write, writeVector, writeMessage:
		t.unseen(p, name, args[:n], &r)
		t.moved(p, tid, o, wire.Sent, args[:n], &r, at)
	case read, readVector, readMessage:
		t.unseen(p, name, args[:n], &r)
		t.moved(p, tid, o, wire.Received, args[:n], &r, at)
	case closeFile:
		t.closed(p, args[0], at.begin)
	case identify:
		t.identity(tid, name, args[:n], &r)
	case newProcess:
		if r.known && r.value > 0 && r.value <= maxPID {
			t.forked(p, text, int32(r.value), at.end)
		}
	case execute:
		if path, _, ok := unquoted(args[:n]); ok && r.fails == "" {
			t.execed(p, path, at.end)
		}
	default:
		t.descriptor(p, o, args[:n], &r, at)
	}
}

// unquoted is the first argument that is a string.
func unquoted(args [][]byte) (b []byte, cut, ok bool) {
	for _, a := range args {
		if b, cut, ok = text(nil, a); ok {
			return b, cut, ok
		}
	}
	return nil, false, false
}

// descriptor takes a call that makes a descriptor, or tells of one.
func (t *trace) descriptor(p *process, o op, args [][]byte, r *result, at span) {
	switch o {
	case newSocket:
		if r.known && len(args) > 1 && bytes.Contains(args[1], []byte("SOCK_STREAM")) {
			s := t.sockets.add()
			s.maker, s.made = p, t.lines
			s.execs = bytes.Contains(args[1], []byte("SOCK_CLOEXEC"))
			t.made(p, r, s)
		}
	case accept:
		if r.known {
			if s := t.made(p, r, nil); s != nil {
				s.role, s.maker, s.made = wire.Server, p, t.lines
			}
		}
	case duplicate:
		if s := t.socket(p, args[0]); r.known && s != nil {
			t.made(p, r, s)
		}
	case control:
		if s := t.socket(p, args[0]); r.known && s != nil && len(args) > 1 && bytes.HasPrefix(args[1], []byte("F_DUPFD")) {
			t.made(p, r, s)
		}
	case localName:
		if s := t.socket(p, args[0]); s != nil && len(args) > 1 && s.conn.Local == "" && s.conn.Peer != "" {
			s.conn.Local = sockaddr(args[1])
		}
	case peerName:
		if s := t.socket(p, args[0]); s != nil && len(args) > 1 && !s.shown && (s.conn.Peer == "" || isInode(s.conn.Peer)) {
			s.conn.Peer = cmp.Or(sockaddr(args[1]), s.conn.Peer)
		}
	case connect:
		s := t.socket(p, args[0])
		if s == nil || len(args) < 2 || r.fails != "" && r.fails != "EINPROGRESS" {
			return
		}
		s.opener, s.opened, s.role = p.PID, at.begin, wire.Client
		if peer := sockaddr(args[1]); peer != "" {
			s.conn.Peer = peer
		}
	}
}

// made notes the descriptor that a call has returned. It is of s or, where that
// is nil, of what the trace calls it.
func (t *trace) made(p *process, r *result, s *socket) *socket {
	fd, digits := leadingInt(r.note)
	if digits == 0 || fd > 1<<31-1 {
		return nil
	}
	if s == nil {
		t.drop(p, int32(fd))
	} else {
		t.open(p, int32(fd), s)
	}
	return t.socket(p, r.note)
}

// fault is the session log's word for an error of a socket, "" if it is none
// that ends a call.
func fault(name string) string {
	switch name {
	case "ECONNRESET", "EPIPE":
		return "reset"
	case "ETIMEDOUT":
		return "timeout"
	}
	return ""
}

// failed says that a process has learnt that no reply will come.
func (t *trace) failed(p *process, tid int32, s *socket, why string, at int64) {
	if why == "closed" {
		t.asm.End(s.id, wire.Received, t.message)
	}
	t.release(s)
	if s.shown {
		r := s.record(record.Fail, at)
		r.Err, r.TID = why, int(tid)
		t.putAs(s, p, r)
	}
}
