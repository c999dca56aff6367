//go:build linux || darwin

package record

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// lockFolder keeps others from keeping the folder within limits as well: they
// would rename what is written here.
func lockFolder(dir string) (io.Closer, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(d.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		d.Close()
		if err == unix.EWOULDBLOCK {
			return nil, fmt.Errorf("%s: another program records into it; choose another folder", dir)
		}
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return d, nil
}
