package strace

import "bytes"

// unseen makes a socket of a descriptor of which the trace has shown neither what
// it is nor how it was made, as one that strace -p finds open without -y or -yy:
// if it is used as only a socket is, or an HTTP request is written to it.
func (t *trace) unseen(p *process, name string, args [][]byte, r *result) {
	fd, digits := leadingInt(args[0])
	if digits == 0 || digits != len(args[0]) || fd > 1<<31-1 || p.files.sockets[int32(fd)] != nil || !r.known || r.value == 0 {
		return
	}
	switch name {
	case "send", "recv", "sendmsg", "recvmsg":
	case "sendto", "recvfrom":
		if len(args) < 5 || string(args[4]) != "NULL" { // with an address, it is no stream
			return
		}
	case "write", "writev":
		if !bytes.Contains(args[1][:min(len(args[1]), 64)], []byte(`"POST /`)) {
			return
		}
	default:
		return
	}
	if !p.born && t.amongOthers(p) {
		t.out.Bad(t.offset, "a descriptor without its name, of one of several threads or processes that ran before: strace needs -yy")
		return
	}
	t.open(p, int32(fd), t.sockets.add())
}

// amongOthers says whether there are others like p of which the trace has not
// shown how they were made: they may have one table of descriptors, or may not.
func (t *trace) amongOthers(p *process) bool {
	for _, other := range t.procs {
		if other != p && !other.born {
			return true
		}
	}
	return false
}
