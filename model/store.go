package model

import (
	"cmp"
	"math"
	"slices"
)

// DefaultMemory is the memory cap where Options does not set one, in bytes.
const DefaultMemory = 512 << 20

// Options of a Store.
type Options struct {
	// Memory is what the model may hold, in bytes; the oldest calls are let go
	// first. 0 is DefaultMemory.
	Memory int64
	// Live says that the sources go on (Snapshot.Live).
	Live bool
}

// Store is the model while it is written: one goroutine at a time applies
// batches and takes snapshots.
type Store struct {
	opt     Options
	strings *Interner
	now     int64 // time of the newest event
	told    int64 // what Advance said last, 0: nothing yet

	procs     tableWriter[Process]
	procState []procState
	freeProcs []ProcID
	procByPID map[procKey]ProcID   // the current run of a PID
	awaited   map[procKey][]ProcID // by a parent that was not seen, its children

	procRecent [recentProcs]recentProc

	sessions     tableWriter[Session]
	sessState    []*sessionState
	sessByKey    map[SessionKey]SessionID
	sessRecent   [recentSessions]recentSession
	freeSessions []SessionID
	serial       uint64
	dirty        []SessionID

	calls     tableWriter[Call]
	firstCall int64

	findings     tableWriter[Finding]
	firstFinding uint64

	methods   []*Method // by Sym
	endpoints map[endpointKey]*endpoint
	open      []SessionID // sessions with an open group
	weakOpen  []*endpoint // and endpoints
	units     int         // in the queues of all sessions
	solver    solver

	sources    []SourceStat // by ID
	totals     Totals
	rate       Rate
	generation uint64
	changed    bool
	last       *Snapshot
	sweepAt    sweepAt
}

// NewStore returns an empty model.
func NewStore(opt Options) *Store {
	if opt.Memory <= 0 {
		opt.Memory = DefaultMemory
	}
	return &Store{
		opt:       opt,
		strings:   NewInterner(int(min(opt.Memory/16, math.MaxInt32))),
		procByPID: make(map[procKey]ProcID),
		awaited:   make(map[procKey][]ProcID),
		sessByKey: make(map[SessionKey]SessionID),
		endpoints: make(map[endpointKey]*endpoint),
	}
}

// Strings is where decoders intern for this store. Any goroutine may use it.
func (s *Store) Strings() *Interner { return s.strings }

// Apply takes in a batch, whose events are in the order of their time except
// for those marked Late. It keeps none of the batch's slices.
func (s *Store) Apply(b *Batch) {
	for i := range b.Events {
		ev := &b.Events[i]
		s.apply(ev, b.Messages[ev.Msg:ev.Msg+ev.NMsg])
	}
	for i := range b.Sources {
		s.setSource(&b.Sources[i])
	}
	s.changed = s.changed || len(b.Events) > 0 || len(b.Sources) > 0
	s.retain()
}

func (s *Store) apply(ev *Event, msgs []Message) {
	s.totals.Events++
	s.tick(ev.Time)
	if ev.Flags&Late != 0 {
		s.totals.Late++
	}
	p := s.process(ev)
	if ev.Seq != 0 {
		s.number(ev, p)
	}
	switch ev.Kind {
	case Send:
		s.send(ev, p, msgs)
	case Recv:
		s.recv(ev, p, msgs)
	case Fail:
		s.fail(ev, p, msgs)
	case Open:
		s.opened(ev, p)
	case Close:
		s.closed(ev, p)
	case Fork:
		s.forked(ev, p)
	case Exec:
		s.execed(ev, p)
	case Exit:
		s.exited(ev, p)
	case Lost:
		s.missing(ev, p, ev.N, ev.Conn != nil && ev.Conn.oneConnection())
	}
}

// ahead is by how much an event may be younger than what Advance said for the
// clock to follow it, in nanoseconds: what clocks that are kept in step do not
// reach.
const ahead = int64(5e9)

// tick moves the clock on to an event's time, unless its writer's clock is wrong.
func (s *Store) tick(t int64) {
	if s.told == 0 || t-s.told <= ahead {
		s.now = max(s.now, t)
	}
}

// Advance says that no event before now will come any more, so that groups
// which only waited for time to pass are judged. Live sources call it.
func (s *Store) Advance(now int64) {
	s.now, s.told = max(s.now, now), now
	s.settleAll(now)
}

// Finish says that no event will come any more.
func (s *Store) Finish() {
	s.settleAll(math.MaxInt64)
	s.changed = true
}

func (s *Store) setSource(st *SourceStat) {
	i, known := slices.BinarySearchFunc(s.sources, st.ID, func(have SourceStat, id uint32) int { return cmp.Compare(have.ID, id) })
	switch {
	case st.Gone && known:
		s.sources = slices.Delete(s.sources, i, i+1)
	case st.Gone:
	case known:
		s.sources[i] = *st
	default:
		s.sources = slices.Insert(s.sources, i, *st)
	}
}
