package tail

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"
)

// ErrNoData says that a File has nothing to give now and may have later.
var ErrNoData = errors.New("tail: no data now")

var (
	errAtEnd    = errors.New("no further whole line")
	errCut      = errors.New("the file was truncated or overwritten")
	errRemoved  = errors.New("the file was removed")
	errDiffers  = errors.New("the file holds other bytes than those read before")
	errComeBack = errors.New("incomplete for now")
)

// File reads one source. One goroutine at a time may call Next.
type File struct {
	set    *Set
	id     uint32
	keys   []string // folders and stems it is found by; guarded by set.mu
	stream *stream  // for standard input and FIFOs, nil for files

	more atomic.Bool // a look at the disk is worth while
	main slot

	rd       sync.Mutex // held while reading; guards what follows
	off      int64      // of the first byte that has not been passed on
	head     []byte     // the first bytes, headSize at most; written under mu too
	tail     []byte     // the last bytes before off, tailSize at most
	scanned  int64      // bytes after off that hold no newline
	skipping bool       // inside a line that is too long
	started  bool       // a byte other than NUL has been seen
	patience int        // bytes to pass over in one turn
	stuck    stuckAt
	reach    int64 // how far the generation is known to have reached

	mu       sync.Mutex // held for moments, never while reading; guards what follows
	home     *place     // the physical file that is read, nil when it is lost
	copies   []*place   // others that hold the same generation
	lostAt   time.Time
	lostWhy  error
	lastHome fileID // the home before it was lost
	done     bool
	told     bool // Next has returned io.EOF since
	info     SourceInfo
}

// ID is the source's SourceInfo.ID.
func (f *File) ID() uint32 { return f.id }

// Next returns the next block of whole lines. It does not wait: ErrNoData
// means nothing now, io.EOF that there can never be more. A block may be empty
// (see Block.Data). Troubles with a file do not come as errors: they stand in
// its SourceInfo, and Next answers ErrNoData when it will be tried again and
// io.EOF when it will not. After Set.Close the error is fs.ErrClosed.
func (f *File) Next() (Block, error) {
	if f.stream != nil {
		return f.stream.next(f)
	}
	follow := f.set.opt.Follow
	if follow && !f.more.Swap(false) {
		return Block{}, f.nothing()
	}
	for try := 0; ; try++ {
		b, err := f.turn(try >= goneAfter)
		switch {
		case err == nil:
			f.more.Store(true)
			f.set.progress.Store(true)
		case err == errMoved && follow:
			f.set.askLook()
			err = ErrNoData
		case err == errMoved:
			f.set.lookNow()
			continue
		case err == io.EOF:
			err = f.nothing()
		}
		return b, err
	}
}

// nothing is the answer of Next when it has no block.
func (f *File) nothing() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.done {
		return ErrNoData
	}
	f.told = true
	return io.EOF
}

func (f *File) ended() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.done
}

// turn reads one block, changing from the home to a copy where it must. It
// returns errMoved where it takes a look at the disk to go on; last says that
// this has been done often enough.
func (f *File) turn(last bool) (Block, error) {
	f.rd.Lock()
	defer f.rd.Unlock()
	for {
		f.mu.Lock()
		done, home := f.done, f.home
		var p place
		if home != nil {
			p = *home
		}
		f.mu.Unlock()
		switch {
		case done:
			return Block{}, io.EOF
		case home == nil && f.adopt():
			continue
		case home == nil:
			if err := f.homeless(last); err != nil {
				return Block{}, err
			}
			continue
		}
		b, err := f.readHome(&p)
		switch err {
		case nil:
			return b, nil
		case errAtEnd:
			b, err = f.atEnd(&p)
			if err != errRemoved && (err != errMoved || !last) {
				return b, err
			}
			f.lose(errRemoved)
		case errDiffers:
			f.set.disown(f, home)
			f.lose(err)
		case errCut:
			f.lose(err)
		case errMoved:
			if !p.gone() && !last {
				return Block{}, errMoved
			}
			if f.off == 0 && len(f.head) == 0 && p.pack == plain { // else p.size may be a later generation's
				f.reach = max(f.reach, p.size)
			}
			f.lose(errRemoved)
		case errComeBack:
			return Block{}, ErrNoData
		default:
			return Block{}, f.trouble(err)
		}
	}
}

func (f *File) readHome(p *place) (Block, error) {
	if p.pack != plain && !f.worthAnotherTry(p) {
		return Block{}, errComeBack
	}
	h, err := f.set.handles.acquire(&f.main, p.path, p.id, p.pack)
	if err != nil {
		return Block{}, err
	}
	defer f.set.handles.release(h)
	if p.pack != plain {
		return f.readPacked(h, p)
	}
	return f.readPlain(h, p)
}

// trouble records an error and says whether reading will be tried again.
func (f *File) trouble(err error) error {
	if errors.Is(err, fs.ErrClosed) {
		return fs.ErrClosed
	}
	if errors.Is(err, fs.ErrPermission) {
		err = fmt.Errorf("%w: let this user read it, or run as one who may", err)
	}
	f.note(err)
	if f.set.opt.Follow {
		return ErrNoData
	}
	f.finish(err)
	return io.EOF
}

func (f *File) note(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.info.Err = err
}

// passed notes how far the source has been read; onDisk is how many bytes of
// the file that took.
func (f *File) passed(onDisk int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.info.Offset, f.info.Read, f.info.Err = f.off, onDisk, nil
}

// skip counts the line that begins at off as left out.
func (f *File) skip(off int64) {
	f.skipping = true
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.info.Skipped == 0 {
		f.info.SkippedAt = off
		f.info.SkippedWhy = tooLongText(f.set.opt.MaxLine)
	}
	f.info.Skipped++
}

func tooLongText(limit int) string {
	if limit >= 1<<20 {
		return fmt.Sprintf("longer than %d MiB", limit>>20)
	}
	return fmt.Sprintf("longer than %d bytes", limit)
}

// advance moves the read offset over data, which begins there.
func (f *File) advance(data []byte) {
	f.off += int64(len(data))
	f.tail = appendTail(f.tail, data)
}

// appendTail returns the last bytes of tail and data, tailSize at most, in the
// memory of tail.
func appendTail(tail, data []byte) []byte {
	if len(data) >= tailSize {
		return append(tail[:0], data[len(data)-tailSize:]...)
	}
	if over := len(tail) + len(data) - tailSize; over > 0 {
		tail = append(tail[:0], tail[over:]...)
	}
	return append(tail, data...)
}

func (f *File) setHead(head []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.head = head
}
