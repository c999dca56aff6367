package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
)

// ladder is the view of one session: a lane for each process and one for the
// endpoint, time downwards, requests and replies as arrows. A reply that went
// to the wrong process is drawn into the lane that it went to.
type ladder struct {
	session model.SessionID
	serial  uint64
	chain   chain
	at      rungKey // the selected rung
	line    int     // the line of the screen that it is on
	follow  bool
	fresh   bool // the user has not moved in it yet
	read    bool // all there was had been read when it was last brought up to date
	left    int  // first lane on the screen
	height  int
	lanes   int // that fit
	rungs   []rung
	top     int // first of rungs on the screen
}

// ladderOf is the ladder of a session: the one that is there if it is that
// one's, so that the user's place in it is kept.
func ladderOf(old view, id model.SessionID, serial uint64) view {
	if l, ok := old.(*ladder); ok && l.session == id && l.serial == serial {
		return l
	}
	return &ladder{session: id, serial: serial, follow: true, fresh: true, height: 20, at: rungKey{seq: -1}}
}

func (l *ladder) where() place { return inLadder }

// sync takes in the calls that came since, and goes to the newest finding where
// the user has not moved yet: that is what one opens a ladder for. While the
// logs are being read for the first time it goes on to newer ones.
func (l *ladder) sync(e *env) {
	s := e.snap.Session(l.session)
	if s == nil || s.Serial != l.serial {
		l.rungs = nil
		return
	}
	l.chain.update(e.snap, s)
	switch {
	case l.at.seq < 0 || l.fresh && !l.read:
		l.at, l.line = l.newest(e)
		if f := lastFinding(e.snap, s); f != nil && l.goToFinding(e, f) {
			l.follow, l.line = false, l.height/2
		}
	case l.follow:
		l.at, l.line = l.newest(e)
	}
	l.read = !e.loading
	l.window(e)
}

// newest is the last rung, on the last line.
func (l *ladder) newest(e *env) (rungKey, int) {
	rungs := l.around(e, l.chain.len()-1)
	if len(rungs) == 0 {
		return rungKey{seq: -1}, 0
	}
	return rungs[len(rungs)-1].key, max(0, l.height-1)
}

const (
	// slack is how many calls beyond the screen have their rungs made.
	slack = 64
	// lookBack is how many calls may lie between a request and the screen that
	// shows its reply.
	lookBack = 4096
)

// window makes the rungs around the selected one.
func (l *ladder) window(e *env) {
	i := l.index(e)
	if i < 0 {
		l.at, l.line = l.newest(e)
		i = l.index(e)
	}
	l.rungs = l.around(e, i)
	if i >= 0 {
		l.place()
	}
}

// index is the call of the chain that stands where the selected rung is: the
// rung's own, or for a reply the last one that was sent before it.
func (l *ladder) index(e *env) int {
	i := l.chain.find(l.at.seq)
	if i < 0 || !l.at.reply {
		return i
	}
	c := e.snap.Calls.At(l.at.seq)
	if c == nil {
		return i
	}
	if at := l.chain.sentBy(e.snap, c.Replied); at-i <= lookBack {
		return max(i, at)
	}
	return i
}

// around makes the rungs of the calls around number i of the chain, and of the
// replies that came in that time to earlier ones.
func (l *ladder) around(e *env, i int) []rung {
	if i < 0 {
		return nil
	}
	reach := l.height + slack
	i += l.chain.extend(e.snap, reach+lookBack-i)
	lo, hi := max(0, i-reach), min(l.chain.len(), i+reach+1)
	return makeRungs(e.snap, l.chain.seqs[max(0, lo-lookBack):lo], l.chain.seqs[lo:hi])
}

// place sets the first rung on the screen from the selected one and its line.
func (l *ladder) place() {
	p := l.position()
	l.top = max(0, min(p-l.line, len(l.rungs)-l.height))
	l.line = p - l.top
}

// position is the index of the selected rung.
func (l *ladder) position() int {
	best := 0
	for i := range l.rungs {
		if l.rungs[i].key == l.at {
			return i
		}
		if l.rungs[i].key.seq <= l.at.seq {
			best = i
		}
	}
	return best
}

// move selects the rung d further.
func (l *ladder) move(e *env, d int) {
	if len(l.rungs) == 0 {
		return
	}
	p := l.position()
	to := max(0, min(p+d, len(l.rungs)-1))
	l.at = l.rungs[to].key
	l.line = max(min(1, l.height-1), min(l.line+to-p, l.height-2))
	if l.follow = false; l.chain.newest() == l.at.seq && to == len(l.rungs)-1 {
		l.line = l.height - 1
	}
	l.window(e)
}

func (l *ladder) act(e *env, a action) outcome {
	l.fresh = false
	page := max(1, l.height-2)
	switch a {
	case actUp:
		l.move(e, -1)
	case actDown:
		l.move(e, 1)
	case actPageUp:
		l.move(e, -page)
	case actPageDown:
		l.move(e, page)
	case actHalfUp:
		l.move(e, -page/2)
	case actHalfDown:
		l.move(e, page/2)
	case actTop:
		l.chain.extend(e.snap, maxChain)
		l.at, l.line, l.follow = rungKey{seq: l.chain.oldest()}, 0, false
		l.window(e)
	case actBottom, actFollow:
		l.follow = a == actBottom || !l.follow
		if l.follow {
			l.at, l.line = l.newest(e)
			l.window(e)
		}
	case actLeft:
		l.left = max(0, l.left-1)
	case actRight:
		l.left++
	case actNextFinding, actPrevFinding:
		return l.next(1 - 2*b2i(a == actPrevFinding))
	case actOpen:
		return l.open(e)
	default:
		return outcome{}
	}
	return taken
}

// open shows the messages of the selected rung: as evidence where there is a
// finding about it.
func (l *ladder) open(e *env) outcome {
	if len(l.rungs) == 0 {
		return taken
	}
	r := l.rungs[l.position()]
	if r.finding != nil {
		seq := r.finding.Seq
		return does(func(a *App) tea.Cmd {
			a.push(evidenceOf(nil, seq))
			return nil
		})
	}
	return does(func(a *App) tea.Cmd {
		a.push(payloadOf(nil, r.key.seq))
		return nil
	})
}

func (l *ladder) click(e *env, _, y int) outcome {
	l.fresh = false
	if i := l.top + y - ladderHead; y >= ladderHead && i < len(l.rungs) {
		l.move(e, i-l.position())
	}
	return taken
}

func (l *ladder) wants(e *env) (whole, glimpses []model.Origin) {
	for i := l.top; i < min(l.top+l.height, len(l.rungs)); i++ {
		c := e.snap.Calls.At(l.rungs[i].key.seq)
		switch {
		case c == nil:
		case l.rungs[i].key.reply:
			glimpses = append(glimpses, c.Reply)
		case c.ID.Kind == model.IDText:
			glimpses = append(glimpses, c.Ask)
		}
	}
	return nil, glimpses
}

func (l *ladder) draw(e *env, r canvas.Region, on bool) {
	if h := max(1, r.H-ladderHead); h != l.height {
		if l.follow {
			l.line = h - 1
		} else {
			l.line = l.line * h / l.height
		}
		l.height = h
		l.window(e)
	}
	s := e.snap.Session(l.session)
	if s == nil {
		r.Cut(1, 1, r.W-2, sDim, "This session is no longer kept.")
		return
	}
	d := newDrawing(e, l, s, r, on)
	d.title()
	d.heads()
	d.rungs()
}
