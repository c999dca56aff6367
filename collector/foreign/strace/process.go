package strace

import (
	"bytes"
	"maps"
	"slices"

	"github.com/sessiontop/sessiontop/collector/record"
)

// process is a process of the trace. Its threads have the same.
type process struct {
	record.Process
	files *files
	told  bool // a record speaks of it
	born  bool // the trace has shown how it was made
	since int  // the line that showed it first
	tids  int  // threads that run
}

// files is what a process's descriptors are, as far as they are sockets. Threads
// share it.
type files struct {
	sockets map[int32]*socket
	users   int // processes that have it
}

// Bounds of a hostile trace.
const (
	maxProcs = 1 << 16
	maxFiles = 1 << 16 // descriptors of all processes that are copied at forks
)

// process is the one of that thread. Of one that is not known yet, a call that
// makes processes and has not ended tells who made it: a child may be heard of
// before its parent has its PID.
func (t *trace) process(tid int32) *process {
	if p := t.procs[tid]; p != nil {
		return p
	}
	for i := len(t.forking) - 1; i >= 0; i-- {
		parent := t.forking[i]
		if p, w := t.procs[parent], t.waiting[parent]; p != nil && w != nil {
			t.born(p, tid, w.text)
			return t.procs[tid]
		}
	}
	if first := t.procs[t.root]; t.bare && first != nil && !t.known {
		t.known = true // it is the first one, now that there are several
		return t.add(tid, first)
	}
	return t.add(tid, &process{Process: record.Process{PID: int(tid)}, files: newFiles()})
}

// add makes p the thread's process.
func (t *trace) add(tid int32, p *process) *process {
	if len(t.procs) >= maxProcs { // their ends were not traced
		t.out.Bad(t.offset, "one of more than %d processes at once", maxProcs)
		for _, id := range slices.Sorted(maps.Keys(t.procs)) {
			t.leave(id)
		}
	}
	if p.tids == 0 {
		p.files.users++
		p.since = t.lines
	}
	p.tids++
	t.procs[tid] = p
	return p
}

func newFiles() *files { return &files{sockets: map[int32]*socket{}} }

// all are the descriptors in ascending order.
func (f *files) all() []int32 { return slices.Sorted(maps.Keys(f.sockets)) }

// born notes that the parent has made a thread or process. args is what it was
// called with.
func (t *trace) born(parent *process, tid int32, args []byte) {
	if isThread(args) {
		t.add(tid, parent)
		return
	}
	child := &process{
		Process: record.Process{PID: int(tid), PPID: parent.PID, Comm: parent.Comm}, files: parent.files, born: true,
	}
	if !bytes.Contains(args, []byte("CLONE_FILES")) {
		child.files = t.copied(parent.files)
	}
	t.add(tid, child)
}

// isThread says that a call with these arguments makes a thread.
func isThread(args []byte) bool { return bytes.Contains(args, []byte("CLONE_THREAD")) }

// copied is what a child has after fork.
func (t *trace) copied(f *files) *files {
	c := newFiles()
	if len(f.sockets) <= maxFiles-t.sockets.refs {
		c.sockets = maps.Clone(f.sockets)
		for _, s := range c.sockets {
			t.sockets.hold(s)
		}
	}
	return c
}

// forked takes the end of a call that makes a process.
func (t *trace) forked(p *process, args []byte, child int32, at int64) {
	if t.procs[child] == nil {
		t.born(p, child, args)
	}
	c := t.procs[child]
	if c != p && isThread(args) { // it was heard of too early to be known as one
		t.leave(child)
		c = t.add(child, p)
	}
	if c == p {
		return
	}
	c.PPID = p.PID
	t.put(p, record.Record{Event: record.Fork, Child: c.PID, Time: at})
	c.told = true
}

// execed takes the end of execve: the name that the kernel gives the process.
func (t *trace) execed(p *process, path []byte, at int64) {
	const longest = 15 // TASK_COMM_LEN without the zero
	name := path[bytes.LastIndexByte(path, '/')+1:]
	p.Comm = string(name[:min(len(name), longest)])
	p.born = true // what threads there were have ended
	for _, fd := range p.files.all() {
		if p.files.sockets[fd].execs {
			t.drop(p, fd)
		}
	}
	if p.told {
		t.put(p, record.Record{Event: record.Exec, Time: at})
	}
}

// ended takes the end of a thread, and of its process with the last one.
func (t *trace) ended(p *process, tid int32, how []byte, at int64) {
	t.forget(tid)
	if bytes.HasPrefix(how, []byte("superseded")) { // by another thread's execve
		t.leave(tid)
		return
	}
	if last := t.leave(tid); last && p.told {
		t.put(p, record.Record{Event: record.Exit, Code: exitCode(how), Time: at})
	}
}

// leave forgets a thread and says whether it was its process's last.
func (t *trace) leave(tid int32) bool {
	p := t.procs[tid]
	if p.tids--; p.tids > 0 {
		delete(t.procs, tid)
		return false
	}
	if p.files.users--; p.files.users == 0 {
		for _, fd := range p.files.all() {
			t.drop(p, fd)
		}
	}
	delete(t.procs, tid)
	return true
}

// exitCode is the exit status or minus the signal of "exited with 1 +++" and
// "killed by SIGKILL +++".
func exitCode(how []byte) int {
	if status, ok := bytes.CutPrefix(how, []byte("exited with ")); ok {
		n, _ := leadingInt(status)
		return int(n & 0xff)
	}
	name, ok := bytes.CutPrefix(how, []byte("killed by "))
	if !ok {
		return 0
	}
	name, _, _ = bytes.Cut(name, []byte(" "))
	return -signalNumber(string(name))
}
