package ui

import (
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

func (d *drawing) replyNote(y int, r *rung) {
	c, s := r.call, d.e.snap
	switch {
	case r.crosses():
		d.remark(y, r.finding, pidText(s, c.Asker)+"'s reply: "+s.Name(c.Method))
	case r.finding != nil:
		d.remark(y, r.finding, r.finding.Kind.String()+": "+brief(s, r.finding), r.finding.Kind.String(), shortKind(r.finding.Kind))
	default:
		d.r.Cut(d.note, y, d.r.W-d.note-1, sDim, latency(c.Latency()))
	}
}

// remark draws a note about what is wrong, in the first wording that there is
// room for.
func (d *drawing) remark(y int, f *model.Finding, wordings ...string) {
	sign, st := "✗", sBad
	if f != nil {
		sign, st = severity(f)
	}
	room := d.r.W - d.note - 1
	for i, text := range wordings {
		if sanitize.Width(text)+2 <= room || i == len(wordings)-1 {
			d.r.Cut(d.note, y, room, st, sign+" "+text)
			return
		}
	}
}

// askWordings are the ways to say what is wrong with a request, the longest
// first.
func askWordings(s *model.Snapshot, f *model.Finding) []string {
	switch {
	case f.Kind == model.DuplicateID:
		return []string{"id " + f.Call.ID.String() + " is in flight already", "id in flight already", "id twice"}
	case f.Other != model.NoProc:
		who := pidText(s, f.Other)
		return []string{"never answered: " + who + " read its reply", "never answered: " + who + " read it", who + " read it", "lost"}
	}
	if p := s.Process(f.Reader); p != nil && !p.Alive() && p.Exited <= f.Time {
		return []string{"never answered: the process ended", "process ended", "lost"}
	}
	return []string{"never answered: connection closed", "never answered", "lost"}
}

// shortKind is a kind of finding about a reply in at most nine cells.
func shortKind(k model.FindingKind) string {
	switch k {
	case model.SwappedReply:
		return "another's"
	case model.WrongType:
		return "bad type"
	case model.WrongEcho:
		return "bad echo"
	case model.StaleReply:
		return "stale"
	case model.DuplicateReply:
		return "second"
	case model.UnsolicitedReply:
		return "unasked"
	case model.TornMessage:
		return "torn"
	case model.BadMessage:
		return "malformed"
	case model.BatchMismatch:
		return "batch"
	}
	return k.String()
}
