package pylog

import (
	"regexp"
	"strconv"
)

var (
	// worker-pid4121.log, pid=4121.log
	marked = regexp.MustCompile(`(?i)(?:^|[^a-z])pid[-_.=]?(\d+)`)
	// worker-4121.log, worker_4121: the only number of the name, and the end of it
	alone = regexp.MustCompile(`^\D*[-_.](\d{3,})(?:\.\D*)?$`)
	// 2026, 202611, 261123
	date = regexp.MustCompile(`^(?:(?:19|20)\d\d(?:0[1-9]|1[0-2])?|[23]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))$`)
)

// namedPID is the PID in a log's name, 0 if there is none for sure. One that is
// wrong would make a fleet one healthy process; so a number that is not marked as
// a PID has to be the only one, and nothing that logs are named by as well: a
// date, a port, or the index of a worker, which has less than three digits.
func namedPID(name string) int {
	if m := marked.FindStringSubmatch(name); m != nil {
		return pidOf(m[1])
	}
	m := alone.FindStringSubmatch(name)
	if m == nil || date.MatchString(m[1]) {
		return 0
	}
	pid := pidOf(m[1])
	if usualPort(pid) {
		return 0
	}
	return pid
}

// pidOf is the PID that the digits are, 0 if they cannot be one.
func pidOf(digits string) int {
	if n, err := strconv.Atoi(digits); err == nil && isPID(n) {
		return n
	}
	return 0
}

// usualPort says that servers often listen there.
func usualPort(n int) bool { return n == 443 || n >= 8000 && n <= 9999 }
