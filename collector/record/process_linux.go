package record

import (
	"os"
	"strconv"
	"strings"
)

// fillFromProc takes the name and the start time from /proc/self/stat, whose
// second field is the name in parentheses, whatever it contains, and whose
// 22nd is the start time (proc_pid_stat(5)).
func fillFromProc(p *Process) {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return
	}
	text := string(stat)
	open, end := strings.IndexByte(text, '('), strings.LastIndexByte(text, ')')
	if open < 0 || end < open {
		return
	}
	p.Comm = text[open+1 : end]
	const startTime = 22 - 3 // the fields after the name begin with the third
	if fields := strings.Fields(text[end+1:]); len(fields) > startTime {
		p.Start, _ = strconv.ParseUint(fields[startTime], 10, 64) // 0 is "not known"
	}
}
