package collector

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/tail"
	"github.com/sessiontop/sessiontop/model"
)

// Options of a Files source.
type Options struct {
	// Follow goes on when everything is read: files grow, rotate and appear.
	Follow bool
	// Strings is where names are interned: the store's.
	Strings *model.Interner
	// Dialect reads the bodies. nil is model.NoDialect.
	Dialect model.Dialect
	// Redact removes secrets from a body before anybody sees it. nil leaves it.
	Redact func([]byte) []byte
	// Window is how long an event that came is held for earlier ones of other
	// files. 0 is DefaultWindow.
	Window time.Duration
	// Stdin is what the path "-" reads. nil is os.Stdin.
	Stdin io.Reader
	// Format is the name of the format that all paths are of (see Formats), or
	// SessionLog; "" has each source tell its own.
	Format string
}

// DefaultWindow is the reorder window of live files: far more than the time
// from a write to the notice of it, and short enough that what was written is
// on the screen within a quarter of a second.
const DefaultWindow = 100 * time.Millisecond

// Files is the Source of session logs: files, folders, globs and standard
// input ("-"). It is also the model.Bodies of what it has read.
type Files struct {
	opt         Options
	set         *tail.Set
	files       []*feed
	stats       map[uint32]*sourceStat
	out         decode.Out
	wrong       map[string]model.SourceStat // paths that yield no source, as last shown
	nextProblem uint32
	stdin       *tail.File     // nil where it is not read
	calls       *foreign.Calls // what clients' logs tell
	kin         *foreign.Kin   // of logs that make sense together
	naming      bool           // … session logs too: the connections that they name
	lives       *lives         // whose events came

	mu    sync.Mutex
	kept  map[uint32]*spool // what streams had, or what was translated, for Body
	feeds map[uint32]*feed  // written by Run alone
}

// NewFiles returns a source of the paths. An error names the path that cannot
// be used and what to try.
func NewFiles(paths []string, opt Options) (*Files, error) {
	if opt.Window == 0 {
		opt.Window = DefaultWindow
	}
	if opt.Dialect == nil {
		opt.Dialect = model.NoDialect{}
	}
	if opt.Stdin == nil {
		opt.Stdin = os.Stdin
	}
	f := &Files{opt: opt, calls: foreign.NewCalls(), kin: &foreign.Kin{}, lives: newLives(), feeds: make(map[uint32]*feed), stats: make(map[uint32]*sourceStat),
		wrong: make(map[string]model.SourceStat), kept: make(map[uint32]*spool)}
	if err := f.open(paths); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Close gives back what the source holds. Bodies cannot be read afterwards.
func (f *Files) Close() error {
	var errs []error
	if f.set != nil {
		errs = append(errs, f.set.Close())
	}
	for _, d := range f.feeds {
		errs = append(errs, d.close())
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.kept {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// Run reads the files into sink until ctx ends or, without Follow, everything
// is read. It may be called once.
func (f *Files) Run(ctx context.Context, sink Sink) error {
	live := newReorder(f.opt.Window)
	files := f.scan()
	if !f.opt.Follow {
		files = f.files // standard input among them
	}
	if err := f.load(ctx, files, sink, live); err != nil {
		return quietly(ctx, err)
	}
	if err := f.report(sink, true); err != nil || !f.opt.Follow {
		return err
	}
	return quietly(ctx, f.follow(ctx, sink, live))
}

// quietly is nil where the error is that ctx has ended.
func quietly(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// scan looks for files that were not there before.
func (f *Files) scan() []*feed {
	var fresh []*feed
	for _, file := range f.set.Scan() {
		fresh = append(fresh, f.feed(file))
	}
	f.files = append(f.files, fresh...)
	return fresh
}

// feed is the file's, made where it is new: one that had ended, of which more was
// found, has one.
func (f *Files) feed(file *tail.File) *feed {
	id := file.ID()
	if f.feeds[id] == nil {
		d := f.newFeed(file)
		f.mu.Lock()
		f.feeds[id] = d
		f.mu.Unlock()
		f.stats[id] = &sourceStat{id: id}
	}
	return f.feeds[id]
}

// workers is how many blocks are decoded at one time.
func (f *Files) workers() int { return runtime.GOMAXPROCS(0) }

// load merges what the files hold by time. What is so new that other files may
// still get earlier lines goes to the reorder window instead.
func (f *Files) load(ctx context.Context, files []*feed, sink Sink, live *reorder) error {
	if len(files) == 0 {
		return nil
	}
	workers := f.workers()
	lanes, closers := f.lanes(ctx, files)
	defer func() {
		for _, c := range closers {
			c.Close()
		}
	}()
	depth := max(2, 4*workers/len(lanes))
	p := newPool(workers, 2*len(lanes)+8*workers, f.opt.Strings, f.opt.Dialect)
	defer p.close()
	for _, l := range lanes {
		l.pool = p
	}
	old := int64(math.MinInt64) // what is not younger can have nothing before it to come
	if !live.started() {
		old = time.Now().Add(-time.Second).UnixNano()
	}
	next := time.Time{}
	return merge(lanes, depth, func(b *model.Batch) error {
		if err := f.deliver(b, sink, live, old); err != nil {
			return err
		}
		if now := time.Now(); now.After(next) {
			next = now.Add(reportEvery)
			return f.report(sink, false)
		}
		return nil
	}, ctx.Err)
}

// deliver emits what is old enough, and gives the rest to the reorder window.
func (f *Files) deliver(b *model.Batch, sink Sink, live *reorder, old int64) error {
	last := len(b.Events) - 1
	if f.opt.Follow {
		f.lives.note(b.Events)
	}
	if !f.opt.Follow || last < 0 || b.Events[last].Time <= old && !live.held {
		live.straight(b.Events, time.Now())
		return sink.Emit(b)
	}
	live.add(b.Events, b.Messages, time.Now())
	return live.emit(sink)
}

// reportEvery is how often the state of the sources is handed over.
const reportEvery = 100 * time.Millisecond

// report hands over how far the sources have been read: those that changed, or
// all.
func (f *Files) report(sink Sink, all bool) error {
	var b model.Batch
	for _, info := range f.set.Sources() {
		st := f.stats[info.ID]
		if st == nil {
			continue // found by the set, not by a scan yet
		}
		row := st.row(&info)
		f.feeds[info.ID].describe(&row)
		if all || row != st.shown {
			st.shown = row
			b.Sources = append(b.Sources, row)
		}
	}
	b.Sources = append(b.Sources, f.problems()...)
	if len(b.Sources) == 0 {
		return nil
	}
	return sink.Emit(&b)
}

// Body reads a message back. It is model.Bodies.
func (f *Files) Body(o model.Origin) ([]byte, error) {
	b, err := f.readBack(o)
	if err != nil || f.opt.Redact == nil {
		return b, err
	}
	return f.opt.Redact(b), nil
}

// Place is where something stands in its source: for the log of another program,
// in the log itself, though its origin counts in the translation.
func (f *Files) Place(o model.Origin) int64 {
	f.mu.Lock()
	s, d := f.kept[o.Source], f.feeds[o.Source]
	f.mu.Unlock()
	if s == nil || d == nil || !d.foreign() {
		return o.Offset
	}
	return placeIn(s.file, o.Offset)
}

// keepBlock keeps what was translated of a log that is followed.
func (f *Files) keepBlock(b tail.Block) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.kept[b.Source]
	if s == nil {
		s = createSpool()
		f.kept[b.Source] = s
	}
	if s.file != nil && s.write(b) != nil {
		s.Close()
		s.file, s.size = nil, 0 // Body says so
	}
}

func (f *Files) readBack(o model.Origin) ([]byte, error) {
	f.mu.Lock()
	s, d := f.kept[o.Source], f.feeds[o.Source]
	if s != nil && o.Offset >= 0 && o.Offset+int64(o.Len) <= s.size {
		f.mu.Unlock()
		b := make([]byte, o.Len)
		_, err := s.file.ReadAt(b, o.Offset)
		return b, err
	}
	f.mu.Unlock()
	if d != nil && d.foreign() {
		return nil, errors.New("the translation of this log was not kept: there was no room in the temporary folder")
	}
	return f.set.ReadBack(o.Source, o.Offset, int(o.Len))
}
