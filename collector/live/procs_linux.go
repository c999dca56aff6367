package live

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/procfs"

	"github.com/sessiontop/sessiontop/collector/record"
)

// running is the processes that there are, by PID.
type running map[int32]procfs.ProcStat

// runningProcesses lists them. One that ends meanwhile is left out, and so are
// zombies: nobody would say when their PID is free.
func runningProcesses() (running, error) {
	all, err := procfs.AllProcs()
	if err != nil {
		return nil, fmt.Errorf("processes can't be listed: %w", err)
	}
	r := make(running, len(all))
	for _, p := range all {
		if stat, err := p.Stat(); err == nil && (stat.State != "Z" || stat.NumThreads > 1) {
			r[int32(p.PID)] = stat
		}
	}
	return r, nil
}

// selected is which of the processes are to be watched, ascending.
func (r running) selected(sel *Selector) []int32 {
	chosen := map[int32]bool{}
	for _, pid := range sel.PIDs {
		if _, ok := r[pid]; ok {
			chosen[pid] = true
		}
	}
	if sel.changing() {
		for pid := range r {
			if p := programOf(pid, r[pid].Comm, sel); sel.selects(&p) {
				chosen[pid] = true
			}
		}
	}
	r.addDescendants(chosen)
	var pids []int32
	for pid := range chosen {
		pids = append(pids, pid)
	}
	slices.Sort(pids)
	return pids
}

// addDescendants adds the children of those chosen, and theirs.
func (r running) addDescendants(chosen map[int32]bool) {
	if len(chosen) == 0 {
		return
	}
	for grew := true; grew; {
		grew = false
		for pid := range r {
			if !chosen[pid] && chosen[int32(r[pid].PPID)] {
				chosen[pid], grew = true, true
			}
		}
	}
}

// record is the process as a session log has it; of one that is newer than the
// list, what stands in /proc.
func (r running) record(pid int32) record.Process {
	stat, ok := r[pid]
	if !ok {
		if p, err := procfs.NewProc(int(pid)); err == nil {
			stat, _ = p.Stat() // it may have ended
		}
	}
	return record.Process{PID: int(pid), PPID: stat.PPID, Start: stat.Starttime, Comm: stat.Comm}
}

// programOf is what the selector asks about a process; what can't be read stays
// empty.
func programOf(pid int32, comm string, sel *Selector) program {
	p := program{comm: comm}
	proc, err := procfs.NewProc(int(pid))
	if err != nil {
		return p
	}
	if len(sel.Exes) > 0 {
		exe, _ := proc.Executable()
		p.exe = strings.TrimSuffix(exe, " (deleted)") // as after an upgrade (proc_pid_exe(5))
	}
	if len(sel.Cgroups)+len(sel.Containers) > 0 {
		groups, _ := proc.Cgroups()
		for _, g := range groups {
			p.cgroups = append(p.cgroups, cgroupNames(g.Path, g.Controllers)...)
		}
	}
	return p
}
