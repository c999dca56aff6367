package collector

import (
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/sessiontop/sessiontop/collector/tail"
)

// open prepares the paths. Standard input is a stream when it is to be
// followed; otherwise it is read to its end first, since logs that were joined
// into one stream can only be put in order of time as a whole.
func (f *Files) open(paths []string) error {
	opt := tail.Options{Follow: f.opt.Follow, BlockSize: blockSize}
	stdin := slices.Contains(paths, "-")
	if stdin && !f.opt.Follow {
		if err := f.spoolStdin(); err != nil {
			return err
		}
		paths = replaced(paths, "-", f.spool.Name())
		stdin = false
	} else if stdin {
		paths = slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return p == "-" })
	}
	set, err := tail.NewSet(paths, opt)
	if err != nil {
		return err
	}
	f.set = set
	if stdin {
		file := set.AddStream(f.opt.Stdin, "standard input")
		f.stats[file.ID()] = &sourceStat{id: file.ID()}
		f.files = append(f.files, file)
	}
	return nil
}

func (f *Files) spoolStdin() error {
	spool, err := os.CreateTemp("", "sessiontop-stdin-*.jsonl")
	if err != nil {
		return fmt.Errorf("standard input must be kept on disk to be put in order of time: %w; set TMPDIR to a folder that can be written", err)
	}
	f.spool = spool
	if _, err := io.Copy(spool, f.opt.Stdin); err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	return nil
}

func replaced(list []string, old, with string) []string {
	out := slices.Clone(list)
	out[slices.Index(out, old)] = with
	return out
}

// blockSize is how much of a file is decoded at once: a few hundred lines, so
// that what a core works on stays in its cache.
const blockSize = 64 << 10
