package ui

import "github.com/sessiontop/sessiontop/model"

// sharing is who uses shared sessions in a snapshot.
type sharing struct {
	snap *model.Snapshot
	by   map[model.ProcID]bool
}

// sharing says whether the process uses a session that is shared. The sessions
// are looked through once for each snapshot.
func (l *list) sharing(p model.ProcID) bool {
	if l.shared.snap != l.snap {
		l.shared = sharing{l.snap, sharers(l.snap)}
	}
	return l.shared.by[p]
}

// sharers are the processes that used a shared session. Its owner need not have:
// it may have opened it for the others alone.
func sharers(s *model.Snapshot) map[model.ProcID]bool {
	by := make(map[model.ProcID]bool)
	for i := range s.Sessions.Len() {
		x := s.Session(model.SessionID(i))
		if x == nil || !x.Is(model.SessionShared) {
			continue
		}
		for _, p := range x.Sharers {
			by[p] = true
		}
		if p := s.Process(x.Owner); p != nil && (len(x.Sharers) < 2 || p.Calls > 0) {
			by[x.Owner] = true
		}
	}
	return by
}
