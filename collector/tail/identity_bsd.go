//go:build unix && !linux

package tail

import (
	"os"

	"golang.org/x/sys/unix"
)

func statPath(path string) (fileStat, error) {
	var x unix.Stat_t
	if err := unix.Stat(path, &x); err != nil {
		return fileStat{}, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	return statOf(&x), nil
}

func statFile(f *os.File) (fileStat, error) {
	var x unix.Stat_t
	raw, err := f.SyscallConn()
	if err != nil {
		return fileStat{}, err
	}
	var statErr error
	if err := raw.Control(func(fd uintptr) { statErr = unix.Fstat(int(fd), &x) }); err != nil {
		return fileStat{}, err
	}
	if statErr != nil {
		return fileStat{}, &os.PathError{Op: "fstat", Path: f.Name(), Err: statErr}
	}
	return statOf(&x), nil
}

func statOf(x *unix.Stat_t) fileStat {
	return fileStat{
		id:    fileID{dev: uint64(x.Dev), ino: uint64(x.Ino)},
		kind:  kindOf(uint32(x.Mode)),
		size:  int64(x.Size),
		mtime: x.Mtim.Nano(),
		links: uint64(x.Nlink),
	}
}
