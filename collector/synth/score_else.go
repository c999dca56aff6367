package synth

import "github.com/sessiontop/sessiontop/model"

// session judges a finding about a whole session.
func (s *scorer) session(f *model.Finding) {
	if s.shared == nil {
		s.shared = make(map[*Session]bool)
	}
	se := s.snap.Session(f.Session)
	for i := range s.truth.Sessions {
		t := &s.truth.Sessions[i]
		if se == nil || s.shared[t] || t.Kind != f.Kind.String() || !s.isSession(se, t) {
			continue
		}
		s.shared[t] = true
		s.tally(t.Kind, f.Certainty).True++
		return
	}
	s.tally(f.Kind.String(), f.Certainty).False++
	s.wrong(nil, f, "false")
}

// isSession says whether the model's session is that of the truth.
func (s *scorer) isSession(se *model.Session, t *Session) bool {
	if p := s.snap.Process(se.Owner); p != nil && p.Info.Host != t.Host {
		return false
	}
	c := se.Conn
	switch c.Key.By {
	case model.ByCookie:
		return c.Cookie == t.Cookie
	case model.ByInode, model.ByAddrs:
		return c.Local == t.Local
	case model.ByName:
		return c.Name == t.Name
	}
	return int(s.snap.PID(se.Owner)) == t.Opener
}

// lostReply judges a finding about a reply that never comes.
func (s *scorer) lostReply(f *model.Finding) {
	if s.lost == nil {
		s.lost = make(map[*Call]bool)
	}
	for i := range s.truth.Lost {
		l := &s.truth.Lost[i]
		if s.lost[l.Call] || !s.same(&f.Call, l.Call) {
			continue
		}
		s.lost[l.Call] = true
		n := s.tally(f.Kind.String(), f.Certainty)
		n.True++
		if f.Other != model.NoProc {
			if int(s.snap.PID(f.Other)) == l.Thief {
				n.OwnerRight++
			} else {
				n.OwnerWrong++
			}
		}
		return
	}
	s.tally(f.Kind.String(), f.Certainty).False++
	s.wrong(nil, f, "false")
}

// repeated judges a finding about a call with the id of another.
func (s *scorer) repeated(f *model.Finding) {
	if s.again == nil {
		s.again = make(map[*Call]bool)
	}
	for _, c := range s.truth.Repeated {
		if !s.again[c] && s.same(&f.Call, c) {
			s.again[c] = true
			s.tally(f.Kind.String(), f.Certainty).True++
			return
		}
	}
	s.tally(f.Kind.String(), f.Certainty).False++
	s.wrong(nil, f, "false")
}

// missedElse counts what was due and not found of the kinds that are not about
// one reply.
func (s *scorer) missedElse() {
	t := s.table
	for i := range s.truth.Sessions {
		if k := s.truth.Sessions[i].Kind; k != "" {
			t.Due[k]++
			if !s.shared[&s.truth.Sessions[i]] {
				t.Missed[k]++
			}
		}
	}
	lost := model.LostReply.String()
	t.Due[lost] += len(s.truth.Lost)
	t.Missed[lost] += len(s.truth.Lost) - len(s.lost)
	repeated := model.DuplicateID.String()
	t.Due[repeated] += len(s.truth.Repeated)
	t.Missed[repeated] += len(s.truth.Repeated) - len(s.again)
}
