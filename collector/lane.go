package collector

import (
	"cmp"
	"errors"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/collector/tail"
	"github.com/sessiontop/sessiontop/model"
)

// blocks is where a lane reads: a tail.File, or a stretch of a file.
type blocks interface {
	// Next is the next block of whole lines; io.EOF and tail.ErrNoData end a
	// lane.
	Next() (tail.Block, error)
}

// lane is one run of lines in ascending order of time, decoded ahead of the
// merge by the pool.
type lane struct {
	from  blocks
	pool  *pool
	order int   // position among the lanes, to break ties for good
	back  int64 // by how much time goes back in it
	stat  *sourceStat

	read sync.Mutex // held while a block is read, so that jobs get theirs in order
	next int        // index into jobs of the first one without a block
	jobs []*job     // in order, the current one not among them

	cur    *job
	events []model.Event // what is left of the current chunk, in order
	held   sorter        // what may still be preceded by a line to come
	gone   int64         // up to here events have been released
	over   error         // why no further block is asked for
	ended  bool
}

func newLane(from blocks, order int, back int64, stat *sourceStat) *lane {
	return &lane{from: from, order: order, back: back, stat: stat, gone: math.MinInt64}
}

// job is one block on its way through the pool.
type job struct {
	lane  *lane
	block tail.Block
	out   decode.Out
	err   error
	ready chan struct{}
}

// pool is the decoders, one a goroutine.
type pool struct {
	queue chan *lane
	free  chan *job
	wg    sync.WaitGroup
}

func newPool(n, depth int, in *model.Interner, dialect model.Dialect) *pool {
	p := &pool{queue: make(chan *lane, depth), free: make(chan *job, depth)}
	for range n {
		p.wg.Go(func() {
			d := decode.New(in, dialect)
			for l := range p.queue {
				l.work(d)
			}
		})
	}
	return p
}

// close ends the pool's goroutines.
func (p *pool) close() {
	close(p.queue)
	p.wg.Wait()
}

func (p *pool) job(l *lane) *job {
	select {
	case j := <-p.free:
		j.lane, j.err, j.ready = l, nil, make(chan struct{})
		j.out.Reset()
		return j
	default:
		return &job{lane: l, ready: make(chan struct{})}
	}
}

// work reads and decodes the lane's next block.
func (l *lane) work(d *decode.Decoder) {
	l.read.Lock()
	j := l.jobs[l.next]
	l.next++
	j.block, j.err = l.from.Next()
	l.read.Unlock()
	if j.err == nil {
		d.Block(j.block.Source, j.block.Offset, j.block.Data, &j.out)
		if l.back > 0 || !ascending(j.out.Events) {
			slices.SortStableFunc(j.out.Events, compareEvents)
		}
	}
	close(j.ready)
}

// ahead has the pool work on the lane's next n blocks.
func (l *lane) ahead(n int) {
	for !l.ended && len(l.jobs) < n {
		l.read.Lock()
		l.jobs = append(l.jobs, l.pool.job(l))
		l.read.Unlock()
		l.pool.queue <- l
	}
}

// fill makes l.events hold something, or sets ended.
func (l *lane) fill(depth int) {
	for len(l.events) == 0 && !l.ended {
		l.release()
		if l.over == nil {
			l.ahead(depth)
		}
		if len(l.jobs) == 0 {
			l.end()
			return
		}
		j := l.take()
		if j.err != nil { // the jobs asked for ahead may still find what came since
			l.over = j.err
			continue
		}
		l.cur = j
		l.stat.add(&j.out)
		l.accept(j.out.Events)
	}
}

// accept takes a decoded chunk; where time goes back in the lane, the newest of
// it is held until later lines can no longer precede it. Those that should have
// preceded what is gone are late.
func (l *lane) accept(events []model.Event) {
	if l.back == 0 {
		l.events = events
		return
	}
	for i := range events {
		if events[i].Time <= l.gone && l.gone != math.MinInt64 {
			events[i].Flags |= model.Late
			l.stat.late++
		}
	}
	l.held.add(events, l.cur.out.Messages)
	l.gone = max(l.gone, l.held.settled(l.back))
	l.events = l.held.release(l.gone)
}

// end notes that the lane's blocks are over.
func (l *lane) end() {
	l.ended = true
	if !errors.Is(l.over, io.EOF) && !errors.Is(l.over, tail.ErrNoData) {
		l.stat.err = l.over
	}
	l.events = l.held.release(math.MaxInt64)
}

// take waits for the lane's next job and removes it.
func (l *lane) take() *job {
	l.read.Lock()
	j := l.jobs[0]
	l.read.Unlock()
	<-j.ready
	l.read.Lock()
	defer l.read.Unlock()
	l.jobs = l.jobs[1:]
	l.next--
	return j
}

// release gives the current chunk back.
func (l *lane) release() {
	if l.cur == nil {
		return
	}
	l.cur.block.Release()
	select {
	case l.pool.free <- l.cur:
	default:
	}
	l.cur = nil
}

// messages are those that the lane's events count in.
func (l *lane) messages() []model.Message {
	if l.back != 0 {
		return l.held.out
	}
	return l.cur.out.Messages
}

// compareEvents orders by time; at one time, by PID, so that the order does not
// depend on which file was read first; of one file, by the lines' numbers.
func compareEvents(a, b model.Event) int {
	if c := compareKeys(keyOf(&a), keyOf(&b)); c != 0 {
		return c
	}
	if a.Origin.Source != b.Origin.Source || a.Seq == 0 || b.Seq == 0 {
		return 0
	}
	return cmp.Compare(int32(a.Seq-b.Seq), 0) // the numbers may wrap
}

func ascending(events []model.Event) bool {
	for i := 1; i < len(events); i++ {
		a, b := &events[i-1], &events[i]
		if a.Time < b.Time {
			continue
		}
		if a.Time > b.Time || compareEvents(*a, *b) > 0 {
			return false
		}
	}
	return true
}
