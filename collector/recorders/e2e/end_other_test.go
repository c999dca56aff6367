//go:build e2e && !linux

package e2e

import (
	"os/exec"
	"syscall"
)

func endWithUs(*exec.Cmd) {}

func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
