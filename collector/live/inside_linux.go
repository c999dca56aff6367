package live

import "github.com/prometheus/procfs"

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
