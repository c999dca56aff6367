package tail

import (
	"cmp"
	"time"
)

// Options say how a Set reads. The zero value reads what is there once.
type Options struct {
	// Follow keeps on: files grow, rotate, appear. Without it each file is
	// read to the end that it has.
	Follow bool
	// MaxLine is the longest line in bytes, without its newline; a longer one
	// is skipped and counted. Default 64 MiB.
	MaxLine int
	// BlockSize is the most that Next returns unless one line is longer.
	// Default 256 KiB, at most MaxLine.
	BlockSize int
	// PollMin and PollMax bound the time between two looks at the disk: the
	// pause starts at PollMin after something was read and doubles up to
	// PollMax. Defaults 1 ms and 250 ms. With very many files a look takes
	// long, and the pause grows so that looking stays a small part of a core.
	PollMin, PollMax time.Duration
	// PollOnly does without the system's notification of changes.
	PollOnly bool
	// Linger is how long a removed or truncated file is still watched: for the
	// last bytes of a writer that has it open, and for the copy that a rotation
	// makes of it. It is also how long a compressed file must have been still
	// to count as written to its end, and how long a file that is put back may
	// take until it has the bytes that were read. Default 5 s; negative is none.
	Linger time.Duration
	// MaxHandles bounds the files that are open at one time. Default: half of
	// what the system allows, at most 4096.
	MaxHandles int
	// SpillSize is how many bytes of each stream are kept on disk for ReadBack.
	// Default 256 MiB; negative keeps none.
	SpillSize int64
}

const (
	defaultMaxLine    = 64 << 20
	defaultBlockSize  = 256 << 10
	defaultPollMin    = time.Millisecond
	defaultPollMax    = 250 * time.Millisecond
	defaultLinger     = 5 * time.Second
	defaultMaxHandles = 4096
	defaultSpillSize  = 256 << 20

	// maxDepth and maxFiles bound what folders are searched for.
	maxDepth = 8
	maxFiles = 100_000
	// forgetAfter is how long after the end of a source a copy of it is known,
	// and how long a file that was moved out of sight is kept open.
	forgetAfter = 10 * time.Minute
	// maxDecoderMemory bounds the windows of the decompressors that are open
	// at one time; one may always be.
	maxDecoderMemory = 256 << 20
	// headSize is how much of a file's beginning is its fingerprint, tailSize
	// how much before the read offset is compared again with each read.
	headSize = 1024
	tailSize = 64
)

func (o Options) withDefaults() Options {
	o.MaxLine = cmp.Or(max(o.MaxLine, 0), defaultMaxLine)
	o.BlockSize = min(cmp.Or(max(o.BlockSize, 0), defaultBlockSize), o.MaxLine)
	o.PollMin = cmp.Or(max(o.PollMin, 0), defaultPollMin)
	o.PollMax = max(cmp.Or(max(o.PollMax, 0), defaultPollMax), o.PollMin)
	o.Linger = max(cmp.Or(o.Linger, defaultLinger), 0)
	o.SpillSize = max(cmp.Or(o.SpillSize, defaultSpillSize), 0)
	if o.MaxHandles <= 0 {
		o.MaxHandles = defaultMaxHandles
		if limit := handleLimit(); limit > 0 {
			o.MaxHandles = min(o.MaxHandles, limit/2)
		}
	}
	o.MaxHandles = max(o.MaxHandles, 1)
	return o
}
