package live

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/procfs"
)

// Candidates lists the processes that have connections as clients which look
// like JSON-RPC, or which several processes hold, ascending by PID. It reads
// /proc and loads nothing into the kernel. Of other users' processes the
// descriptors can be read by root alone; what cannot be read is left out.
func Candidates() ([]Candidate, error) {
	all, err := runningProcesses()
	if err != nil {
		return nil, err
	}
	held := map[uint64][]int32{} // by inode
	spaces := map[string]int32{} // a process in each network namespace
	for _, pid := range slices.Sorted(maps.Keys(all)) {
		inodes := socketsOf(pid)
		for _, ino := range inodes {
			held[ino] = append(held[ino], pid)
		}
		if len(inodes) > 0 {
			if ns, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", pid)); err == nil {
				spaces[ns] = pid
			}
		}
	}
	sockets := map[uint64]*Socket{}
	for _, pid := range spaces {
		tcpSockets(pid, sockets)
	}
	if err := unixSockets(spaces, sockets); err != nil {
		return nil, err
	}
	return candidates(all, held, sockets), nil
}

// candidates puts together who holds which of the sockets.
func candidates(all running, held map[uint64][]int32, sockets map[uint64]*Socket) []Candidate {
	byPID := map[int32]*Candidate{}
	for _, ino := range slices.Sorted(maps.Keys(sockets)) {
		s := sockets[ino]
		if s.PIDs = held[ino]; len(s.PIDs) == 0 || !s.Likely && !s.Shared() {
			continue
		}
		for _, pid := range s.PIDs {
			c := byPID[pid]
			if c == nil {
				c = &Candidate{
					PID: pid, PPID: int32(all[pid].PPID), NSPID: int32(insidePID(int(pid))), Start: all[pid].Starttime,
					Comm: all[pid].Comm, Command: commandOf(pid),
				}
				byPID[pid] = c
			}
			c.Sockets = append(c.Sockets, *s)
		}
	}
	var out []Candidate
	for _, c := range byPID {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Candidate) int { return cmp.Compare(a.PID, b.PID) })
	return out
}

// socketsOf is the inodes of the process's sockets, each once.
func socketsOf(pid int32) []uint64 {
	p, err := procfs.NewProc(int(pid))
	if err != nil {
		return nil
	}
	targets, _ := p.FileDescriptorTargets() // what can't be read is left out
	var inodes []uint64
	for _, t := range targets {
		number, ok := strings.CutPrefix(t, "socket:[")
		if !ok {
			continue
		}
		if ino, err := strconv.ParseUint(strings.TrimSuffix(number, "]"), 10, 64); err == nil {
			inodes = append(inodes, ino)
		}
	}
	slices.Sort(inodes)
	return slices.Compact(inodes)
}

// commandOf is the arguments of a process in one line.
func commandOf(pid int32) string {
	p, err := procfs.NewProc(int(pid))
	if err != nil {
		return ""
	}
	args, _ := p.CmdLine()
	return strings.Join(args, " ")
}
