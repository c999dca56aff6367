package tail

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Set is a number of paths and the sources found there. Its methods may be
// called from any goroutine.
type Set struct {
	opt     Options
	specs   []spec
	root    string // what names are relative to
	handles handles
	buffers bufferPool
	back    backReader
	watch   *watcher // nil where the system gives no notice

	wake     chan struct{}
	asked    atomic.Bool  // a look is wanted before it is due
	progress atomic.Bool  // something was read since the last look
	nap      atomic.Int64 // how long Wait gathered notices the last time
	closing  chan struct{}
	closed   atomic.Bool
	work     sync.WaitGroup

	mu       sync.Mutex // held during a look; guards what follows
	look     uint64     // the number of looks taken
	last     time.Time  // when the last look ended
	cost     time.Duration
	pause    time.Duration
	byID     map[fileID]*File
	byKey    map[string][]*File // by folder and stem
	active   []*File            // those that are not forgotten
	heads    map[fileID]seenHead
	found    []*File
	moved    bool        // paths lead elsewhere than at the last look
	hasty    bool        // the last look has left something unclear
	frozen   bool        // not following: no further sources are taken
	checking atomic.Bool // a copy is being compared

	share    sync.Mutex // held for moments; guards what follows
	files    []*File    // by ID
	own      map[fileID]bool
	problems []Problem
	waiting  []string
}

// spec is one of the given paths.
type spec struct {
	path string
	glob bool
}

// NewSet prepares to read files, folders and globs. In a folder and its sub
// folders (eight deep, hidden ones left out) it takes the names that end in
// .jsonl, .ndjson, .log, .har, .strace, .pcap or .pcapng, and their rotated forms:
// .1, .2.gz, .3.zst, -20261122 and the like; and what strace -ff -o trace and
// tcpdump -C write: trace.4121, dump.pcap1. A file that is named is read whatever
// its name.
// A path that leads nowhere is an error, or is waited for when following.
// Nothing is read before Scan.
func NewSet(paths []string, opt Options) (*Set, error) {
	s := &Set{
		opt:     opt.withDefaults(),
		wake:    make(chan struct{}, 1),
		closing: make(chan struct{}),
		byID:    map[fileID]*File{},
		byKey:   map[string][]*File{},
		heads:   map[fileID]seenHead{},
		own:     map[fileID]bool{},
	}
	s.handles.max, s.handles.maxMem = s.opt.MaxHandles, maxDecoderMemory
	s.buffers.size = tailSize + s.opt.BlockSize + headSize
	s.back.set = s
	var bases []string
	for _, p := range paths {
		sp, base, err := s.newSpec(p)
		if err != nil {
			return nil, err
		}
		s.specs = append(s.specs, sp)
		bases = append(bases, base)
	}
	s.root = commonFolder(bases)
	s.pause = s.opt.PollMin
	if s.opt.Follow && !s.opt.PollOnly && len(paths) > 0 && noticesAreCheap {
		s.watch = newWatcher(s)
	}
	return s, nil
}

// newSpec checks one path and returns the folder that its files' names are
// relative to.
func (s *Set) newSpec(p string) (spec, string, error) {
	if p == "" {
		return spec{}, "", errors.New("an empty path: name a file, a folder or a glob")
	}
	sp := spec{path: filepath.Clean(p)}
	if end := unreadable(p); end != "" {
		return sp, "", fmt.Errorf("%s: %s is not supported: decompress it first, or use gzip or zstd", p, end)
	}
	st, err := statPath(p)
	switch {
	case err == nil && st.kind == kindFolder:
		return sp, sp.path, nil
	case err == nil && st.kind == kindOther:
		return sp, "", fmt.Errorf("%s: neither a file nor a folder nor a FIFO: name one of these", p)
	case err == nil:
		return sp, filepath.Dir(sp.path), nil
	case !errors.Is(err, fs.ErrNotExist):
		return sp, "", fmt.Errorf("%w: check the path and its permissions", err)
	case hasMeta(p):
		sp.glob = true
		return sp, globBase(sp.path), s.checkGlob(sp.path)
	case s.opt.Follow:
		return sp, filepath.Dir(sp.path), nil
	}
	return sp, "", fmt.Errorf("%s: no such file or folder: check the path, or follow it to wait until it appears", p)
}

func hasMeta(p string) bool { return strings.ContainsAny(p, `*?[`) }

func (s *Set) checkGlob(pattern string) error {
	matches, err := filepath.Glob(pattern)
	if err != nil {
		return fmt.Errorf("%s: %w: check its brackets", pattern, err)
	}
	if len(matches) == 0 && !s.opt.Follow {
		return fmt.Errorf("%s: no file matches: check the pattern, or follow it to wait for files", pattern)
	}
	return nil
}

// globBase is the folder before the first part of a pattern that matches more
// than itself.
func globBase(pattern string) string {
	for hasMeta(pattern) {
		pattern = filepath.Dir(pattern)
	}
	return pattern
}

func (s *Set) shortName(path string) string {
	if s.root == "" {
		return path
	}
	rel, err := filepath.Rel(s.root, path)
	if err != nil {
		return path
	}
	return rel
}

// Sources returns what is known of every source, by ID; it is cheap enough to
// be asked for with every frame.
func (s *Set) Sources() []SourceInfo {
	files := s.all()
	infos := make([]SourceInfo, len(files))
	for i, f := range files {
		infos[i] = f.Info()
	}
	return infos
}

// Info returns what is known of the file's source. Any goroutine may call it.
func (f *File) Info() SourceInfo {
	f.mu.Lock()
	defer f.mu.Unlock()
	info := f.info
	if f.stream != nil {
		f.stream.describe(&info)
	}
	return info
}

// Problems returns the paths that yield no source at present, and why: folders
// that cannot be read, or lie too deep.
func (s *Set) Problems() []Problem {
	s.share.Lock()
	defer s.share.Unlock()
	return s.problems
}

// Waiting returns the paths that were given and in which there was nothing at
// the last look.
func (s *Set) Waiting() []string {
	s.share.Lock()
	defer s.share.Unlock()
	return s.waiting
}

func (s *Set) all() []*File {
	s.share.Lock()
	defer s.share.Unlock()
	return s.files[:len(s.files):len(s.files)]
}

func (s *Set) source(id uint32) *File {
	s.share.Lock()
	defer s.share.Unlock()
	if int64(id) >= int64(len(s.files)) {
		return nil
	}
	return s.files[id]
}

// publish gives a file its ID.
func (s *Set) publish(f *File) {
	s.share.Lock()
	defer s.share.Unlock()
	f.id = uint32(len(s.files))
	f.info.ID = f.id
	s.files = append(s.files, f)
}

// disown makes a physical file that was taken for a copy of f a source of its
// own.
func (s *Set) disown(f *File, p *place) {
	s.share.Lock()
	s.own[p.id] = true
	s.share.Unlock()
	f.mu.Lock()
	f.detach(p)
	f.mu.Unlock()
	s.askLook()
}

func (s *Set) isOwn(id fileID) bool {
	s.share.Lock()
	defer s.share.Unlock()
	return s.own[id]
}

// Close closes all files. A Read of a stream that is under way is not
// interrupted, except in a FIFO that the Set opened.
func (s *Set) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	close(s.closing)
	s.mu.Lock() // wait for a look that is being taken; there is none after it
	defer s.mu.Unlock()
	var err error
	if s.watch != nil {
		err = s.watch.close()
	}
	for _, f := range s.all() {
		if f.stream != nil {
			err = cmp.Or(err, f.stream.close())
		}
	}
	s.work.Wait()
	s.handles.close()
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
