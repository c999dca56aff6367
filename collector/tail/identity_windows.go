package tail

import (
	"os"

	"golang.org/x/sys/windows"
)

func statPath(path string) (fileStat, error) {
	f, err := openFile(path)
	if err != nil {
		return fileStat{}, err
	}
	defer f.Close()
	return statFile(f)
}

func statFile(f *os.File) (fileStat, error) {
	var x windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &x); err != nil {
		return fileStat{}, &os.PathError{Op: "stat", Path: f.Name(), Err: err}
	}
	st := fileStat{
		id: fileID{
			dev:   uint64(x.VolumeSerialNumber),
			ino:   uint64(x.FileIndexHigh)<<32 | uint64(x.FileIndexLow),
			birth: x.CreationTime.Nanoseconds(),
		},
		kind:  kindFile,
		size:  int64(x.FileSizeHigh)<<32 | int64(x.FileSizeLow),
		mtime: x.LastWriteTime.Nanoseconds(),
		links: uint64(x.NumberOfLinks),
	}
	if x.FileAttributes&windows.FILE_ATTRIBUTE_DIRECTORY != 0 {
		st.kind = kindFolder
	}
	return st, nil
}

// openFile shares the file for deletion too, so that its writer can rotate it
// while it is being read.
func openFile(path string) (*os.File, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE,
		nil, windows.OPEN_EXISTING, windows.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), nil
}

func handleLimit() int { return 0 }
