package tail

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

const statxMask = unix.STATX_TYPE | unix.STATX_NLINK | unix.STATX_INO | unix.STATX_SIZE | unix.STATX_MTIME | unix.STATX_BTIME

func statPath(path string) (fileStat, error) {
	return statAt("stat", unix.AT_FDCWD, path, 0, path)
}

func statFile(f *os.File) (fileStat, error) {
	var st fileStat
	var err error
	raw, rawErr := f.SyscallConn()
	if rawErr != nil {
		return st, rawErr
	}
	ctlErr := raw.Control(func(fd uintptr) {
		st, err = statAt("fstat", int(fd), "", unix.AT_EMPTY_PATH, f.Name())
	})
	return st, errors.Join(err, ctlErr)
}

func statAt(op string, fd int, path string, flags int, shown string) (fileStat, error) {
	var x unix.Statx_t
	err := unix.Statx(fd, path, flags, statxMask, &x)
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) {
		// An old kernel, or a sandbox that does not know the call.
		return statOld(op, fd, path, shown)
	}
	if err != nil {
		return fileStat{}, &os.PathError{Op: op, Path: shown, Err: err}
	}
	st := fileStat{
		id:    fileID{dev: uint64(x.Dev_major)<<32 | uint64(x.Dev_minor), ino: x.Ino},
		kind:  kindOf(uint32(x.Mode)),
		size:  int64(x.Size),
		mtime: x.Mtime.Sec*1e9 + int64(x.Mtime.Nsec),
		links: uint64(x.Nlink),
	}
	if x.Mask&unix.STATX_BTIME != 0 {
		st.id.birth = x.Btime.Sec*1e9 + int64(x.Btime.Nsec)
	}
	return st, nil
}

func statOld(op string, fd int, path, shown string) (fileStat, error) {
	var x unix.Stat_t
	var err error
	if path == "" {
		err = unix.Fstat(fd, &x)
	} else {
		err = unix.Stat(path, &x)
	}
	if err != nil {
		return fileStat{}, &os.PathError{Op: op, Path: shown, Err: err}
	}
	return fileStat{
		id:    fileID{dev: x.Dev, ino: x.Ino},
		kind:  kindOf(x.Mode),
		size:  x.Size,
		mtime: x.Mtim.Nano(),
		links: uint64(x.Nlink),
	}, nil
}
