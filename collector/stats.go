package collector

import (
	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/collector/tail"
	"github.com/sessiontop/sessiontop/model"
)

// sourceStat adds up what was decoded of one source. It belongs to the
// goroutine that merges.
type sourceStat struct {
	id      uint32
	lines   uint64
	bad     uint64
	lost    uint64
	late    uint64
	seqPID  int32
	seqLast uint64
	mixed   bool // several runs in one file: numbers cannot be chained
	badAt   int64
	badWhy  string
	err     error
	newest  int64 // time of the newest event read
	more    bool  // had something to read at its last turn
	shown   model.SourceStat
}

// add takes in what stood in the source's next block, and has its first event
// say if lines are missing before it.
func (s *sourceStat) add(out *decode.Out) {
	st := &out.Stats
	s.lines += st.Lines
	s.lost += st.LostReported
	if st.Malformed > 0 && s.bad == 0 {
		s.badAt, s.badWhy = st.BadOffset, st.BadReason
	}
	s.bad += st.Malformed
	if s.chain(&st.Seq) && len(out.Events) > 0 {
		out.Events[0].Flags |= model.Gapped
	}
}

// chain counts the lines that are missing within the block, and before it, and
// says whether there are any before it. Those from before the file began are not
// lost: they may be in another, or have been let go of on purpose.
func (s *sourceStat) chain(q *decode.Seq) (gapped bool) {
	if q.Mixed || s.mixed {
		s.mixed = true
		return false
	}
	if q.First == 0 {
		return false
	}
	var before uint64
	if s.seqPID == q.PID && q.First > s.seqLast+1 {
		before = q.First - s.seqLast - 1
		before -= min(before, q.Early)
	}
	gapped = before > 0 || s.seqPID == 0 && q.First > 1 && q.Early == 0
	s.lost += q.Missing + before
	s.seqPID, s.seqLast = q.PID, q.Last
	return gapped
}

// row is the source as the model shows it.
func (s *sourceStat) row(info *tail.SourceInfo) model.SourceStat {
	r := model.SourceStat{
		ID: info.ID, Name: info.Name, Path: info.Path, Size: info.Size, Read: info.Read,
		Lines: s.lines + uint64(info.Skipped), Malformed: s.bad + uint64(info.Skipped), Lost: s.lost, Late: s.late,
		BadOffset: s.badAt, BadReason: s.badWhy, Done: info.Done,
	}
	if info.Skipped > 0 && (s.bad == 0 || info.SkippedAt < s.badAt) {
		r.BadOffset, r.BadReason = info.SkippedAt, info.SkippedWhy
	}
	switch {
	case info.Err != nil:
		r.Err = info.Err.Error()
	case s.err != nil:
		r.Err = s.err.Error()
	}
	return r
}
