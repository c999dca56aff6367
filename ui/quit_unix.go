//go:build unix

package ui

import (
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// quitAgain sends SIGQUIT once more, which now is Go's runtime's.
func quitAgain() {
	signal.Reset(syscall.SIGQUIT)
	if unix.Kill(unix.Getpid(), unix.SIGQUIT) == nil {
		select {} // it is on its way
	}
}
