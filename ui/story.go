package ui

import (
	"math"
	"strings"
	"time"

	"github.com/sessiontop/sessiontop/model"
)

// sessionStories are the ways to say how a session came to who is on it, the
// longest first: each of them names who opened it.
func sessionStories(s *model.Snapshot, x *model.Session) []string {
	name, also := procName(s, x.Owner), others(s, x)
	return []string{sessionStory(s, x), "opened by " + name + also, "of " + name + also, "of " + name + howMany(x)}
}

// sessionStory is how a session came to who is on it, in a sentence: "opened by
// gunicorn 4119 at 09:00:00 · in 4120 and 4121 since their fork at 09:00:02".
func sessionStory(s *model.Snapshot, x *model.Session) string {
	var parts []string
	opened := "owner " + procName(s, x.Owner)
	if x.Opened != 0 {
		opened = "opened by " + procName(s, x.Owner) + " at " + clock(x.Opened, 0)
	}
	parts = append(parts, opened)
	if len(x.Sharers) > 0 {
		parts = append(parts, "in "+pidList(s, x.Sharers)+sinceFork(s, x.Sharers))
	}
	if len(x.Holders) > 0 {
		parts = append(parts, "held, not used yet, by "+pidList(s, x.Holders))
	}
	if x.Closed != 0 {
		parts = append(parts, "closed "+clock(x.Closed, 0))
	}
	if x.Lost > 0 {
		parts = append(parts, plural(x.Lost, "event")+" lost")
	}
	return strings.Join(parts, " · ")
}

// others is who else is on the session, in few words: " · also 4120 and 4121".
func others(s *model.Snapshot, x *model.Session) string {
	switch {
	case len(x.Sharers) > 0:
		return " · also " + pidList(s, x.Sharers)
	case len(x.Holders) > 0:
		return " · held by " + pidList(s, x.Holders)
	case x.Closed != 0:
		return " · closed " + clock(x.Closed, 0)
	}
	return ""
}

// howMany others are on the session.
func howMany(x *model.Session) string {
	switch {
	case len(x.Sharers) > 0:
		return " and " + plural(uint64(len(x.Sharers)), "other")
	case len(x.Holders) > 0:
		return " · held by " + count(uint64(len(x.Holders)), 9)
	}
	return ""
}

// callStory is how a call went, in a sentence.
func callStory(s *model.Snapshot, c *model.Call) string {
	text := "read by " + procName(s, c.Reader) + ", asked by nobody"
	if c.State != model.Orphan {
		text = "asked by " + procName(s, c.Asker) + " at " + clock(c.Asked, 4)
		switch {
		case c.State == model.Failed:
			text += " · given up after " + latency(c.Replied-c.Asked) + ": " + s.Name(c.Err)
		case c.State == model.Pending:
			text += " · waiting"
		case c.State == model.LostCall:
			text += " · its reply will not come"
		default:
			text += " · read by " + procName(s, c.Reader) + " after " + latency(c.Latency())
		}
	}
	if x := s.Session(c.Session); x != nil {
		text += " · " + x.Conn.Label()
	}
	return text
}

// sinceFork is " since their fork at …" where the log shows the forks.
func sinceFork(s *model.Snapshot, procs []model.ProcID) string {
	first, last := int64(math.MaxInt64), int64(0)
	for _, id := range procs {
		p := s.Process(id)
		if p == nil || p.Forked == 0 {
			return " as well"
		}
		first, last = min(first, p.Forked), max(last, p.Forked)
	}
	switch {
	case len(procs) == 1:
		return " since its fork at " + clock(first, 0)
	case last-first >= int64(time.Second):
		return " since their forks from " + clock(first, 0) + " to " + clock(last, 0)
	}
	return " since their fork at " + clock(first, 0)
}

// pidList is "4120", "4120 and 4121", "4120, 4121 and 7 more".
func pidList(s *model.Snapshot, procs []model.ProcID) string {
	const most = 4
	var names []string
	for i, p := range procs {
		if i == most && len(procs) > most+1 {
			return strings.Join(names, ", ") + " and " + count(uint64(len(procs)-most), 9) + " more"
		}
		names = append(names, pidText(s, p))
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
