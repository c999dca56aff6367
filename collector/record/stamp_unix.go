//go:build linux || darwin

package record

import "golang.org/x/sys/unix"

// noFollow keeps a planted symbolic link from leading the log elsewhere.
const noFollow = unix.O_NOFOLLOW

// monotonic is CLOCK_MONOTONIC in nanoseconds, which all processes of a host
// share; the monotonic part of a time.Time is a process's own.
func monotonic() int64 {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) != nil {
		return 0
	}
	return t.Nano()
}
