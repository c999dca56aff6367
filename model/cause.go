package model

import (
	"strings"
	"time"
)

// cause says how the processes came by one connection, or what went before.
func (s *Snapshot) cause(f *Finding) string {
	se := s.Session(f.Session)
	switch {
	case se == nil:
		return ""
	case f.Kind == StaleReply && f.Cause != SharedSession:
		return "the client gave up on a call and went on using the connection, on which the reply still came"
	case f.Kind == InheritedSession && !se.Is(SessionWire):
		return "a client that was copied by fork carries the same session name in every process"
	case f.Kind == SharedSession, f.Kind == InheritedSession, f.Cause == SharedSession:
		return s.lineage(se)
	}
	return ""
}

// lineage tells who opened the session's connection, when, and how the others
// came by it.
func (s *Snapshot) lineage(se *Session) string {
	b := &strings.Builder{}
	b.WriteString(se.Conn.Label() + " was opened by " + s.procText(se.Owner))
	if se.Opened != 0 {
		b.WriteString(" at " + clock(se.Opened))
	} else if se.Conn.Opener == 0 {
		b.WriteString(" or before the log began")
	}
	others := append(append([]ProcID(nil), se.Sharers...), se.Holders...)
	var forked, came []ProcID
	since := int64(0)
	for _, id := range others {
		if p := s.Process(id); p != nil && p.Forked != 0 && s.descends(id, se.Owner) {
			forked = append(forked, id)
			if since == 0 || p.Forked < since {
				since = p.Forked
			}
		} else {
			came = append(came, id)
		}
	}
	if len(forked) > 0 {
		b.WriteString("; " + s.pidsText(forked) + " inherited it by fork at " + clock(since))
	}
	if len(came) > 0 {
		how := " use it as well (how they came by it is not in the log)"
		if s.allDescend(came, se.Owner) {
			how = " inherited it from there"
		}
		b.WriteString("; " + s.pidsText(came) + how)
	}
	return b.String()
}

func (s *Snapshot) allDescend(ids []ProcID, owner ProcID) bool {
	for _, id := range ids {
		if !s.descends(id, owner) && !s.siblings(id, owner) {
			return false
		}
	}
	return true
}

// siblings says that both have the same parent, from which both have the
// connection.
func (s *Snapshot) siblings(a, b ProcID) bool {
	p, q := s.Process(a), s.Process(b)
	return p != nil && q != nil && p.Info.PPID != 0 && p.Info.PPID == q.Info.PPID
}

// descends says that the process is below the ancestor in the tree of forks.
func (s *Snapshot) descends(id, ancestor ProcID) bool {
	const deepest = 64 // a cycle can only come from a made-up log
	for range deepest {
		p := s.Process(id)
		if p == nil || p.Parent == NoProc {
			return false
		}
		if id = p.Parent; id == ancestor {
			return true
		}
	}
	return false
}

// procText is "gunicorn 4119", or "PID 4119" where the name is unknown.
func (s *Snapshot) procText(id ProcID) string {
	if p := s.Process(id); p != nil && p.Info.Comm != "" {
		return p.Info.Comm + " " + strings.TrimPrefix(s.pidText(id), "PID ")
	}
	return s.pidText(id)
}

// clock is the time of day, UTC.
func clock(ns int64) string { return time.Unix(0, ns).UTC().Format("15:04:05") }
