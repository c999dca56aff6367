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
	Early   uint64 // lines with a number less than First: they came late
}

// hole is numbers that were skipped in a block.
type hole struct {
	event    int // the first after it
	from, to uint64
	left     uint64 // how many have not come late
}

// maxHoles bounds how many are remembered to be filled.
const maxHoles = 256

// sequence counts the line's seq, and has ev say that lines are missing before
// it. Lines of two threads may stand in the wrong order: one that comes late
// fills its gap.
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
		s.Last, d.holes = 1, d.holes[:0]
	case seq > s.Last:
		if n := seq - s.Last - 1; n > 0 {
			s.Missing += n
			ev.Flags |= model.Gapped
			d.dig(hole{len(d.out.Events), s.Last + 1, seq - 1, n})
		}
		s.Last = seq
	case seq < s.First:
		s.Early++
	default:
		if s.Missing > 0 {
			s.Missing--
		}
		d.fill(seq)
	}
	return ok
}

func (d *Decoder) dig(h hole) {
	if len(d.holes) == maxHoles {
		d.holes = append(d.holes[:0], d.holes[1:]...)
	}
	d.holes = append(d.holes, h)
}

// fill takes the number for one that was missing.
func (d *Decoder) fill(seq uint64) {
	for i := len(d.holes) - 1; i >= 0; i-- {
		h := &d.holes[i]
		if seq < h.from || seq > h.to {
			continue
		}
		if h.left--; h.left == 0 {
			event := h.event
			d.holes = append(d.holes[:i], d.holes[i+1:]...)
			d.filled(event)
		}
		return
	}
}

// filled notes that a hole before the event is none, and there may be another.
func (d *Decoder) filled(event int) {
	for i := range d.holes {
		if d.holes[i].event == event {
			return
		}
	}
	if event < len(d.out.Events) {
		d.out.Events[event].Flags &^= model.Gapped
	}
}
