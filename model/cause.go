package model

import (
	"slices"
	"strings"
	"time"
)

// cause says how the processes came by one connection, or what went before.
func (s *Snapshot) cause(f *Finding) string {
	se := s.Session(f.Session)
	switch {
	case se == nil:
		return ""
	case f.Kind == StaleReply && f.Cause == NoFinding:
		return "the client gave up on a call and went on using the connection, on which the reply still came"
	case f.Kind == InheritedSession && !se.Is(SessionWire):
		return "a client that was copied by fork carries the same session name in every process"
	case f.Kind == SharedSession, f.Kind == InheritedSession, f.Cause != NoFinding:
		return s.lineage(se)
	}
	return ""
}

// lineage tells who opened the session's connection, when, and how the others
// came by it.
func (s *Snapshot) lineage(se *Session) string {
	text := se.Conn.Label() + " was opened by " + s.procText(se.Owner)
	switch {
	case se.Opened != 0:
		text += " at " + clock(se.Opened)
	case se.Conn.Opener == 0:
		text += " (the first seen on it)"
	}
	var forked, passed, came []ProcID
	first, last := int64(0), int64(0)
	for _, id := range slices.Concat(se.Sharers, se.Holders) {
		if p := s.Process(id); p != nil && se.Opened != 0 && p.First < se.Opened-quiet {
			passed = append(passed, id)
			continue
		}
		if !s.descends(id, se.Owner) && !s.siblings(id, se.Owner) {
			came = append(came, id)
			continue
		}
		forked = append(forked, id)
		if p := s.Process(id); p.Forked != 0 {
			if first == 0 || p.Forked < first {
				first = p.Forked
			}
			last = max(last, p.Forked)
		}
	}
	if len(forked) > 0 {
		text += "; " + s.pidsText(forked) + " inherited it by fork"
		switch {
		case last-first >= int64(time.Second):
			text += " from " + clock(first) + " to " + clock(last)
		case first != 0:
			text += " at " + clock(first)
		}
	}
	if len(passed) > 0 {
		text += "; " + s.pidsText(passed) + " ran already and got it later, as by SCM_RIGHTS"
	}
	if len(came) > 0 {
		text += "; how " + s.pidsText(came) + " came by it is not in the log"
	}
	return text
}

// siblings says that both have the same parent, from which both have the
// connection.
func (s *Snapshot) siblings(a, b ProcID) bool {
	p, q := s.Process(a), s.Process(b)
	return p != nil && q != nil && p.Info.PPID != 0 && p.Info.PPID == q.Info.PPID && p.Info.Host == q.Info.Host
}

// descends says that the process is below the ancestor in the tree of forks.
func (s *Snapshot) descends(id, ancestor ProcID) bool {
	const deepest = 64 // a cycle can only come from a made-up log
	for range deepest {
		p, a := s.Process(id), s.Process(ancestor)
		if p == nil || a == nil {
			return false
		}
		if p.Parent == ancestor || p.Info.PPID == a.Info.PID && p.Info.Host == a.Info.Host {
			return true
		}
		id = p.Parent
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
