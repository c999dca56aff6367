package ui

import (
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// processDetail is the view of one process: when it lived, and which sessions
// it is on, its own and inherited.
type processDetail struct {
	proc     model.ProcID
	sessions []model.SessionID
	sel, top int
	head     int       // lines above the sessions
	looked   time.Time // when the sessions were looked through
}

// lookEvery bounds how often all sessions are looked through.
const lookEvery = time.Second

func processDetailOf(old view, id model.ProcID) view {
	if p, ok := old.(*processDetail); ok && p.proc == id {
		return p
	}
	return &processDetail{proc: id}
}

func (p *processDetail) where() place { return inView }

func (p *processDetail) sync(e *env) {
	if e.wall.Sub(p.looked) < lookEvery {
		return
	}
	p.looked = e.wall
	p.sessions = p.sessions[:0]
	for i := range e.snap.Sessions.Len() {
		if s := e.snap.Session(model.SessionID(i)); s != nil && onSession(s, p.proc) != "" {
			p.sessions = append(p.sessions, s.ID)
		}
	}
	p.sel = max(0, min(p.sel, len(p.sessions)-1))
}

// onSession is how a process is on a session, "" where it is not.
func onSession(s *model.Session, p model.ProcID) string {
	if s.Owner == p {
		return "owns"
	}
	for _, x := range s.Sharers {
		if x == p {
			return "shares"
		}
	}
	for _, x := range s.Holders {
		if x == p {
			return "holds"
		}
	}
	return ""
}

func (p *processDetail) act(_ *env, a action) outcome {
	switch a {
	case actUp:
		p.sel--
	case actDown:
		p.sel++
	case actTop:
		p.sel = 0
	case actBottom:
		p.sel = len(p.sessions) - 1
	case actOpen:
		if p.sel < len(p.sessions) {
			id := p.sessions[p.sel]
			return does(func(a *App) tea.Cmd {
				if s := a.env().snap.Session(id); s != nil {
					a.push(ladderOf(nil, id, s.Serial))
				}
				return nil
			})
		}
	default:
		return outcome{}
	}
	p.sel = max(0, min(p.sel, len(p.sessions)-1))
	return taken
}

func (p *processDetail) click(_ *env, _, y int) outcome {
	if i := p.top + y - p.head; y >= p.head && i < len(p.sessions) {
		p.sel = i
	}
	return taken
}

func (p *processDetail) wants(*env) (whole, glimpses []model.Origin) { return nil, nil }

func (p *processDetail) draw(e *env, r canvas.Region, on bool) {
	x := e.snap.Process(p.proc)
	if x == nil {
		return
	}
	end := r.Cut(1, 0, r.W-2, sTitle, procName(e.snap, p.proc))
	y := p.story(e, x, r, end+3)
	r.Cut(1, y, r.W-2, sDim, plural(x.Calls, "call")+" · "+plural(x.Errors, "error")+" · "+
		count(x.Mismatches, 12)+" wrong replies read · "+plural(uint64(x.Children), "fork")+" seen")
	r.Text(1, y+2, sHead, "SESSIONS")
	p.head = y + 3
	body := r.Sub(1, p.head, r.W-2, r.H-p.head)
	if len(p.sessions) == 0 {
		body.Text(0, 0, sDim, "none")
	}
	p.top = max(0, min(p.top, p.sel), p.sel-body.H+1)
	for i := p.top; i < min(len(p.sessions), p.top+body.H); i++ {
		p.line(e, body.Sub(0, i-p.top, body.W, 1), e.snap.Session(p.sessions[i]))
		if on && i == p.sel {
			body.Add(0, i-p.top, body.W, 1, canvas.Reverse)
		}
	}
}

// story draws where the process came from beside its name, which ends before x, or
// on the lines below it, and returns the line after it.
func (p *processDetail) story(e *env, x *model.Process, r canvas.Region, at int) int {
	text := processStory(e, x)
	if sanitize.Width(text) <= r.W-at-1 {
		r.Text(at, 0, sDim, text)
		return 1
	}
	lines := wrapText(text, r.W-2)
	for i, s := range lines {
		r.Cut(1, 1+i, r.W-2, sDim, s)
	}
	return 1 + len(lines)
}

func (p *processDetail) line(e *env, r canvas.Region, s *model.Session) {
	if s == nil {
		return
	}
	mark, st := sessionMark(s)
	r.Text(0, 0, st, mark)
	how := onSession(s, p.proc)
	st = sText
	if how != "owns" {
		st = sWarn
	}
	r.Text(2, 0, st, how)
	w := min(45, r.W-30)
	r.Cut(9, 0, w, sText, sessionLabel(s.Conn, w))
	r.Right(9+w+1, 0, 9, sText, count(s.Calls, 9))
	noun := "calls"
	if s.Calls == 1 {
		noun = "call"
	}
	r.Cut(9+w+11, 0, r.W-w-20, sDim, noun)
}

// ending is how and when the process ended, if it did.
func ending(e *env, p *model.Process) string {
	text := " · " + processState(e, p)
	switch {
	case !p.Alive():
		return text + " at " + clock(p.Exited, 3)
	case !seenAlive(e, p):
		return text + ", nothing says it is alive"
	}
	return text
}

// processStory is where a process came from and how long it was there, in a
// sentence.
func processStory(e *env, p *model.Process) string {
	s, text := e.snap, ""
	switch {
	case p.Parent != model.NoProc && p.Forked != 0:
		text = "forked by " + procName(s, p.Parent) + " at " + clock(p.Forked, 3) + " · "
	case p.Parent != model.NoProc:
		text = "child of " + procName(s, p.Parent) + " · "
	case p.Info.PPID != 0:
		text = "child of " + strconv.Itoa(int(p.Info.PPID)) + ", of which nothing was seen · "
	}
	if n := p.Info.NSPID; n != 0 {
		text += "PID " + strconv.Itoa(int(n)) + " in its container · "
	}
	return text + "seen " + moment(p.First) + " to " + clock(p.Last, 3) + " UTC" + ending(e, p)
}
