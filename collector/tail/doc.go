// Package tail turns paths into blocks of whole lines, each line once: files,
// folders and globs, read to their end or followed through rotation, truncation
// and compression, and streams that cannot be read twice. It knows nothing of
// what the lines say.
//
//	Set ── Scan ──► File ── Next ──► Block        Wait ◄── notices, back-off
//	 └── look at the disk                          └── ReadBack
//
// # Sources
//
// A source is one generation of a log: the bytes from its creation, or from a
// truncation, to its end. It has one ID for ever, whatever becomes of its file:
//
//   - A physical file is known by device, inode and time of birth. Under a new
//     name it is the same source; a new file under an old name is another one.
//   - A file that got shorter than what was read of it, or whose first KiB or
//     last 64 bytes before the read offset are no longer what they were, begins
//     a new source at offset 0.
//   - A file with a rotated name (name.1, name.2.gz, name.3.zst, name-20261122)
//     in the same folder that begins with the same KiB and agrees with the last
//     bytes read is a copy: it is read only where the original is gone, and
//     only past what was read. A compressed copy is also compared in full.
//   - A file that was written anew in the place of a removed one, as when a
//     folder is copied again, goes on as the same source if 64 bytes or more had
//     been read and it begins with the same KiB and has the same last bytes there.
//     While it is shorter than what was read and agrees with it, it is waited
//     for, Options.Linger at most; then it is another one, that begins alike.
//
// When a name leads to a new file the old one is first read to its end, by the
// handle that is open; then the new one begins. A last line without a newline
// waits for it, and is given without one when nothing can follow. NUL bytes
// that open a generation are the hole that a writer without O_APPEND leaves
// after a truncation: they are passed over; others are data.
//
// # What is lost
//
// No line is lost that is still on disk in one of these forms at the next look.
// Lost are, and cannot be seen by anyone:
//
//   - bytes truncated away, without a copy, before they were read;
//   - bytes of a file that was created or truncated and removed again between
//     two looks, and bytes written after the last read to a file that had been
//     closed to make room for others (Options.MaxHandles) and was then removed;
//   - a truncation after which the file grew to the same first KiB, or first
//     lines where it is shorter, and the same 64 bytes before the offset, and a
//     new file in the place of a removed one that has all of these.
//
// Where bytes were seen to be there and were gone before they could be read,
// SourceInfo.Lost counts them. A line longer than Options.MaxLine is skipped and
// counted. A copy that appears, and a file that is put back, more than ten minutes
// after the end of its source is a source of its own.
//
// # Concurrency
//
// A Set may be used from any goroutine. Of one File, Next has one caller at a
// time; different Files are read in parallel. The locks are taken in this
// order: Set.mu (a look), File.rd (a read), then one of File.mu, Set.share,
// watcher.mu, handles.mu, which are held for moments.
package tail
