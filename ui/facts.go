package ui

import "github.com/sessiontop/sessiontop/model"

// facts is what a list wants to know of its snapshot as a whole. Each is found
// out when it is first asked for, once for a snapshot.
type facts struct {
	snap      *model.Snapshot
	sharers   map[model.ProcID]bool
	processes []model.Named
	sessions  []model.Named
	hosts     int // 0: not known yet; else how many there are, 2 stands for more
}

// facts are those of the snapshot that the list shows.
func (l *list) facts() *facts {
	if l.about.snap != l.snap {
		l.about = facts{snap: l.snap}
	}
	return &l.about
}

// sharing says whether the process uses a session that is shared.
func (f *facts) sharing(p model.ProcID) bool {
	if f.sharers == nil {
		f.sharers = sharers(f.snap)
	}
	return f.sharers[p]
}

// process is what the findings say of a process.
func (f *facts) process(p model.ProcID) model.Named {
	if f.processes == nil {
		f.processes = f.snap.NamedProcesses()
	}
	return namedAt(f.processes, int(p))
}

// session is what the findings say of a session.
func (f *facts) session(s model.SessionID) model.Named {
	if f.sessions == nil {
		f.sessions = f.snap.NamedSessions()
	}
	return namedAt(f.sessions, int(s))
}

// worstSession is how bad the worst session is, Warning at least.
func (f *facts) worstSession() model.Severity {
	for i := range f.snap.Sessions.Len() {
		if f.session(model.SessionID(i)).Worst == model.Error {
			return model.Error
		}
	}
	return model.Warning
}

func namedAt(all []model.Named, i int) model.Named {
	if i < 0 || i >= len(all) {
		return model.Named{}
	}
	return all[i]
}

// oneHost says that all processes are of one host.
func (f *facts) oneHost() bool {
	if f.hosts == 0 {
		f.hosts = 1
		host := ""
		for i := range f.snap.Processes.Len() {
			p := f.snap.Process(model.ProcID(i))
			switch {
			case p == nil:
			case host == "":
				host = hostOf(p)
			case host != hostOf(p):
				f.hosts = 2
				return false
			}
		}
	}
	return f.hosts == 1
}

// hostOf is the host of a process in a word; "-" stands for none.
func hostOf(p *model.Process) string {
	if p.Info.Host == "" {
		return "-"
	}
	return p.Info.Host
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
