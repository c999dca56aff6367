package strace

import (
	"cmp"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/sessiontop/sessiontop/collector/foreign"
)

// strace -ff writes a file for each thread, trace.4121. Which threads are of one
// process, and what a child has of its parent, only all of them together tell: so
// their lines are put in order, and taken as those of one trace.

// family is the files of one trace. Its lock is held by whoever translates one.
type family struct {
	mu     sync.Mutex
	trace  *trace
	open   int              // members that go on
	held   []*entry         // lines that are to be taken
	size   int              // of them
	behind map[*member]bool // members of which more is to be read
	newest int64
}

// member is one of the files.
type member struct {
	*foreign.Splitter
	family *family
	out    *foreign.Lines
	clock  clock // its time is that of the last line
	tid    int32
	last   *entry // a call whose end the next line may show
}

// entry is a line of a file.
type entry struct {
	line
	member *member
	tid    int32
	offset int64
	at     span // the end is known by -T, or as the next line begins
}

const (
	// apart is by how much the files of a trace that grows may be written apart, in
	// nanoseconds.
	apart = int64(1e9)
	// maxFamily bounds the lines of a trace that wait, in bytes.
	maxFamily = 512 << 20
	// entrySize is about what a line that waits takes beside its text, in bytes.
	entrySize = 256
)

// isMember says that the file's name ends in the id of its thread.
func isMember(src foreign.Source) bool {
	_, tid := stem(src.Name)
	return tid > 0
}

// stem takes the name of a file of strace -ff apart, packed or not; 0: it is none.
func stem(name string) (stem string, tid int32) {
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	i := strings.LastIndexByte(name, '.')
	if n, err := strconv.ParseInt(name[i+1:], 10, 32); err == nil && i >= 0 && n > 1 && n <= maxPID {
		return name[:i], int32(n)
	}
	return name, 0
}

func newMember(out *foreign.Lines, src foreign.Source) *member {
	name, tid := stem(src.Name)
	f := src.Kin.Of("strace "+filepath.Join(src.Folder, name), func() any { return &family{trace: newTrace(), behind: map[*member]bool{}} }).(*family)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open++
	m := &member{family: f, out: out, clock: newClock(src.Modified), tid: tid}
	m.Splitter = foreign.NewSplitter(out, m.line, nil)
	return m
}

// Write takes the next bytes of the file.
func (m *member) Write(p []byte) (int, error) {
	m.family.mu.Lock()
	defer m.family.mu.Unlock()
	m.family.behind[m] = true
	return m.Splitter.Write(p)
}

// Close takes all that the files had; with the last of them the trace ends.
func (m *member) Close() error {
	f := m.family
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.behind, m)
	err := errors.Join(m.Splitter.Close(), f.settle(math.MaxInt64))
	if f.open--; f.open == 0 {
		f.trace.out, f.trace.offset = m.out, 0
		f.trace.end()
	}
	return errors.Join(err, m.out.Flush())
}

// Release takes all that is held, or what the files have come to.
func (m *member) Release() error {
	m.family.mu.Lock()
	defer m.family.mu.Unlock()
	return m.family.settle(m.family.reached(math.MaxInt64))
}

// Advance notes that all of the file has been read, and takes what no file is
// likely to have anything before.
func (m *member) Advance() error {
	f := m.family
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.behind, m)
	return f.settle(f.reached(f.newest - apart))
}

// reached is the time that the file has come to of which least has been read, and
// at most until.
func (f *family) reached(until int64) int64 {
	for m := range f.behind {
		until = min(until, m.clock.now)
	}
	return until
}

// line holds a line until those of the other files come to its time.
func (m *member) line(offset int64, b []byte) {
	l := parseLine(slices.Clone(b))
	at := m.clock.read(l.stamp)
	if m.last != nil { // it was over by now
		m.last.at.end, m.last = at, nil
	}
	switch {
	case l.kind == strange:
		m.out.Bad(offset, "no line of strace's")
		return
	case l.kind == nothing, l.kind <= resumed && !knows(l.name):
		return
	}
	e := &entry{line: l, member: m, tid: l.tid, offset: offset, at: span{at, at}}
	if e.tid == 0 {
		e.tid = m.tid
	}
	if l.kind == call && blocks(opOf(string(l.name))) {
		if took := took(l.text); took > 0 {
			e.at.end = at + took
		} else {
			m.last = e
		}
	}
	f := m.family
	f.held = append(f.held, e)
	f.size += len(e.text) + entrySize
	f.newest = max(f.newest, at)
	if f.size > maxFamily {
		m.out.Bad(offset, "more than %d MiB of a trace in several files: strace-log-merge makes one of them", maxFamily>>20)
		_ = f.settle(f.newest) // else the next Write fails
	}
}

// blocks says whether a call may take long, so that its end matters for the order.
func blocks(o op) bool { return o == read || o == readVector || o == readMessage }

// took is how long a call took, nanoseconds, 0: the line does not say.
func took(text []byte) int64 {
	if _, rest, ok := arguments(text, nil); ok && isResult(rest) {
		return parseResult(rest).took
	}
	return 0
}

// settle takes the lines until that time in their order.
func (f *family) settle(until int64) error {
	slices.SortStableFunc(f.held, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.at.end, b.at.end), cmp.Compare(a.tid, b.tid))
	})
	t, n, told := f.trace, 0, map[*member]bool{}
	for n < len(f.held) && f.held[n].at.end <= until {
		e := f.held[n]
		n++
		t.out, t.offset = e.member.out, e.offset
		t.lines++
		t.out.At(e.offset)
		t.take(&e.line, e.tid, e.at)
		f.size -= len(e.text) + entrySize
		if e.member.last == e {
			e.member.last = nil
		}
		told[e.member] = true
	}
	f.held = slices.Delete(f.held, 0, n)
	var errs []error
	for m := range told {
		errs = append(errs, m.out.Flush())
	}
	return errors.Join(errs...)
}
