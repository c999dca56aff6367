package record

import "golang.org/x/sys/unix"

func socketNumbers(fd int) (ino, cookie uint64) {
	var st unix.Stat_t
	if unix.Fstat(fd, &st) == nil {
		ino = st.Ino
	}
	if n, err := unix.GetsockoptUint64(fd, unix.SOL_SOCKET, unix.SO_COOKIE); err == nil {
		cookie = n
	}
	return ino, cookie
}
