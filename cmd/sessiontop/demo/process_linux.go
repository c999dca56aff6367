package demo

import (
	"os"
	"syscall"
)

// dieWithParent has the kernel kill a process when its parent ends.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// setComm names the process as its role is named, for ps, top and
// sessiontop attach --comm. A kernel without it loses only that.
func setComm(name string) {
	_ = os.WriteFile("/proc/self/comm", []byte(name), 0)
}
