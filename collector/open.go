package collector

import (
	"slices"

	"github.com/sessiontop/sessiontop/collector/tail"
)

// open prepares the paths. Standard input is a stream; when it is not followed
// all of it is kept on disk, as the source's spool.
func (f *Files) open(paths []string) error {
	opt := tail.Options{Follow: f.opt.Follow, BlockSize: blockSize}
	if !f.opt.Follow {
		opt.SpillSize = -1 // spools keep what streams had
	}
	isStdin := func(p string) bool { return p == "-" }
	stdin := slices.ContainsFunc(paths, isStdin)
	set, err := tail.NewSet(slices.DeleteFunc(slices.Clone(paths), isStdin), opt)
	if err != nil {
		return err
	}
	f.set = set
	if stdin {
		f.stdin = set.AddStream(f.opt.Stdin, "standard input")
		f.files = append(f.files, f.feed(f.stdin))
	}
	return nil
}

// blockSize is how much of a file is decoded at once: a few hundred lines, so
// that what a core works on stays in its cache.
const blockSize = 64 << 10
