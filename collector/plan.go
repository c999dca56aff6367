package collector

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"

	"github.com/sessiontop/sessiontop/collector/tail"
)

// lanes plans in what runs of ascending time the files are read. The closers
// are to be closed when the lanes have ended.
func (f *Files) lanes(ctx context.Context, files []*tail.File, p *pool) (lanes []*lane, closers []io.Closer) {
	paths := make(map[uint32]tail.SourceInfo)
	for _, info := range f.set.Sources() {
		paths[info.ID] = info
	}
	layouts := f.surveyAll(files, paths)
	for i, file := range files {
		l := layouts[i]
		st := f.stats[file.ID()]
		if len(l.starts) == 0 {
			lanes = append(lanes, &lane{from: f.whole(ctx, file), pool: p, order: len(lanes), back: l.back, stat: st})
			continue
		}
		st.mixed = true
		r, err := os.Open(paths[file.ID()].Path)
		if err != nil { // gone since: what the file itself still gives
			lanes = append(lanes, &lane{from: file, pool: p, order: len(lanes), back: slack, stat: st})
			continue
		}
		closers = append(closers, r)
		end := drain(file)
		starts := append([]int64{0}, l.starts...)
		for k, from := range starts {
			to := end
			if k+1 < len(starts) {
				to = min(starts[k+1], end)
			}
			s := &stretch{r: r, source: file.ID(), off: from, end: to, size: blockSize}
			lanes = append(lanes, &lane{from: s, pool: p, order: len(lanes), back: l.back, stat: st})
		}
	}
	return lanes, closers
}

// whole reads a file to its end: that of a FIFO, when it is not followed, is
// where its writer closes it.
func (f *Files) whole(ctx context.Context, file *tail.File) blocks {
	if f.opt.Follow {
		return file
	}
	return patient{file, f.set, ctx}
}

// patient waits where a file has nothing now.
type patient struct {
	file *tail.File
	set  *tail.Set
	ctx  context.Context
}

func (p patient) Next() (tail.Block, error) {
	for {
		b, err := p.file.Next()
		if err != tail.ErrNoData || p.ctx.Err() != nil {
			return b, err
		}
		p.set.Wait(p.ctx, idleWait)
	}
}

// surveyAll finds the layout of each plain file, two at a time.
func (f *Files) surveyAll(files []*tail.File, paths map[uint32]tail.SourceInfo) []layout {
	out := make([]layout, len(files))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(f.workers(), len(files)) {
		wg.Go(func() {
			for i := range next {
				out[i] = surveyFile(paths[files[i].ID()])
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	wg.Wait()
	return out
}

// surveyFile is the layout of a plain file. What cannot be read twice is taken
// to be one run whose lines may be a little out of order.
func surveyFile(info tail.SourceInfo) layout {
	unknown := layout{back: slack / 5}
	if st, err := os.Stat(info.Path); err != nil || info.Compressed || !st.Mode().IsRegular() {
		return unknown
	}
	r, err := os.Open(info.Path)
	if err != nil {
		return unknown
	}
	defer r.Close()
	l, err := survey(r, info.Size)
	if err != nil && !errors.Is(err, io.EOF) {
		return unknown
	}
	return l
}

// drain passes over what the file has now and returns how far that is.
func drain(file *tail.File) int64 {
	end := int64(0)
	for {
		b, err := file.Next()
		if err != nil {
			return end
		}
		end = b.Offset + int64(len(b.Data))
		b.Release()
	}
}
