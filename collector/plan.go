package collector

import (
	"context"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/sessiontop/sessiontop/collector/tail"
)

// plan is how a file is read.
type plan struct {
	layout
	spool *spool // nil where the file itself is read
}

// unknown is the layout of what cannot be surveyed: one run whose lines may be
// a little out of order.
func unknown() layout { return layout{back: slack / 5} }

// laneMemory is about how many bytes of undecoded blocks all lanes hold at most,
// however many they are.
const laneMemory = 64 << 20

// lanes plans in what runs of ascending time the files are read. The closers
// are to be closed when the lanes have ended.
func (f *Files) lanes(ctx context.Context, files []*feed) (lanes []*lane, closers []io.Closer) {
	plans := f.planAll(ctx, files)
	runs := 0
	for i := range plans {
		runs += 1 + len(plans[i].starts)
	}
	size := min(blockSize, max(4<<10, laneMemory/(2*runs)))
	add := func(from blocks, back int64, st *sourceStat) {
		lanes = append(lanes, newLane(from, len(lanes), back, st))
	}
	for i, file := range files {
		p, st := &plans[i], f.stats[file.ID()]
		if p.spool != nil {
			st.err = p.spool.err
			if !f.keep(file, p.spool) {
				closers = append(closers, p.spool)
			}
		}
		if len(p.starts) == 0 {
			add(f.whole(ctx, file, p.spool), p.back, st)
			continue
		}
		st.mixed = true
		r, end, err := p.reader(file)
		if err != nil { // gone since: what the file itself still gives
			add(file, slack, st)
			continue
		}
		if p.spool == nil {
			closers = append(closers, r)
		}
		starts := append([]int64{0}, p.starts...)
		for k, from := range starts {
			to := end
			if k+1 < len(starts) {
				to = min(starts[k+1], end)
			}
			add(&stretch{r: r, source: file.ID(), off: from, end: to, size: size}, p.back, st)
		}
	}
	return lanes, closers
}

// reader is what the runs of the file are read from, and its end.
func (p *plan) reader(file *feed) (*os.File, int64, error) {
	if p.spool != nil {
		return p.spool.file, p.spool.size, nil
	}
	r, err := os.Open(file.Info().Path)
	if err != nil {
		return nil, 0, err
	}
	return r, drain(file.File), nil
}

// keep holds on to the spool of a stream until Close: nothing else has what the
// stream had.
func (f *Files) keep(file *feed, s *spool) bool {
	if s.file == nil || file.Info().Compressed && !file.foreign() {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept[file.ID()] = s
	return true
}

// whole reads a file to its end: that of a FIFO, when it is not followed, is
// where its writer closes it.
func (f *Files) whole(ctx context.Context, file *feed, s *spool) blocks {
	switch {
	case s != nil:
		return s.all(file.ID())
	case f.opt.Follow:
		return file
	}
	return patient{file, f.set, ctx}
}

// patient waits where a file has nothing now.
type patient struct {
	file blocks
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

// planAll plans each file, some at a time, those that make sense together when all
// of them are read, and last those that join what the others tell. Streams have a
// goroutine each: they may have one writer, who waits until all of them are read.
func (f *Files) planAll(ctx context.Context, files []*feed) []plan {
	out := make([]plan, len(files))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(f.workers(), len(files)) {
		wg.Go(func() {
			for i := range next {
				out[i] = f.plan(ctx, files[i], false)
			}
		})
	}
	for i, file := range files {
		switch {
		case file.joins(), file.gathers():
		case f.isStream(file.File):
			wg.Go(func() { out[i] = f.plan(ctx, file, false) })
		default:
			next <- i
		}
	}
	close(next)
	wg.Wait()
	f.planTogether(ctx, files, out)
	if slices.ContainsFunc(files, (*feed).joinsConnections) {
		f.tellConnections(files, out)
	}
	for i, file := range files {
		if file.joins() {
			out[i] = f.plan(ctx, file, true)
		}
	}
	return out
}

// planTogether plans the logs that make sense together: all of them are read
// before anything is told.
func (f *Files) planTogether(ctx context.Context, files []*feed, out []plan) {
	all := slices.DeleteFunc(slices.Clone(files), func(file *feed) bool { return !file.gathers() })
	for _, file := range all {
		file.tr.gather(file)
	}
	for _, file := range all {
		file.tr.advances()
	}
	for i, file := range files {
		if file.gathers() {
			out[i] = f.plan(ctx, file, true)
		}
	}
}

func (f *Files) isStream(file *tail.File) bool {
	if file == f.stdin {
		return true
	}
	st, err := os.Stat(file.Info().Path)
	return err == nil && !st.Mode().IsRegular()
}

// plan surveys a plain file where it is. What cannot be read twice, or is
// translated, is copied first; where it is followed, only the latter is. Unless
// it is the last time, nothing is done with what joins what others tell.
func (f *Files) plan(ctx context.Context, file *feed, last bool) plan {
	stream := f.isStream(file.File)
	if info := file.Info(); !stream && !info.Compressed && !file.foreign() {
		return plan{layout: surveyFile(info)}
	}
	if f.opt.Follow && !file.foreign() {
		return plan{layout: unknown()}
	}
	if f.opt.Follow {
		return f.planNow(file)
	}
	for !file.told.Load() { // it may be one that joins, and be read again when the others are
		if err := file.listen(); err != nil && (err != tail.ErrNoData || ctx.Err() != nil) {
			break
		} else if err != nil {
			f.set.Wait(ctx, idleWait)
		}
	}
	if (file.joins() || file.gathers()) && !last {
		return plan{}
	}
	s := newSpool(patient{file, f.set, ctx})
	return plan{layout: s.layout(), spool: s}
}

// planNow spools what the log of another program has by now, of one that is
// followed.
func (f *Files) planNow(file *feed) plan {
	f.mu.Lock()
	known := f.kept[file.ID()] != nil
	f.mu.Unlock()
	if known { // it had ended, and more was found
		return plan{layout: layout{back: slack}}
	}
	if file.gathers() {
		_ = file.tr.all.Release() // else the next Write fails
	}
	keep := file.keep
	file.keep = nil // the spool does
	s := newSpool(file)
	file.keep = keep
	return plan{layout: s.layout(), spool: s}
}

// surveyFile is the layout of a plain file.
func surveyFile(info tail.SourceInfo) layout {
	r, err := os.Open(info.Path)
	if err != nil {
		return unknown()
	}
	defer r.Close()
	l, err := survey(r, info.Size)
	if err != nil {
		return unknown()
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
