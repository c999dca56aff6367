package live

import (
	"github.com/prometheus/procfs"

	"github.com/sessiontop/sessiontop/collector/record"
)

// readFacts fills in what /proc says of the process, as far as it can be read.
func readFacts(p *record.Process) {
	p.NSPID = insidePID(p.PID)
	if p.Start != 0 || p.Comm != "" {
		return
	}
	proc, err := procfs.NewProc(p.PID)
	if err != nil {
		return
	}
	if stat, err := proc.Stat(); err == nil {
		p.PPID, p.Start, p.Comm = stat.PPID, stat.Starttime, stat.Comm
	}
}

// insidePID is a process's PID in its own PID namespace, by the last number in
// the line NSpid of /proc/PID/status (proc_pid_status(5)); 0 where that is pid
// or cannot be read.
func insidePID(pid int) int {
	p, err := procfs.NewProc(pid)
	if err != nil {
		return 0
	}
	status, err := p.NewStatus()
	if err != nil || len(status.NSpids) < 2 {
		return 0
	}
	return int(status.NSpids[len(status.NSpids)-1])
}
