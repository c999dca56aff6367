package record

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Self describes the calling process: its PID, its parent's, its start time
// where /proc tells it (Linux) and its name.
func Self() Process {
	p := Process{
		PID:  os.Getpid(),
		PPID: os.Getppid(),
		Comm: filepath.Base(os.Args[0]),
	}
	fillFromProc(&p)
	return p
}

// FileName is the name of the process's session log: <comm>-<pid>.jsonl, with
// "_" for everything in the name but letters, digits, ".", "-" and "_".
func (p Process) FileName() string {
	const longest = 64
	comm := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, p.Comm)
	comm = comm[:min(len(comm), longest)]
	if comm == "" || comm[0] == '.' || comm[0] == '-' {
		comm = "_" + comm
	}
	return comm + "-" + strconv.Itoa(p.PID) + ".jsonl"
}
