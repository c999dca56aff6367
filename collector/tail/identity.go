package tail

// fileID names one physical file for as long as it exists: device and inode
// where the system has them, volume and file index on Windows. Inode numbers
// are used again as soon as a file is gone, so the time of birth is part of
// the name where the file system keeps it (zero elsewhere).
type fileID struct {
	dev, ino uint64
	birth    int64
}

type fileKind uint8

const (
	kindOther fileKind = iota
	kindFile
	kindFolder
	kindPipe
)

// fileStat is what this package wants to know of a file, in one system call.
type fileStat struct {
	id    fileID
	kind  fileKind
	size  int64
	mtime int64 // nanoseconds since 1970, for "has it changed" only
	links uint64
}
