//go:build e2e

package e2e

import (
	"os/exec"
	"syscall"
)

// endWithUs has the kernel end a process when the suite does, however that ends.
func endWithUs(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

// ownGroup makes a process the leader of a group, so that all of it can be
// ended; the kernel asks it to end when the suite does.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
