package ui

import "github.com/sessiontop/sessiontop/model"

// told is where on a ladder findings are told.
type told struct {
	owners  map[int64]*model.Finding        // at the call that the reply belongs to
	damaged map[model.Origin]*model.Finding // at the bytes that answer no call by name
	orphans map[model.Origin]bool           // bytes that have a row of their own
}

func newTold() told {
	return told{make(map[int64]*model.Finding), make(map[model.Origin]*model.Finding), make(map[model.Origin]bool)}
}

// take takes in a call and the finding it is marked with, which may be nil.
func (t *told) take(c *model.Call, f *model.Finding) {
	switch {
	case f == nil:
	case f.Owner.Known():
		t.owners[f.Owner.Seq] = f
	case damages(f):
		t.damaged[f.Reply] = f
		t.orphans[f.Reply] = t.orphans[f.Reply] || c.State == model.Orphan
	}
}

// tell gives each rung the finding that is to be told at it. Damaged bytes are
// told once: they may have a row of their own and stand, by the order of the
// connection, at another process's call as well.
func (t *told) tell(s *model.Snapshot, rungs []rung) []rung {
	kept := rungs[:0]
	for _, r := range rungs {
		own := r.finding
		damage := t.damaged[r.call.Reply]
		switch {
		case !r.key.reply:
			if own == nil || own.Kind != model.LostReply && own.Kind != model.DuplicateID {
				r.finding = nil
			}
		case damage != nil:
			if r.finding = damage; t.orphans[r.call.Reply] && r.call.State != model.Orphan {
				continue
			}
		case t.owners[r.key.seq] != nil:
			r.finding = t.owners[r.key.seq]
		case !r.crosses():
			r.finding = ownFinding(s, &r)
		}
		kept = append(kept, r)
	}
	return kept
}
