//go:build unix

package tail

import (
	"os"

	"golang.org/x/sys/unix"
)

func kindOf(mode uint32) fileKind {
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return kindFile
	case unix.S_IFDIR:
		return kindFolder
	case unix.S_IFIFO:
		return kindPipe
	}
	return kindOther
}

// openFile opens for reading. O_NONBLOCK means nothing to a regular file; it
// keeps a FIFO that was put in a log's place from holding the opener for ever.
func openFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
}

// handleLimit is how many files this process may have open, or 0 if that is
// not known.
func handleLimit() int {
	var r unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &r); err != nil || r.Cur > 1<<30 {
		return 0
	}
	return int(r.Cur)
}
