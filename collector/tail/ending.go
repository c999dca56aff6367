package tail

import (
	"fmt"
	"io"
	"time"
)

// homeless decides what to do while no physical file of this generation is
// known: wait for a copy for a time, then end. It returns nil if there is a
// copy after all.
func (f *File) homeless(last bool) error {
	if !f.set.opt.Follow && !last {
		return errMoved
	}
	if f.set.opt.Follow && f.waitedFor() < f.set.opt.Linger {
		return ErrNoData
	}
	if !f.finish(nil) {
		return nil
	}
	return io.EOF
}

func (f *File) waitedFor() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lostAt.IsZero() {
		f.lostAt = time.Now()
	}
	return time.Since(f.lostAt)
}

// atEnd is asked when the home has no further whole line. It returns the last
// line without its newline where nothing can follow it, io.EOF where nothing
// is left, ErrNoData to wait, errRemoved to go on in a copy.
func (f *File) atEnd(p *place) (Block, error) {
	follow := f.set.opt.Follow && p.pack == plain
	removed := follow && p.gone() && f.removed(p)
	switch {
	case f.continued(removed):
		return Block{}, errRemoved
	case !follow:
		return f.lastLine(p, io.EOF)
	case !removed || f.waitedFor() < f.set.opt.Linger:
		return Block{}, ErrNoData
	}
	return f.lastLine(p, errRemoved)
}

// removed says whether no name leads to the open home any more. A file that
// was moved out of sight is still there and is read on.
func (f *File) removed(p *place) bool {
	h, err := f.set.handles.acquire(&f.main, p.path, p.id, p.pack)
	if err != nil {
		return true
	}
	defer f.set.handles.release(h)
	return h.unlinked()
}

// continued says whether a copy is known to hold more than was read, or took the
// place of the home. A plain copy of a file that is still there may merely be
// newer than our last read.
func (f *File) continued(removed bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.copies {
		if p.longer || removed && p.pack == plain && (p.size > f.off || p.anew) {
			return true
		}
	}
	return false
}

// lastLine gives what follows the last newline, and ends the home with it.
func (f *File) lastLine(p *place, end error) (Block, error) {
	var b Block
	if p.pack == plain {
		var err error
		b, err = f.readRest(p)
		if err == errMoved {
			return Block{}, err
		}
		if err != nil {
			return Block{}, f.trouble(err)
		}
	}
	if end == io.EOF {
		f.finish(nil)
	}
	if len(b.Data) == 0 {
		return Block{}, end
	}
	if end == errRemoved {
		f.lose(end)
	}
	return b, nil
}

// finish ends the source, unless it is without a home and a copy that can
// continue it has just been found: then it returns false.
func (f *File) finish(err error) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.home == nil && f.bestCopy() != nil {
		return false
	}
	f.done, f.info.Done = true, true
	if err != nil {
		f.info.Err = err
	}
	if lost := f.reach - f.off; lost > 0 && f.lostWhy != nil {
		f.info.Lost = lost
		f.info.Err = fmt.Errorf("%s: %w at offset %d before its last %d bytes were read; keep rotated files until they have been read",
			f.info.Path, f.lostWhy, f.off, lost)
	}
	return true
}
