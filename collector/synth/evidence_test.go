package synth_test

import (
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/synth"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// step adds some evidence to what a log and its reader know.
type step struct {
	name    string
	log     func(*synth.Log)
	dialect model.Dialect // nil: as before
	stamps  bool          // what it adds is stamps
}

// echoOnly knows what a result names, and not of which type it may be.
type echoOnly struct{ full model.Dialect }

func (d echoOnly) Ask(m string, params []byte) model.Fingerprint {
	f := d.full.Ask(m, params)
	f.Kinds = 0
	return f
}

func (d echoOnly) Reply(result []byte) model.Fingerprint {
	f := d.full.Reply(result)
	f.Kinds = 0
	return f
}

func steps() []step {
	full := ethereum.New()
	return []step{
		{"names of sessions, ids and times to the millisecond", func(l *synth.Log) {
			*l = synth.Log{Names: true, NoAddrs: true, Resolution: time.Millisecond}
		}, model.NoDialect{}, false},
		{"addresses", func(l *synth.Log) { l.NoAddrs = false }, nil, false},
		{"a monotonic clock", func(l *synth.Log) { l.Mono = true }, nil, true},
		{"echo", func(*synth.Log) {}, echoOnly{full}, false},
		{"types", func(*synth.Log) {}, full, false},
		{"cookies", func(l *synth.Log) { l.Cookie = true }, nil, false},
		{"openers, forks", func(l *synth.Log) { l.Opener, l.Forks = true, true }, nil, false},
		{"offsets", func(l *synth.Log) { l.Off = true }, nil, false},
	}
}

// Adding evidence to a history never turns a right owner into a wrong one. What
// a finding calls possible it does not claim. Stamps alone may mislead where
// coarser ones said nothing: a process that lost its processor before it took
// one. And where neither order nor id tells four processes apart, what excludes
// one owner may leave another wrong one.
func TestEvidence(t *testing.T) {
	for _, c := range scenarios() {
		f := &c.cfg.Fleets[0]
		if len(c.cfg.Fleets) > 1 || f.Sharing != synth.SharedSocket || c.cfg.Log != synth.SharedSockets(1).Log {
			continue // healthy, or the log itself is what is tried there
		}
		t.Run(c.name, func(t *testing.T) {
			c.small(30)
			late := c.cfg.Fleets[0].Stamp.Tail.Share
			var before map[int]owner
			dialect := model.Dialect(model.NoDialect{})
			for _, s := range steps() {
				s.log(&c.cfg.Log)
				if s.dialect != nil {
					dialect = s.dialect
				}
				r := simulateWith(t, c.cfg, dialect)
				now, turned := r.owners(), 0
				for i, o := range now {
					if o == wrongOwner && before[i] == rightOwner {
						turned++
					}
				}
				allowed := 0
				if s.stamps {
					allowed = int(late * float64(len(now)))
				}
				if c.name == "ipc" {
					allowed = len(now) / 50
				}
				t.Logf("%-50s %4d right, %3d unknown, %3d wrong; %d turned", s.name, count(now, rightOwner), count(now, noOwner), count(now, wrongOwner), turned)
				if before != nil && turned > allowed {
					t.Errorf("%s turned %d right owners of %d into wrong ones", s.name, turned, len(r.truth.Replies))
				}
				before = now
			}
			if n := count(before, rightOwner); n < len(before) && c.ordered() {
				t.Errorf("with all the evidence %d of %d owners are right", n, len(before))
			}
		})
	}
}

// owner is how a reply's owner is known: by a finding, or by there being none,
// which says that it is its reader's own.
type owner uint8

const (
	rightOwner owner = iota
	noOwner          // the finding names none
	wrongOwner
)

func (r *run) owners() map[int]owner {
	index := make(map[*synth.Reply]int)
	all := make(map[int]owner)
	for i := range r.truth.Replies {
		index[&r.truth.Replies[i]] = i
		all[i] = rightOwner
	}
	for _, c := range r.score().Cases {
		if i, ok := index[c.Reply]; ok {
			all[i] = wrongOwner
			if c.Finding != nil && (!c.Finding.Owner.Known() || c.Finding.Certainty == model.Possible) {
				all[i] = noOwner
			}
		}
	}
	return all
}

func count(all map[int]owner, o owner) int {
	n := 0
	for _, v := range all {
		if v == o {
			n++
		}
	}
	return n
}
