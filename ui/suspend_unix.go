//go:build unix

package ui

import "golang.org/x/sys/unix"

// jobControl says whether a shell can stop and continue the program: not where
// its process group is the one that began the session, which is orphaned (POSIX
// general terminal interface, 11.1.4).
func jobControl() bool {
	session, err := unix.Getsid(0)
	return err == nil && session != unix.Getpgrp()
}
