package tail

// SourceInfo is what is known of one source: one generation of a log (the
// bytes from its creation, or from a truncation, to its end) under whatever
// names and in whatever copies it is found, or a stream.
type SourceInfo struct {
	ID   uint32
	Path string // where it is now, or was last seen
	Name string // Path, relative to the folder that all given paths have in common
	// Size is the file's size in bytes when it was last looked at, Read how
	// many of them have been consumed. Both count the bytes on disk.
	Size, Read int64
	// Offset is how far the source has been read, in decompressed bytes.
	Offset     int64
	Compressed bool
	// Done says that Next has returned io.EOF.
	Done bool
	// Lost is how many bytes were seen to be there and were gone before they
	// could be read (truncated or removed too soon).
	Lost int64
	// Skipped counts the lines left out; the first began at SkippedAt and was
	// left out because of SkippedWhy.
	Skipped    int64
	SkippedAt  int64
	SkippedWhy string
	// Err is what keeps the source from being read, nil when nothing does. It
	// may go away: a file that could not be opened is tried again.
	Err error
}

// Problem is a path that yields no source, and why.
type Problem struct {
	Path string
	Err  error
}
