package ui

import (
	"slices"
	"strings"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
)

// drawEmpty says why a list has no rows and what to do next.
func (a *App) drawEmpty(r canvas.Region, e *env) {
	head, texts := a.emptyText(e)
	var lines []string
	for _, s := range texts {
		lines = append(lines, wrapText(s, r.W-4)...)
	}
	y := max(0, (r.H-len(lines)-1)/3)
	r.Cut(3, y, r.W-4, sTitle, head)
	for i, s := range lines {
		r.Cut(3, y+1+i, r.W-4, sDim, s)
	}
	if a.shown() == nil && a.load.at.Size > 0 || !a.load.done && a.load.at.Size > a.load.at.Bytes {
		bar(r.Sub(3, y+len(lines)+2, min(50, r.W-6), 1), a.load.percent())
	}
}

func (a *App) emptyText(e *env) (string, []string) {
	l := a.list()
	noun := l.kind.one
	switch {
	case l.err != nil:
		return "This list could not be made", []string{l.err.Error(), "Press r to try again."}
	case a.shown() == nil && a.load.at.Size > 0:
		return "Reading the logs", []string{a.load.text()}
	case a.shown() == nil:
		return "Opening the sources", []string{"Nothing has been read yet.", "Press i for the inputs, q to quit."}
	case !a.load.done && a.load.at.Size > a.load.at.Bytes:
		return "Reading the logs", []string{a.load.text(), "What has been read shows up here as it comes."}
	case a.filter.text != "":
		lines := []string{"filter: " + a.filter.text}
		lines = append(lines, namesThere(a.filter.text, e.snap)...)
		return "No " + noun + " matches the filter", append(lines, "Press / to change it, Esc to clear it.")
	case a.only != unrestricted():
		return "No " + noun + " here", []string{"The list is narrowed to " + strings.Join(a.only.texts(e.snap), ", ") + ".", "Press Esc to see everything again."}
	case l.kind.screen == model.ScreenFindings && e.snap.Totals.Calls > 0:
		return "Nothing wrong so far", []string{
			plural(e.snap.Totals.Calls, "call") + " on " + plural(e.snap.Totals.Sessions, "session") + ": every reply was read by the process that asked.",
			"A shared connection shows up here as soon as a second process uses it.",
		}
	case unreadable(e.snap) > 0:
		return "Nothing could be read", []string{"Press i to see which inputs failed, where, and why."}
	}
	if a.ended.Text != "" {
		return a.ended.empty()
	}
	if e.snap.Live && !slices.ContainsFunc(e.snap.Sources, func(s model.SourceStat) bool { return !s.Waiting }) {
		return a.waitingText(e)
	}
	if e.snap.Live {
		return "No " + noun + " yet", []string{
			"No JSON-RPC message has been seen so far.",
			"The first one shows up here by itself. Press i for the inputs, q to quit.",
		}
	}
	return "No " + noun + " yet", []string{
		"The inputs hold no JSON-RPC messages so far.",
		"Point a recorder at your processes (sessiontop record --help), or press i for the inputs.",
	}
}

// waitingText says what is waited for while no source has anything.
func (a *App) waitingText(e *env) (string, []string) {
	if a.cfg.Attached {
		return "No process is selected yet", []string{
			"None of those that run is selected by: " + a.cfg.Title,
			"One that starts later shows up here by itself. Press q to quit; sessiontop ps lists those that there are.",
		}
	}
	nothing := "There is nothing to read yet in " + a.cfg.Title + "."
	switch {
	case a.cfg.Ended != nil:
		nothing = a.cfg.Title + " has made no call yet."
	case slices.ContainsFunc(e.snap.Sources, func(s model.SourceStat) bool { return s.Read > 0 }):
		nothing = "Nothing in " + a.cfg.Title + " says so far whose log it is."
	}
	return "Waiting for logs", []string{
		nothing,
		"What appears there shows up here by itself. Press i for the inputs, q to quit.",
	}
}

// namesThere says of each field that the filter asks for a name that there is not
// which names there are.
func namesThere(filter string, s *model.Snapshot) []string {
	const most = 8
	var lines []string
	for _, word := range strings.Fields(filter) {
		word = strings.Trim(word, "()-")
		field, value, _ := strings.Cut(word, ":")
		if field += ":"; !slices.Contains([]string{"comm:", "pid:", "host:", "method:"}, field) || strings.ContainsAny(value, `*?"`) {
			continue
		}
		if slices.ContainsFunc(model.Complete(word, len(word), s), func(c model.Completion) bool { return c.Text == value }) {
			continue
		}
		var names []string
		for _, c := range model.Complete(field, len(field), s) {
			if len(names) == most {
				names = append(names, "…")
				break
			}
			names = append(names, c.Text)
		}
		if len(names) > 0 {
			lines = append(lines, "What there is of "+field+" "+strings.Join(names, ", "))
		}
	}
	return lines
}

// unreadable counts the sources that failed or held nothing usable.
func unreadable(s *model.Snapshot) int {
	n := 0
	for i := range s.Sources {
		if src := &s.Sources[i]; src.Err != "" || src.Malformed > 0 && src.Malformed == src.Lines {
			n++
		}
	}
	return n
}

// bar draws a bar that is full to percent.
func bar(r canvas.Region, percent int) {
	r.Fill(0, 0, r.W, 1, sBorder, "░")
	r.Fill(0, 0, r.W*percent/100, 1, sAccent, "█")
}
