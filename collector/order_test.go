package collector

import (
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/tail"
	"github.com/sessiontop/sessiontop/model"
)

// batches keeps what it is given.
type batches struct {
	times []int64
	late  int
}

func (b *batches) Emit(batch *model.Batch) error {
	for _, ev := range batch.Events {
		b.times = append(b.times, ev.Time)
		if ev.Flags&model.Late != 0 {
			b.late++
		}
	}
	return nil
}

func (b *batches) Advance(int64) {}

func at(times ...int64) []model.Event {
	var out []model.Event
	for _, t := range times {
		out = append(out, model.Event{Time: t, Proc: &model.ProcInfo{}})
	}
	return out
}

// One line of a clock that is years ahead leaves the others as they were.
func TestClockFarAheadSpoilsNoOther(t *testing.T) {
	var got batches
	r := newReorder(DefaultWindow)
	now := time.Unix(1_700_000_000, 0)
	far := now.Add(24 * 365 * time.Hour).UnixNano()
	n := now.UnixNano()
	r.add(at(n-5, far, n-3), nil, now)
	r.add(at(far-7), nil, now)
	later := now.Add(2 * DefaultWindow)
	if err := r.emitTo(&got, later, math.MaxInt64); err != nil {
		t.Fatal(err)
	}
	r.add(at(n-1), nil, later)
	if err := r.emitTo(&got, later.Add(2*DefaultWindow), math.MaxInt64); err != nil {
		t.Fatal(err)
	}
	want := []int64{n - 5, n - 3, far - 7, far, n - 1}
	if len(got.times) != len(want) || got.late != 0 || r.late != 0 {
		t.Fatalf("times %v, want %v; %d late", got.times, want, got.late)
	}
	for i := range want {
		if got.times[i] != want[i] {
			t.Errorf("times %v, want %v", got.times, want)
			break
		}
	}
	if c := r.idle(later); c > later.UnixNano()+future {
		t.Errorf("the clock is %v ahead", time.Duration(c-later.UnixNano()))
	}
	if r.wait(later.Add(time.Hour), idleWait) != idleWait {
		t.Error("something is still waited for")
	}
}

// Lines of one time are in the order of their numbers.
func TestOneTime(t *testing.T) {
	var s sorter
	events := at(5, 5, 5)
	for i, seq := range []uint32{3, math.MaxUint32, 2} {
		events[i].Seq = seq
	}
	s.add(events, nil)
	var got []uint32
	for _, ev := range s.release(5) {
		got = append(got, ev.Seq)
	}
	if want := []uint32{math.MaxUint32, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("numbers %v, want %v", got, want)
	}
}

// What comes from before that which went straight through is late.
func TestLateAfterStraight(t *testing.T) {
	r := newReorder(DefaultWindow)
	now := time.Unix(1_700_000_000, 0)
	n := now.UnixNano()
	r.straight(at(n-9, n-5), now)
	r.add(at(n-7, n-5, n-3), nil, now)
	if r.late != 1 {
		t.Errorf("%d are late, want 1", r.late)
	}
}

// The clock stands while something is held, and goes on by itself when nothing
// comes: at once where the events are of now, later where they are played again.
func TestClock(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	for _, past := range []time.Duration{0, 24 * time.Hour} {
		r := newReorder(DefaultWindow)
		n := now.Add(-past).UnixNano()
		r.add(at(n), nil, now)
		if c := r.idle(now.Add(time.Hour)); c != math.MinInt64 {
			t.Errorf("the clock is at %d while an event of %d is held", c, n)
		}
		if err := r.emitTo(&batches{}, now.Add(DefaultWindow), math.MaxInt64); err != nil {
			t.Fatal(err)
		}
		wait := DefaultWindow
		if past > 0 {
			wait = replayWait
		}
		for _, after := range []time.Duration{0, time.Millisecond} {
			if c := r.idle(now.Add(wait + after)); c != n+int64(after) {
				t.Errorf("events of %v ago: the clock is at %+d, want %v", past, c-n, after)
			}
		}
	}
}

// The slowest file may have more lines of the time that it has come to.
func TestSlowestFileIsWaitedFor(t *testing.T) {
	r := newReorder(DefaultWindow)
	now := time.Unix(1_700_000_000, 0)
	n := now.UnixNano()
	r.add(at(n, n+1), nil, now)
	if mark := r.mark(now.Add(time.Second), n); mark != n-1 {
		t.Errorf("passed up to %d of the slowest file's time, want -1", mark-n)
	}
}

func TestSettled(t *testing.T) {
	for _, tc := range []struct {
		times []int64
		back  int64
		want  int64
	}{
		{nil, 5, math.MinInt64},
		{[]int64{-100, -90}, 5, -96},
		{[]int64{10}, 0, 9},
		{[]int64{math.MinInt64 + 2}, 5, math.MinInt64},
	} {
		var s sorter
		s.add(at(tc.times...), nil)
		if got := s.settled(tc.back); got != tc.want {
			t.Errorf("%v, back %d: %d, want %d", tc.times, tc.back, got, tc.want)
		}
	}
}

// A line at exactly the farthest distance back is in time, one beyond is late.
func TestLaneHoldsWhatCanBePreceded(t *testing.T) {
	l := newLane(nil, 0, 10, &sourceStat{})
	l.cur = &job{}
	var got []int64
	take := func(times ...int64) {
		l.accept(at(times...))
		for _, ev := range l.events {
			got = append(got, ev.Time)
		}
	}
	take(100, 110)
	take(100)
	if len(got) != 0 || l.stat.late != 0 {
		t.Fatalf("released %v, %d late, want none", got, l.stat.late)
	}
	take(130)
	take(105)
	if len(got) != 4 || l.stat.late != 1 || l.events[0].Flags&model.Late == 0 {
		t.Errorf("released %v, %d late, want 1", got, l.stat.late)
	}
}

// Past the most runs that are told apart, what is held stays bounded.
func TestRunsBeyondTheMostAreBounded(t *testing.T) {
	l := layout{starts: make([]int64, maxRuns)}
	if newest := l.note(0, 3600*slack, 1); newest != 3600*slack {
		t.Errorf("newest %d", newest)
	}
	if l.back != slack || len(l.starts) != maxRuns {
		t.Errorf("back %d, %d runs", l.back, len(l.starts))
	}
}

// lines gives blocks as they are listed.
type lines []tail.Block

func (l *lines) Next() (tail.Block, error) {
	if len(*l) == 0 {
		return tail.Block{}, io.EOF
	}
	b := (*l)[0]
	*l = (*l)[1:]
	return b, nil
}

func readAll(t *testing.T, from blocks) string {
	t.Helper()
	var out strings.Builder
	for {
		b, err := from.Next()
		if errors.Is(err, io.EOF) {
			return out.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		out.Write(b.Data)
	}
}

// A spool has no name on the disk, keeps offsets, and gives everything even
// where no temporary file can be made.
func TestSpool(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir) // Windows
	s := newSpool(&lines{{Data: []byte("a\nb\n")}, {Offset: 10, Data: []byte("c\n")}})
	defer s.Close()
	if s.rest != nil || s.size != 12 {
		t.Fatalf("size %d, rest %v", s.size, s.rest)
	}
	if got := readAll(t, s.all(0)); got != "a\nb\n\x00\x00\x00\x00\x00\nc\n" {
		t.Errorf("got %q", got)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Skipf("the system keeps the name: %v", left)
	}
	t.Setenv("TMPDIR", dir+"/gone")
	t.Setenv("TMP", dir+"/gone") // Windows
	s = newSpool(&lines{{Data: []byte("a\n")}, {Offset: 2, Data: []byte("b\n")}})
	if got := readAll(t, s.all(0)); got != "a\nb\n" {
		t.Errorf("without a file: got %q", got)
	}
	full := &inTurn{&lines{{Data: []byte("a\n")}}, &blockThen{tail.Block{Data: []byte("b\n")}, &lines{{Data: []byte("c\n")}}}}
	if got := readAll(t, full); got != "a\nb\nc\n" {
		t.Errorf("with a full disk: got %q", got)
	}
}
