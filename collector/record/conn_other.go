//go:build !linux

package record

// socketNumbers knows none: on systems other than Linux a socket has no inode
// that names it, and no cookie. Both ends name the connection there.
func socketNumbers(int) (ino, cookie uint64) { return 0, 0 }
