package synth

import (
	"slices"

	"github.com/sessiontop/sessiontop/model"
)

// concludeSessions says which sessions the log can tell apart, and which
// findings are due about them: its connections; where it does not name them,
// what the clients call their sessions; else nothing that two processes share.
func (s *simulation) concludeSessions() {
	log := &s.cfg.Log
	byName := make(map[[2]string]int) // of the truth's sessions
	for _, k := range s.socks {
		t := k.truth
		if len(t.Users) == 0 && len(t.Held) == 0 {
			continue
		}
		switch {
		case log.Cookie || !log.NoAddrs:
			t.Kind = s.connectionKind(t)
		case log.Names:
			key := [2]string{t.Host, t.Name}
			if i, ok := byName[key]; ok {
				s.truth.Sessions[i].join(t)
				continue
			}
			byName[key] = len(s.truth.Sessions)
			t.Local, t.Cookie, t.Held = "", 0, nil
		}
		s.truth.Sessions = append(s.truth.Sessions, *t)
	}
	for _, i := range byName {
		if t := &s.truth.Sessions[i]; len(t.Users) > 1 || log.Opener && t.Users[0] != t.Opener {
			t.Kind = model.InheritedSession.String()
		}
	}
}

// connectionKind is the finding that is due about a connection.
func (s *simulation) connectionKind(t *Session) string {
	switch {
	case len(t.Users) > 1:
		return model.SharedSession.String()
	case len(t.Users) == 1 && t.Users[0] != t.Opener && s.cfg.Log.Opener, len(t.Held) > 0 && s.cfg.Log.Forks:
		return model.InheritedSession.String()
	}
	return ""
}

// join adds the users of another connection of that name.
func (s *Session) join(t *Session) {
	for _, u := range t.Users {
		if !slices.Contains(s.Users, u) {
			s.Users = append(s.Users, u)
		}
	}
}
