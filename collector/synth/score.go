package synth

import (
	"slices"
	"sort"

	"github.com/sessiontop/sessiontop/model"
)

// Tally is how the findings of one kind and certainty compare with the truth.
type Tally struct {
	True       int // due, and found
	Kin        int // of those, found as another kind of the same family
	False      int // found, and not due
	OwnerRight int // of the true ones about replies that went astray: names the right owner,
	OwnerWrong int // another,
	OwnerNone  int // or none
}

// Table compares what was found with what is true.
type Table struct {
	Rows   map[Row]*Tally
	Due    map[string]int // findings by kind
	Missed map[string]int
	// Twins are the replies that went astray and whose exchange left every
	// process with the bytes that it should have got; they are among the rest.
	TwinsDue, TwinsMissed int
	Cases                 []Case // what is wrong, in the order of the truth
}

// Row is a line of the table.
type Row struct {
	Kind      string // of the finding that is due; of a false one, its own
	Certainty model.Certainty
}

// Case is one difference between the findings and the truth.
type Case struct {
	Reply   *Reply         // nil: the finding is about no reply that is known
	Finding *model.Finding // nil: none
	What    string         // missed, false, owner, kind
}

// Total is the sum of the rows of those kinds, over all certainties.
func (t *Table) Total(kinds ...string) Tally {
	var sum Tally
	for row, n := range t.Rows {
		if slices.Contains(kinds, row.Kind) {
			sum.True += n.True
			sum.Kin += n.Kin
			sum.False += n.False
			sum.OwnerRight += n.OwnerRight
			sum.OwnerWrong += n.OwnerWrong
			sum.OwnerNone += n.OwnerNone
		}
	}
	return sum
}

// Resolve says where the bytes at an origin stand.
type Resolve func(model.Origin) (file string, offset int64)

// Score compares the snapshot's findings with the truth.
func Score(snap *model.Snapshot, truth *Truth, resolve Resolve) *Table {
	s := &scorer{
		snap: snap, truth: truth, resolve: resolve, found: make(map[*Reply]bool),
		table: &Table{Rows: make(map[Row]*Tally), Due: make(map[string]int), Missed: make(map[string]int)},
	}
	for i := range snap.Findings.Len() {
		if f := snap.Findings.At(i); !f.Void {
			s.finding(f)
		}
	}
	s.missed()
	return s.table
}

type scorer struct {
	snap    *model.Snapshot
	truth   *Truth
	resolve Resolve
	table   *Table
	found   map[*Reply]bool
	shared  map[*Session]bool
	lost    map[*Call]bool
	again   map[*Call]bool
}

func (s *scorer) tally(kind string, c model.Certainty) *Tally {
	row := Row{kind, c}
	if s.table.Rows[row] == nil {
		s.table.Rows[row] = &Tally{}
	}
	return s.table.Rows[row]
}

// finding holds one finding against the truth.
func (s *scorer) finding(f *model.Finding) {
	switch {
	case f.Kind == model.SharedSession, f.Kind == model.InheritedSession:
		s.session(f)
	case f.Kind == model.LostReply:
		s.lostReply(f)
	case f.Kind == model.DuplicateID:
		s.repeated(f)
	default:
		s.misread(f)
	}
}

// misread judges a finding about one reply.
func (s *scorer) misread(f *model.Finding) {
	r := s.reply(f.Reply)
	if r == nil || r.Kind == "" || s.found[r] {
		s.tally(f.Kind.String(), f.Certainty).False++
		s.wrong(r, f, "false")
		return
	}
	s.found[r] = true
	if !kin(r, f.Kind.String()) {
		s.tally(f.Kind.String(), f.Certainty).False++
		s.table.Missed[r.Kind]++
		s.wrong(r, f, "kind")
		return
	}
	n := s.tally(r.Kind, f.Certainty)
	n.True++
	if f.Kind.String() != r.Kind {
		n.Kin++
	}
	switch {
	case r.Kind != model.SwappedReply.String() && r.Kind != model.StaleReply.String():
	case !f.Owner.Known():
		n.OwnerNone++
		s.wrong(r, f, "owner")
	case s.same(&f.Owner, r.Owner):
		n.OwnerRight++
	default:
		n.OwnerWrong++
		s.wrong(r, f, "owner")
	}
}

func (s *scorer) wrong(r *Reply, f *model.Finding, what string) {
	s.table.Cases = append(s.table.Cases, Case{r, f, what})
}

// kin says whether a finding of that kind says what is true of the reply. Of
// one that belongs to another call it may say no more than what is wrong with
// it; and that a process read another reply of its own is both late and swapped.
func kin(r *Reply, kind string) bool {
	if kind == r.Kind {
		return true
	}
	if r.Kind != model.SwappedReply.String() && r.Kind != model.StaleReply.String() {
		return false
	}
	switch kind {
	case model.WrongID.String(), model.WrongType.String(), model.WrongEcho.String():
		return true
	case model.SwappedReply.String(), model.StaleReply.String():
		return r.Owner.PID == r.PID && r.Owner.Host == r.Host
	}
	return false
}

// reply is the reply whose line holds the bytes at o, nil if there is none.
func (s *scorer) reply(o model.Origin) *Reply {
	if o.Len == 0 {
		return nil
	}
	file, offset := s.resolve(o)
	all := s.truth.Replies
	i := sort.Search(len(all), func(i int) bool {
		return all[i].File > file || all[i].File == file && all[i].Offset > offset
	}) - 1
	if i < 0 || !all[i].holds(file, offset) {
		return nil
	}
	return &all[i]
}

func (l *Line) holds(file string, offset int64) bool {
	return l.File == file && l.Offset >= 0 && offset >= l.Offset && offset < l.Offset+int64(l.Len)
}

// same says whether the finding means that call.
func (s *scorer) same(ref *model.CallRef, c *Call) bool {
	if c == nil || !ref.Known() {
		return c == nil && !ref.Known()
	}
	file, offset := s.resolve(ref.Origin)
	return c.holds(file, offset)
}

// missed counts what was due and not found.
func (s *scorer) missed() {
	t := s.table
	for i := range s.truth.Replies {
		r := &s.truth.Replies[i]
		if r.Kind == "" {
			continue
		}
		t.Due[r.Kind]++
		if r.Twin {
			t.TwinsDue++
		}
		if s.found[r] {
			continue
		}
		t.Missed[r.Kind]++
		if r.Twin {
			t.TwinsMissed++
		}
		s.wrong(r, nil, "missed")
	}
	s.missedElse()
}
