package collector

import (
	"time"

	"github.com/sessiontop/sessiontop/model"
)

// lives notices the end of this machine's processes whose logs do not tell of
// it: who is killed writes nothing. Only what was found running once, by PID
// and start time, can be found to have ended: the PIDs of a container, or of
// the machine that a log was copied from, mean nothing here.
type lives struct {
	known map[life]*lifeState
	turn  []life // those to look at, in turn
	next  time.Time
}

// life is one process of this machine, for ever.
type life struct {
	pid   int32
	start uint64 // clock ticks since boot
}

type lifeState struct {
	info    *model.ProcInfo
	running bool      // it was found once
	missed  time.Time // since when it is not, zero: it is
	over    bool      // its log says so
}

const (
	// lookEvery is how often some are looked at, and for how long one must be
	// missed: what it wrote at its end has been read then.
	lookEvery = time.Second
	maxLooks  = 64 // at one time, for /proc is not free
	maxLives  = 1 << 16
)

func newLives() *lives { return &lives{known: make(map[life]*lifeState)} }

// note takes in whose events came.
func (l *lives) note(events []model.Event) {
	var last *model.ProcInfo
	for i := range events {
		ev := &events[i]
		p := ev.Proc
		if p == last && ev.Kind != model.Exit || p.Host != "" || p.Start == 0 {
			continue
		}
		last = p
		key := life{p.PID, p.Start}
		st := l.known[key]
		if st == nil && len(l.known) < maxLives {
			st = &lifeState{info: p}
			l.known[key] = st
			l.turn = append(l.turn, key)
			l.next = time.Time{} // it may not be there for long
		}
		if st != nil && ev.Kind == model.Exit {
			st.over = true
		}
	}
}

// ended returns the ends that were noticed by now.
func (l *lives) ended(now time.Time) (ends []model.Event) {
	if now.Before(l.next) {
		return nil
	}
	l.next = now.Add(lookEvery)
	n := min(maxLooks, len(l.turn))
	looked := l.turn[:n]
	l.turn = l.turn[n:]
	for _, key := range looked {
		st := l.known[key]
		switch {
		case !st.over && runs(key):
			st.running, st.missed = true, time.Time{}
		case st.over, !st.running: // it never was of this machine
			delete(l.known, key)
			continue
		case st.missed.IsZero():
			st.missed = now
		case now.Sub(st.missed) >= lookEvery:
			ends = append(ends, model.Event{Kind: model.Exit, Time: now.UnixNano(), Proc: st.info, N: model.NoCode})
			delete(l.known, key)
			continue
		}
		l.turn = append(l.turn, key)
	}
	return ends
}
