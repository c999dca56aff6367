package decode

import "github.com/sessiontop/sessiontop/model"

// Seq is what the "seq" of a block's lines say. A file has one writer, so its
// lines count 1, 2, 3 …; a 1 after that is a new writer. Between two blocks of
// the same PID, lines are missing where the second's First is neither 1 nor one
// more than the first's Last.
type Seq struct {
	PID     int32  // of the writer; 0: unknown
	Mixed   bool   // lines of several processes: nothing can be said, all else is 0
	First   uint64 // 0: no line has a seq
	Last    uint64 // the greatest since the last 1
	Missing uint64 // numbers skipped in between
}

// sequence counts the line's seq. Lines of two threads may stand in the wrong
// order: one that comes late fills its gap.
func (d *Decoder) sequence(ev *model.Event, pid int32) bool {
	if d.has>>fSeq&1 == 0 {
		return true
	}
	n, ok := d.integer(fSeq)
	seq, s := uint64(n), &d.out.Stats.Seq
	ev.Seq = uint32(seq)
	switch {
	case seq == 0:
		return ok
	case s.First == 0:
		s.PID, s.First, s.Last = pid, seq, seq
	case s.PID != pid:
		s.Mixed = true
	case seq == 1:
		s.Last = 1
	case seq > s.Last:
		s.Missing += seq - s.Last - 1
		s.Last = seq
	case s.Missing > 0:
		s.Missing--
	}
	return ok
}
