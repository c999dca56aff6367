package ui

import (
	"strconv"
	"strings"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/sanitize"
	"github.com/sessiontop/sessiontop/ui/table"
)

// sessionsScreen lists sessions: who has each, how it does, which is sick.
func sessionsScreen() kind {
	return kind{
		screen: model.ScreenSessions, title: "Sessions", short: "Sess", one: "session",
		columns: []table.Column{
			{Key: "finding", Title: "!", Min: 1},
			{Key: "session", Title: "SESSION", Min: 22, Max: 45},
			{Key: "pids", Title: "PIDS", Min: 8, Max: 12},
			{Key: "owner", Title: "OWNER", Min: 13, Max: 20, Prio: 5},
			{Key: "age", Title: "AGE", Min: 6, Right: true, Prio: 7},
			{Key: "idle", Title: "IDLE", Min: 6, Right: true, Prio: 6},
			{Key: "infl", Title: "INFL", Min: 4, Right: true, Prio: 4},
			{Key: "calls", Title: "CALLS", Min: 7, Max: 10, Right: true},
			{Key: "err", Title: "ERR", Min: 4, Right: true, Prio: 3},
			{Key: "mism", Title: "MISM", Min: 5, Right: true},
			{Key: "p95", Title: "P95", Min: 6, Right: true},
			{Key: "rate", Title: "RATE", Min: 8, Prio: 2},
			{Key: "last", Title: "LAST", Min: 12, Max: 28, Prio: 8},
		},
		draw: sessionCell,
		serial: func(s *model.Snapshot, id int64) uint64 {
			if x := s.Session(model.SessionID(id)); x != nil {
				return x.Serial
			}
			return 0
		},
	}
}

func sessionCell(e *env, l *list, r canvas.Region, i int, col string) {
	s := l.snap.Session(model.SessionID(l.rows.At(i)))
	if s == nil {
		return
	}
	base := sText
	if s.Is(model.SessionClosed) {
		base = sDim
	}
	switch col {
	case "finding":
		mark, st := sessionMark(s)
		r.Text(0, 0, st, mark)
	case "session":
		r.Cut(0, 0, r.W, base, sessionLabel(s.Conn, r.W))
	case "pids":
		pids(l.snap, s, r)
	case "owner":
		r.Cut(0, 0, r.W, base, procNameIn(l.snap, s.Owner, r.W))
	case "age":
		r.Right(0, 0, r.W, base, span(e.now-s.Began()))
	case "idle":
		r.Right(0, 0, r.W, base, span(e.now-s.Last))
	case "infl":
		number(r, base, uint64(s.InFlight))
	case "calls":
		r.Right(0, 0, r.W, base, count(s.Calls, r.W))
	case "err":
		number(r, sWarn, s.Errors)
	case "mism":
		number(r, sBad, s.Mismatches)
	case "p95":
		r.Right(0, 0, r.W, base, micros(s.P95))
	case "rate":
		if s.Is(model.SessionClosed) {
			r.Text(0, 0, sDim, "closed")
			return
		}
		rate := s.Rate.At(e.now)
		r.Text(0, 0, sSpark, sparkline(rate[:]))
	case "last":
		r.Cut(0, 0, r.W, sDim, l.snap.Name(s.LastMethod))
	}
}

// sessionMark is what is wrong with a session, in a letter.
func sessionMark(s *model.Session) (string, canvas.Style) {
	switch {
	case s.Is(model.SessionShared):
		return string(model.SharedSession.Mark()), sBad
	case s.Mismatches > 0:
		return string(model.SwappedReply.Mark()), sBad
	case s.Is(model.SessionInherited):
		return string(model.InheritedSession.Mark()), sWarn
	case s.Findings > 0:
		return "!", sWarn
	}
	return " ", sText
}

// sessionLabel is the session's name in w cells where it can be: without the
// peer's host if that is the local one, without the local host, or without the
// peer; of a Unix socket the end of its path.
func sessionLabel(c *model.ConnInfo, w int) string {
	label := c.Label()
	if len(label) <= w {
		return label
	}
	local, peer, ok := strings.Cut(label, ">")
	if local == "" && strings.HasPrefix(peer, "/") {
		return ">" + lastCells(peer, w-1)
	}
	i, j := strings.LastIndexByte(local, ':'), strings.LastIndexByte(peer, ':')
	if !ok || i < 0 || j < 0 {
		return label
	}
	if local[:i] == peer[:j] {
		peer = peer[j:]
	}
	if len(local)+1+len(peer) <= w {
		return local + ">" + peer
	}
	if short := local[i:] + ">" + peer; len(short) <= w {
		return short
	}
	return local
}

// pids draws the owner's PID and how many more use the session: 4119+2.
func pids(s *model.Snapshot, x *model.Session, r canvas.Region) {
	pid := "?"
	if p := s.PID(x.Owner); p != 0 {
		pid = strconv.Itoa(int(p))
	}
	end := r.Cut(0, 0, r.W, laneStyle(x.Owner), pid)
	if n := len(x.Sharers); n > 0 {
		r.Cut(end, 0, r.W-end, sBad, "+"+strconv.Itoa(n))
	} else if n := len(x.Holders); n > 0 {
		r.Cut(end, 0, r.W-end, sWarn, "+"+strconv.Itoa(n))
	}
}

// procName is a process in words: "gunicorn 4119".
func procName(s *model.Snapshot, id model.ProcID) string {
	p := s.Process(id)
	if p == nil {
		return "?"
	}
	pid := strconv.Itoa(int(p.Info.PID))
	if p.Info.Comm == "" {
		return pid
	}
	return p.Info.Comm + " " + pid
}

// procNameIn is procName in w cells where the PID has room: the name gives way,
// for half a PID is another process's.
func procNameIn(s *model.Snapshot, id model.ProcID, w int) string {
	name := procName(s, id)
	p := s.Process(id)
	if p == nil || p.Info.Comm == "" || sanitize.Width(name) <= w {
		return name
	}
	pid := " " + strconv.Itoa(int(p.Info.PID))
	return shortened(p.Info.Comm, max(2, w-len(pid))) + pid
}

// number draws n aligned right, dimmed where it is 0.
func number(r canvas.Region, st canvas.Style, n uint64) {
	if n == 0 {
		st = sDim
	}
	r.Right(0, 0, r.W, st, count(n, r.W))
}
