package ui

import (
	"cmp"
	"slices"

	"github.com/sessiontop/sessiontop/model"
)

// rungKey is what makes a rung the one it is.
type rungKey struct {
	seq   int64
	reply bool
}

// rung is one line of a ladder: a request sent, or a reply read (or given up).
type rung struct {
	key     rungKey
	time    int64
	call    *model.Call
	finding *model.Finding // what is wrong with it, nil if nothing is known
}

// crosses says that the reply was read by another process than asked. Of bytes
// that answer no call by name it cannot be said.
func (r *rung) crosses() bool {
	return r.key.reply && !r.damaged() && r.call.Asker != model.NoProc && r.call.Reader != model.NoProc && r.call.Reader != r.call.Asker
}

// damaged says that what was read is no reply to any one call: whatever stands at
// that place in the order of the connection may be given to another than its
// reader.
func (r *rung) damaged() bool { return r.key.reply && r.finding != nil && damages(r.finding) }

func damages(f *model.Finding) bool {
	return f.Kind == model.TornMessage || f.Kind == model.BadMessage
}

// proc is the process in whose lane the rung starts or ends.
func (r *rung) proc() model.ProcID {
	if r.key.reply && r.call.Reader != model.NoProc {
		return r.call.Reader
	}
	return r.call.Asker
}

// makeRungs makes the rungs of some calls of one session, in order of time; of
// the earlier ones, only the replies that came after the first of the others.
func makeRungs(s *model.Snapshot, earlier, seqs []int64) []rung {
	rungs := make([]rung, 0, 2*len(seqs))
	told := newTold()
	from := int64(0)
	if len(seqs) > 0 && s.Calls.At(seqs[0]) != nil {
		from = s.Calls.At(seqs[0]).Asked
	}
	for _, seq := range earlier {
		if c := s.Calls.At(seq); c != nil && c.Replied >= from && c.State != model.Orphan {
			rungs = append(rungs, rung{rungKey{seq, true}, c.Replied, c, nil})
		}
	}
	for _, seq := range seqs {
		c := s.Calls.At(seq)
		if c == nil {
			continue
		}
		f := s.FindingOf(c)
		told.take(c, f)
		if c.State != model.Orphan {
			rungs = append(rungs, rung{rungKey{seq, false}, c.Asked, c, f})
		}
		if c.Replied != 0 {
			rungs = append(rungs, rung{rungKey{seq, true}, c.Replied, c, nil})
		}
	}
	rungs = told.tell(s, rungs)
	slices.SortStableFunc(rungs, func(a, b rung) int {
		if c := cmp.Compare(a.time, b.time); c != 0 {
			return c
		}
		return b2i(a.key.reply) - b2i(b.key.reply)
	})
	return rungs
}

// ownFinding is the finding about the reply of a rung that its asker read, or
// that nobody asked for.
func ownFinding(s *model.Snapshot, r *rung) *model.Finding {
	f := s.FindingOf(r.call)
	if f == nil || f.Kind == model.LostReply || f.Kind == model.DuplicateID {
		return nil
	}
	if f.Owner.Known() && f.Owner.Seq != r.key.seq {
		return nil // it is about another reply, which this call's process read
	}
	return f
}

// lastFinding is the newest finding of a session that names a call, nil if it
// has none.
func lastFinding(s *model.Snapshot, x *model.Session) *model.Finding {
	if x.Findings == 0 {
		return nil
	}
	for i := s.Findings.Len() - 1; i >= 0; i-- {
		f := s.Findings.At(i)
		if !f.Void && f.Session == x.ID && (f.Call.Known() || f.Owner.Known()) {
			return f
		}
	}
	return nil
}

// goToFinding selects the reply that a finding is about, and says whether it
// is still kept.
func (l *ladder) goToFinding(e *env, f *model.Finding) bool {
	for _, ref := range []*model.CallRef{&f.Owner, &f.Call} {
		if !ref.Known() || !l.chain.reach(e.snap, ref.Seq) {
			continue
		}
		c := e.snap.Calls.At(ref.Seq)
		if c == nil {
			continue
		}
		l.at = rungKey{ref.Seq, c.Replied != 0}
		for _, r := range l.around(e, l.index(e)) {
			if r.damaged() && r.finding == f {
				l.at = r.key
			}
		}
		return true
	}
	return false
}
