package ui

import (
	"strconv"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/table"
)

// callsScreen lists calls in the order in which they were sent.
func callsScreen() kind {
	return kind{
		screen: model.ScreenCalls, title: "Calls", short: "Calls", one: "call",
		columns: []table.Column{
			{Key: "time", Title: "TIME UTC", Min: 12, Max: 15},
			{Key: "finding", Title: "!", Min: 1},
			{Key: "session", Title: "SESSION", Min: 16, Max: 30, Prio: 6},
			{Key: "ask", Title: "ASK>READ", Min: 15},
			{Key: "id", Title: "ID", Min: 4, Max: 8, Right: true, Prio: 3},
			{Key: "method", Title: "METHOD", Min: 18, Max: 30},
			{Key: "params", Title: "PARAMS", Min: 10, Max: 60, Prio: 5},
			{Key: "latency", Title: "LATENCY", Min: 7, Right: true},
			{Key: "result", Title: "RESULT", Min: 11, Max: 60, Prio: 1},
			{Key: "size", Title: "SIZE", Min: 5, Right: true, Prio: 4},
		},
		draw: callCell, serial: bySlot,
		wants: func(s *model.Snapshot, id int64) []model.Origin {
			if c := s.Calls.At(id); c != nil {
				return []model.Origin{c.Ask, c.Reply}
			}
			return nil
		},
	}
}

func callCell(e *env, l *list, r canvas.Region, i int, col string) {
	c := l.snap.Calls.At(l.rows.At(i))
	if c == nil {
		return
	}
	switch col {
	case "time":
		r.Text(0, 0, sDim, clock(c.Asked, r.W-9))
	case "finding":
		r.Text(0, 0, markStyle(l.snap, c), string(rune(c.Mark)))
	case "session":
		if s := l.snap.Session(c.Session); s != nil {
			r.Cut(0, 0, r.W, sDim, sessionLabel(s.Conn, r.W))
		}
	case "ask":
		askRead(l.snap, c, r)
	case "id":
		r.Right(0, 0, r.W, sDim, idText(e, c))
	case "method":
		callMethod(l.snap, c, r)
	case "params":
		r.Cut(0, 0, r.W, sDim, e.previews.of(c.Ask).body)
	case "latency":
		r.Right(0, 0, r.W, sText, latency(c.Latency()))
	case "result":
		callResult(e, l.snap, c, r)
	case "size":
		if c.Reply.Len > 0 {
			r.Right(0, 0, r.W, sDim, sizeText(int64(c.Reply.Len)))
		}
	}
}

// markStyle is the colour of the mark of a call: by the severity of its finding.
func markStyle(s *model.Snapshot, c *model.Call) canvas.Style {
	if f := s.FindingOf(c); f != nil && f.Severity() == model.Warning {
		return sWarn
	}
	return sBad
}

// askRead draws who asked and who read: 4121, or 4120>4121.
func askRead(s *model.Snapshot, c *model.Call, r canvas.Region) {
	x := r.Cut(0, 0, r.W, laneStyle(c.Asker), pidText(s, c.Asker))
	if c.Reader != c.Asker && c.Reader != model.NoProc {
		x = r.Text(x, 0, sBad, ">")
		r.Cut(x, 0, r.W-x, laneStyle(c.Reader), pidText(s, c.Reader))
	}
}

func pidText(s *model.Snapshot, p model.ProcID) string {
	if pid := s.PID(p); pid != 0 {
		return strconv.Itoa(int(pid))
	}
	return "?"
}

// idText is the id of a call; one that is text stands in its message.
func idText(e *env, c *model.Call) string {
	if s := c.ID.String(); s != "" {
		return s
	}
	if c.ID.Kind != model.IDText {
		return ""
	}
	if p := e.previews.of(c.Ask); p.id != "" {
		return p.id
	}
	return e.previews.of(c.Reply).id
}

func callMethod(s *model.Snapshot, c *model.Call, r canvas.Region) {
	if c.State == model.Orphan {
		r.Cut(0, 0, r.W, sBad, "(nobody asked)")
		return
	}
	r.Cut(0, 0, r.W, sText, s.Name(c.Method))
}

// callResult draws the result in a line, or why there is none.
func callResult(e *env, s *model.Snapshot, c *model.Call, r canvas.Region) {
	st, text := sText, ""
	switch c.State {
	case model.Pending:
		st, text = sDim, "…"
	case model.Failed:
		st, text = sWarn, s.Name(c.Err)
	case model.LostCall:
		st, text = sBad, "lost"
	}
	if c.Is(model.CallError) {
		st = sWarn
	}
	if text == "" {
		text = e.previews.of(c.Reply).body
	}
	r.Cut(0, 0, r.W, st, text)
}
