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

// crosses says that the reply was read by another process than asked.
func (r *rung) crosses() bool {
	return r.key.reply && r.call.Asker != model.NoProc && r.call.Reader != model.NoProc && r.call.Reader != r.call.Asker
}

// proc is the process in whose lane the rung starts or ends.
func (r *rung) proc() model.ProcID {
	if r.key.reply && r.call.Reader != model.NoProc {
		return r.call.Reader
	}
	return r.call.Asker
}

// makeRungs makes the rungs of some calls of one session, in order of time.
func makeRungs(s *model.Snapshot, seqs []int64) []rung {
	rungs := make([]rung, 0, 2*len(seqs))
	owners := make(map[int64]*model.Finding)
	for _, seq := range seqs {
		c := s.Calls.At(seq)
		if c == nil {
			continue
		}
		f := s.FindingOf(c)
		if f != nil && f.Owner.Known() {
			owners[f.Owner.Seq] = f
		}
		if c.State != model.Orphan {
			rungs = append(rungs, rung{rungKey{seq, false}, c.Asked, c, f})
		}
		if c.Replied != 0 {
			rungs = append(rungs, rung{rungKey{seq, true}, c.Replied, c, nil})
		}
	}
	for i := range rungs {
		r := &rungs[i]
		switch own := r.finding; {
		case !r.key.reply:
			if own == nil || own.Kind != model.LostReply && own.Kind != model.DuplicateID {
				r.finding = nil
			}
		case owners[r.key.seq] != nil:
			r.finding = owners[r.key.seq]
		case !r.crosses():
			r.finding = ownFinding(s, r)
		}
	}
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
		return true
	}
	return false
}

// jump goes to the next finding in the direction of d.
func (l *ladder) jump(e *env, d int) outcome {
	i := l.chain.find(l.at.seq)
	if i < 0 {
		return taken
	}
	word := map[bool]string{true: "no finding after this on this session", false: "no finding before this on this session"}[d > 0]
	for {
		if i += d; i < 0 {
			n := l.chain.extend(e.snap, slack)
			if n == 0 {
				return said(sAccent, word)
			}
			i += n
		}
		if i >= l.chain.len() {
			return said(sAccent, word)
		}
		seq := l.chain.seqs[i]
		c := e.snap.Calls.At(seq)
		if c == nil {
			return said(sAccent, word)
		}
		if crossed := c.Reader != model.NoProc && c.Asker != model.NoProc && c.Reader != c.Asker; crossed || c.State == model.Orphan || e.snap.FindingOf(c) != nil && !c.Is(model.CallMismatched) {
			l.at, l.follow = rungKey{seq, c.Replied != 0}, false
			l.line = l.height / 2
			l.window(e)
			return taken
		}
	}
}
