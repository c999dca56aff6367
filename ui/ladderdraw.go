package ui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// ladderHead is how many lines stand above the rungs: who has the session, and
// the names of the lanes.
const ladderHead = 2

// drawing is one frame of a ladder: where each lane stands.
type drawing struct {
	e     *env
	l     *ladder
	s     *model.Session
	r     canvas.Region
	on    bool
	times rungTimes
	procs []model.ProcID // every lane
	first int            // of the lanes on the screen
	xs    []int          // where each of them stands
	label int            // where labels start
	end   int            // where the endpoint stands
	note  int            // where notes start
}

// Widths of the parts of a ladder.
const (
	laneMin  = 6
	laneMax  = 14
	labelMin = 18
	labelMax = 46
)

func newDrawing(e *env, l *ladder, s *model.Session, r canvas.Region, on bool) *drawing {
	d := &drawing{e: e, l: l, s: s, r: r, on: on, times: timesOf(l, r.W >= 100)}
	timeW := 9
	if r.W >= 100 {
		timeW = 15
	}
	noteW := min(max(r.W*3/10, 16), 52)
	if r.W < 76 {
		noteW = 15
	}
	room := r.W - timeW - noteW
	fit := max(1, (room-labelMin)/laneMin)
	l.lanes = fit
	d.procs = d.lanes(fit)
	l.left = max(0, min(l.left, len(d.procs)-fit))
	d.first = l.left
	n := min(fit, len(d.procs)-d.first)
	laneW := min(laneMax, max(laneMin, (room-labelMin-10)/max(n, 1)))
	for i := range n {
		d.xs = append(d.xs, timeW+3+i*laneW)
	}
	d.label = d.xs[n-1] + 3
	d.end = min(d.label+labelMax, r.W-noteW)
	d.note = d.end + 3
	return d
}

// x is where the lane of p stands; of one that is off the screen the edge where
// it would be, and false.
func (d *drawing) x(p model.ProcID) (int, bool) {
	i := slices.Index(d.procs, p) - d.first
	switch {
	case i < 0:
		return d.xs[0] - 2, false
	case i >= len(d.xs):
		return d.xs[len(d.xs)-1] + 2, false
	}
	return d.xs[i], true
}

// title draws what the session is, who opened it, and who else is on it.
func (d *drawing) title() {
	w := max(20, d.r.W/2)
	if d.r.W < 100 {
		w = 24
	}
	x := d.r.Cut(1, 0, w+2, sTitle, strings.TrimSpace(strings.Replace(sessionLabel(d.s.Conn, w), ">", " > ", 1)))
	room := d.r.W - x - 4
	stories := sessionStories(d.e.snap, d.s)
	for sanitize.Width(stories[0]) > room && len(stories) > 1 {
		stories = stories[1:]
	}
	d.r.Cut(x+3, 0, room, sDim, stories[0])
}

// heads draws the names of the lanes.
func (d *drawing) heads() {
	d.r.Text(1, 1, sHead, d.times.head)
	for i, x := range d.xs {
		p := d.procs[d.first+i]
		name := pidText(d.e.snap, p)
		d.r.Text(max(x-sanitize.Width(name)/2, d.xs[0]-3), 1, laneStyle(p)|canvas.Bold, name)
	}
	if d.first > 0 {
		d.r.Text(d.xs[0]-4, 1, sAccent, "‹")
	}
	if more := len(d.procs) - d.first - len(d.xs); more > 0 {
		d.r.Text(d.xs[len(d.xs)-1]+4, 1, sAccent, "+"+strconv.Itoa(more)+" ›")
	}
	peer := d.s.Conn.Peer
	if peer == "" {
		peer = d.s.Conn.Endpoint()
	}
	right := d.r.W - 1
	if d.l.follow {
		const word = "following"
		d.r.Right(d.note, 1, right-d.note, sGood, word)
		right -= len(word) + 1
	}
	w := min(sanitize.Width(peer), d.end-d.label)
	at := max(min(d.end-w/2, right-w), d.label+8)
	d.r.Cut(at, 1, min(w, right-at), sHead, peer)
}

// rungs draws the lines.
func (d *drawing) rungs() {
	busy := d.busyBefore()
	for line := range d.l.height {
		i := d.l.top + line
		y := line + ladderHead
		if i >= len(d.l.rungs) {
			d.rails(y, busy)
			continue
		}
		r := &d.l.rungs[i]
		d.count(busy, r)
		d.rails(y, busy)
		d.r.Text(1, y, sDim, d.times.of(r))
		if r.key.reply {
			d.reply(y, r)
		} else {
			d.ask(y, r)
		}
		if r.key == d.l.at {
			d.selected(y, r)
		}
	}
	if len(d.l.rungs) == 0 {
		text := "no calls are kept of this session"
		if d.s.Calls == 0 && d.s.Errors > 0 {
			text = plural(d.s.Errors, "call") + " could not be sent: no connection"
		}
		d.r.Cut(d.label, ladderHead, d.r.W-d.label, sDim, text)
	}
}

// selected marks the line of the selected rung: whole where keys go to it.
func (d *drawing) selected(y int, r *rung) {
	st := sText
	if r.crosses() || r.finding != nil {
		st = sBad
	}
	switch {
	case d.on:
		d.r.Paint(0, y, d.r.W, 1, st)
		d.r.Add(0, y, d.r.W, 1, canvas.Reverse)
	case !d.l.follow:
		d.r.Text(0, y, st, "▶")
	}
}

// busyBefore counts the calls that each process has open above the screen.
func (d *drawing) busyBefore() map[model.ProcID]int {
	busy := make(map[model.ProcID]int)
	for i := range min(d.l.top, len(d.l.rungs)) {
		d.count(busy, &d.l.rungs[i])
	}
	return busy
}

func (d *drawing) count(busy map[model.ProcID]int, r *rung) {
	if !r.key.reply {
		busy[r.proc()]++
		return
	}
	busy[r.proc()] = max(0, busy[r.proc()]-1)
}

// rails draws the lanes of a line; heavy where the process waits for a reply.
func (d *drawing) rails(y int, busy map[model.ProcID]int) {
	for i, x := range d.xs {
		p := d.procs[d.first+i]
		if busy[p] > 0 {
			d.r.Text(x, y, laneStyle(p), "┃")
		} else {
			d.r.Text(x, y, sBorder, "│")
		}
	}
	d.r.Text(d.end, y, sBorder, "│")
}

// wire draws a line from x to the endpoint; it crosses the lanes between.
func (d *drawing) wire(y, x int, st canvas.Style) {
	d.r.Fill(x+1, y, d.end-x-1, 1, st, "─")
	for _, lane := range d.xs {
		if lane > x {
			d.r.Text(lane, y, st, "┼")
		}
	}
}

// ask draws a request: from its process to the endpoint.
func (d *drawing) ask(y int, r *rung) {
	c := r.call
	x, seen := d.x(c.Asker)
	st := laneStyle(c.Asker)
	d.wire(y, x, st)
	d.r.Text(x, y, st, map[bool]string{true: "├", false: "╶"}[seen])
	d.r.Text(d.end-1, y, st, "▶")
	d.text(y, sText, d.hidden(c.Asker, seen)+d.id(c)+" "+d.e.snap.Name(c.Method))
	switch {
	case r.finding != nil:
		d.remark(y, r.finding, askWordings(d.e.snap, r.finding)...)
	case c.State == model.Pending:
		d.r.Cut(d.note, y, d.r.W-d.note-1, sDim, "waiting")
	}
}

// reply draws a reply: from the endpoint to whoever read it, or a call that
// was given up.
func (d *drawing) reply(y int, r *rung) {
	c := r.call
	x, seen := d.x(r.proc())
	if c.Reply.Len == 0 || c.State == model.Failed && c.Reader == model.NoProc {
		d.gaveUp(y, x, c)
		return
	}
	st := laneStyle(r.proc())
	if r.crosses() || r.finding != nil {
		st = sBad
	}
	d.wire(y, x, st)
	d.r.Text(x, y, st, "◀")
	d.r.Text(d.end, y, st, "┤")
	if r.crosses() {
		if at, ok := d.x(c.Asker); ok {
			d.r.Text(at, y, sBad, "○")
		}
	}
	id := d.id(c)
	if r.damaged() {
		id = r.finding.ReplyID.String() // not the one of the call at whose place it came
	}
	d.text(y, d.resultStyle(r), d.hidden(r.proc(), seen)+strings.TrimSpace(id+" "+d.e.previews.of(c.Reply).body))
	d.replyNote(y, r)
}

// id is the call's id, cut so that there is room for what stands behind it.
func (d *drawing) id(c *model.Call) string {
	const most = 12
	id := sanitize.Text(idText(d.e, c))
	if r := []rune(id); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return id
}

// hidden names the process of a rung whose lane is not on the screen.
func (d *drawing) hidden(p model.ProcID, seen bool) string {
	if seen {
		return ""
	}
	return pidText(d.e.snap, p) + ": "
}

func (d *drawing) resultStyle(r *rung) canvas.Style {
	switch {
	case r.crosses() || r.finding != nil:
		return sBad
	case r.call.Is(model.CallError):
		return sWarn
	}
	return sText
}

// gaveUp draws the end of a call whose client gave it up.
func (d *drawing) gaveUp(y, x int, c *model.Call) {
	d.r.Text(x, y, sWarn, "╳")
	why := d.e.snap.Name(c.Err)
	if why == "" {
		why = "no reply"
	}
	d.text(y, sWarn, d.id(c)+" gave up: "+why)
	if ns := c.Replied - c.Asked; ns > 0 {
		d.r.Cut(d.note, y, d.r.W-d.note-1, sDim, "after "+latency(ns))
	}
}

// text writes a label onto the wire, with a blank at each side.
func (d *drawing) text(y int, st canvas.Style, s string) {
	w := d.end - d.label - 5
	if s == "" || w < 4 {
		return
	}
	end := d.r.Cut(d.label+1, y, w, st, s)
	d.r.Text(d.label, y, st, " ")
	d.r.Text(end, y, st, " ")
}
