package model

import "slices"

// Snapshot is the model as it is now. It belongs to the writer's goroutine; the
// result to everybody. Where nothing has changed it is the one before.
func (s *Store) Snapshot() *Snapshot {
	if s.last != nil && !s.changed {
		return s.last
	}
	s.writeRows()
	s.generation++
	s.changed = false
	s.last = &Snapshot{
		Generation: s.generation,
		Now:        s.now,
		Live:       s.opt.Live,
		Sessions:   s.sessions.freeze(),
		Processes:  s.procs.freeze(),
		Calls:      Calls{rows: s.calls.freeze(), first: s.firstCall},
		Findings:   s.findings.freeze(),
		Methods:    s.publishMethods(),
		Sources:    slices.Clone(s.sources),
		Totals:     s.publishTotals(),
		names:      s.strings.Names(),
		first:      s.firstFinding,
	}
	return s.last
}

// writeRows brings the rows of the sessions that changed up to date.
func (s *Store) writeRows() {
	for _, id := range s.dirty {
		st := s.sessState[id]
		if st == nil {
			continue
		}
		st.dirty = false
		h := &st.latency
		st.row.P50, st.row.P95, st.row.P99 = h.Quantile(.5), h.Quantile(.95), h.Quantile(.99)
		st.row.Max = h.Max()
		*s.sessions.edit(int(id)) = st.row
	}
	s.dirty = s.dirty[:0]
}

func (s *Store) publishMethods() []Method {
	var out []Method
	for _, m := range s.methods {
		if m != nil {
			c := *m
			c.Latency = m.Latency.clone()
			out = append(out, c)
		}
	}
	return out
}

func (s *Store) publishTotals() Totals {
	t := s.totals
	t.Lines, t.Malformed, t.Bytes, t.Size = 0, 0, 0, 0
	for i := range s.sources {
		src := &s.sources[i]
		t.Lines += src.Lines
		t.Malformed += src.Malformed
		t.Lost += src.Lost
		t.Bytes += src.Read
		t.Size += max(src.Size, src.Read)
	}
	t.Rate = s.rate.PerSecond(s.now)
	t.LetGo.Names = s.strings.Overflow()
	t.Memory = s.memory()
	return t
}
