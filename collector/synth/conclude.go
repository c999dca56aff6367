package synth

import (
	"cmp"
	"maps"
	"slices"

	"github.com/sessiontop/sessiontop/model"
)

// conclude says, now that all is known, which findings are due.
func (s *simulation) conclude() {
	taken, lost := make(map[*call]bool), make(map[*call]bool)
	right := make(map[*call]uint64) // digest of the reply that the call should have got
	for i := range s.reads {
		r := &s.reads[i]
		if r.took != nil {
			taken[r.took] = true
		}
		if o := r.answer.owner; o != nil && r.answer.kind == "" {
			right[o] = model.Digest(r.answer.text)
		}
	}
	for i := range s.reads {
		s.concludeReading(&s.reads[i], taken, lost, right)
	}
	for _, c := range s.again {
		if c.line.Offset >= 0 {
			s.truth.Repeated = append(s.truth.Repeated, c.known())
		}
	}
	s.concludeSessions()
	slices.SortStableFunc(s.truth.Replies, func(a, b Reply) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Offset, b.Offset))
	})
}

func (s *simulation) concludeReading(r *reading, taken, lost map[*call]bool, right map[*call]uint64) {
	owner := r.answer.owner
	if owner != nil && owner.by != r.by && (owner.gaveUp || !taken[owner]) && !lost[owner] {
		lost[owner] = true
		s.truth.Lost = append(s.truth.Lost, Lost{Call: owner.known(), Thief: r.by.who.PID})
	}
	if r.line == nil || r.line.Offset < 0 {
		return
	}
	t := Reply{Line: *r.line, Host: r.by.who.Host, PID: r.by.who.PID, Took: r.took.known(), Owner: owner.known(), Kind: r.kind()}
	if r.took != nil && owner != nil && r.took != owner {
		t.Twin = right[r.took] == model.Digest(r.answer.text)
	}
	s.truth.Replies = append(s.truth.Replies, t)
}

// kind is the finding that is due about the reply.
func (r *reading) kind() string {
	a := r.answer
	switch {
	case a.kind == "torn-message", a.kind == "duplicate-reply":
		return a.kind
	case a.kind == "unsolicited-reply" && r.took != nil:
		return model.WrongID.String()
	case a.kind == "wrong-id" && r.took == nil: // nobody here asked with it
		return model.UnsolicitedReply.String()
	case a.owner == r.took, a.owner == nil:
		return a.kind
	case a.owner.by == r.by && (a.owner.gaveUp || !r.shared):
		return model.StaleReply.String()
	}
	return model.SwappedReply.String()
}

// known is what the truth says of a call; nil of none.
func (c *call) known() *Call {
	if c == nil {
		return nil
	}
	if c.ref == nil {
		c.ref = &Call{Line: *c.line, Host: c.by.who.Host, PID: c.by.who.PID, ID: c.id, Method: costs[c.asks[0].method].name}
	}
	return c.ref
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
