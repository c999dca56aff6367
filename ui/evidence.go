package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
)

// evidence is the view of one finding: what was asked and what came, side by
// side, the call that the reply belongs to beside them, what decided, and below
// the cause and what to do.
type evidence struct {
	finding uint64
	sel     int // message that Enter opens
	top     int
	height  int
	lines   int
	parts   []part
}

// part is one of the messages that a finding is about.
type part struct {
	title  string
	who    model.ProcID
	origin model.Origin
	call   int64 // Seq, -1: none
	role   partRole
}

// partRole is what a message is to a finding.
type partRole uint8

const (
	partAsked partRole = iota // by the reader
	partGot                   // by the reader
	partOwner                 // asked by the process that the reply was for
)

func evidenceOf(old view, seq uint64) view {
	if v, ok := old.(*evidence); ok && v.finding == seq {
		return v
	}
	return &evidence{finding: seq, sel: 1}
}

func (v *evidence) where() place { return inEvidence }

func (v *evidence) sync(e *env) {
	v.parts = v.parts[:0]
	f := e.snap.Finding(v.finding)
	if f == nil {
		return
	}
	reader := pidText(e.snap, f.Reader)
	if f.Call.Known() {
		v.parts = append(v.parts, part{reader + " asked " + e.snap.Name(f.Call.Method), f.Reader, f.Call.Origin, f.Call.Seq, partAsked})
	}
	if f.Reply.Len > 0 {
		seq := f.Call.Seq
		if f.Owner.Known() {
			seq = f.Owner.Seq
		}
		v.parts = append(v.parts, part{reader + " got", f.Reader, f.Reply, seq, partGot})
	}
	if f.Owner.Known() {
		v.parts = append(v.parts, part{pidText(e.snap, f.Owner.Proc) + " had asked " + e.snap.Name(f.Owner.Method), f.Owner.Proc, f.Owner.Origin, f.Owner.Seq, partOwner})
	}
	v.sel = max(0, min(v.sel, len(v.parts)-1))
}

func (v *evidence) act(e *env, a action) outcome {
	switch a {
	case actUp:
		v.top--
	case actDown:
		v.top++
	case actPageUp, actHalfUp:
		v.top -= max(1, v.height-1)
	case actPageDown, actHalfDown:
		v.top += max(1, v.height-1)
	case actTop:
		v.top = 0
	case actBottom:
		v.top = v.lines
	case actLeft:
		v.sel = max(0, v.sel-1)
	case actRight:
		v.sel = max(0, min(v.sel+1, len(v.parts)-1))
	case actOpen:
		return v.open(e)
	case actCopy:
		return v.copy(e)
	case actNextFinding, actPrevFinding:
		return v.other(e, 1-2*b2i(a == actPrevFinding))
	default:
		return outcome{}
	}
	v.top = max(0, min(v.top, v.lines-v.height))
	return taken
}

// open shows the selected message whole; of a finding without messages, the
// session's ladder.
func (v *evidence) open(e *env) outcome {
	if len(v.parts) > 0 {
		parts, sel := v.parts, v.sel
		return does(func(a *App) tea.Cmd {
			a.push(newPayload(parts, sel))
			return nil
		})
	}
	f := e.snap.Finding(v.finding)
	if f == nil {
		return taken
	}
	s := e.snap.Session(f.Session)
	if s == nil {
		return said(sAccent, "its session is no longer kept")
	}
	id, serial := s.ID, s.Serial
	return does(func(a *App) tea.Cmd {
		a.push(ladderOf(nil, id, serial))
		return nil
	})
}

// copy copies the selected message.
func (v *evidence) copy(e *env) outcome {
	if len(v.parts) == 0 {
		return said(sAccent, "there is no message to copy")
	}
	p := v.parts[v.sel]
	d := e.bodies.of(p.origin)
	if d == nil || d.err != nil {
		return said(sAccent, "the message has not been read")
	}
	return does(func(a *App) tea.Cmd { return a.copy(string(d.raw), p.title) })
}

// other shows the next finding that has messages, or the one before; beside
// the list it is the list's next row.
func (v *evidence) other(e *env, d int) outcome {
	return does(func(a *App) tea.Cmd {
		n := len(a.pages)
		if n == 0 {
			return a.nextFinding(d)
		}
		next, wrapped := otherFinding(e.snap, v.finding, d)
		if next == nil {
			return nil
		}
		a.pages[n-1] = evidenceOf(v, next.Seq)
		a.syncViews()
		a.sayMoved(wrapped, d, next.Severity(), "")
		return nil
	})
}

// otherFinding is the finding about a reply that is next to that of seq in the
// direction of d, an error where there is one, and whether it stands beyond the
// end of them all; nil where there is none.
func otherFinding(s *model.Snapshot, seq uint64, d int) (next *model.Finding, wrapped bool) {
	n := s.Findings.Len()
	if n == 0 {
		return nil, false
	}
	here := int(seq - s.Findings.At(0).Seq)
	for k := 1; k <= n && severityOf(next) < model.Error; k++ {
		to := here + d*k
		i := (to%n + n) % n
		f := s.Findings.At(i)
		if f.Void || f.Kind == model.SharedSession || f.Kind == model.InheritedSession {
			continue
		}
		if f.Severity() > severityOf(next) {
			next, wrapped = f, i != to
		}
	}
	return next, wrapped
}

func (v *evidence) click(*env, int, int) outcome { return taken }

func (v *evidence) wants(*env) (whole, glimpses []model.Origin) {
	for _, p := range v.parts {
		whole = append(whole, p.origin)
	}
	return whole, nil
}

func (v *evidence) draw(e *env, r canvas.Region, on bool) {
	f := e.snap.Finding(v.finding)
	if f == nil {
		r.Cut(1, 1, r.W-2, sDim, "This finding no longer stands: what came later explained it.")
		return
	}
	doc := v.compose(e, f, r.W-2, on)
	v.height, v.lines = r.H, len(doc)
	v.top = max(0, min(v.top, v.lines-v.height))
	for y := range min(r.H, len(doc)-v.top) {
		doc[v.top+y](r.Sub(1, y, r.W-2, 1))
	}
	if len(doc) > r.H {
		size := max(1, r.H*r.H/len(doc))
		r.Fill(r.W-1, (r.H-size)*v.top/max(1, len(doc)-r.H), 1, size, sBorder, "▐")
	}
}
