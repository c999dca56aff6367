package strace

import "bytes"

// A thread that strace -p has found running looks like a process: the trace does
// not show how it was made. What it does may tell whose it is.

// near is by how much a thread's id may exceed its process's where the trace has
// not shown that process. PIDs that a container counts by itself are not so near.
const near = 1 << 15

// thread notes that a thread is of the process pid, as the traced program counts.
func (t *trace) thread(tid int32, pid int64) {
	if pid <= 0 || pid > maxPID || t.procs[tid] == nil {
		return
	}
	owner := t.procs[int32(pid)]
	if owner == nil {
		if by := int64(tid) - pid; by < 0 || by > near {
			return
		}
		owner = t.process(int32(pid))
	}
	t.belongs(tid, owner)
}

// belongs makes a thread one of the process, unless the trace has shown where it
// comes from.
func (t *trace) belongs(tid int32, owner *process) {
	p := t.procs[tid]
	if p == nil || p == owner || p.born || p.PID != int(tid) { // nil: there was no room for owner beside it
		return
	}
	for _, fd := range p.files.all() {
		s := p.files.sockets[fd]
		if s.maker == p {
			s.maker = owner
		}
		if owner.files.sockets[fd] == nil {
			t.open(owner, fd, s)
		}
	}
	t.leave(tid)
	t.add(tid, owner)
}

// shares says whether p, which uses a socket under the number by which the
// process that made it has it, is a thread of that process: if p was there
// before, they have one table of descriptors.
func (t *trace) shares(p *process, fd int32, s *socket) bool {
	m := s.maker
	if m == nil || m == p || p.born || p.since >= s.made || m.files.sockets[fd] != s || t.procs[int32(p.PID)] != p {
		return false
	}
	t.belongs(int32(p.PID), m)
	return true
}

// signalled takes "SIGURG {si_signo=SIGURG, si_code=SI_TKILL, si_pid=4120, …} ---":
// by tkill and tgkill a process signals its own threads.
func (t *trace) signalled(tid int32, text []byte) {
	_, sender, ok := bytes.Cut(text, []byte("si_code=SI_TKILL, si_pid="))
	if n, digits := leadingInt(sender); ok && digits > 0 {
		t.thread(tid, n)
	}
}

// identity takes a call that tells a process's PID: getpid, or tgkill of a thread.
func (t *trace) identity(tid int32, name string, args [][]byte, r *result) {
	switch {
	case name == "getpid" && r.known:
		t.thread(tid, r.value)
	case name == "tgkill" && len(args) > 1:
		pid, _ := leadingInt(args[0])
		other, digits := leadingInt(args[1])
		if digits > 0 && other <= maxPID && r.fails == "" {
			t.thread(int32(other), pid)
		}
	}
}
