package ui

import (
	"strconv"
	"strings"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/table"
)

// findingsScreen lists findings: what happened, in a sentence.
func findingsScreen() kind {
	return kind{
		screen: model.ScreenFindings, title: "Findings", short: "Finds", one: "finding",
		columns: []table.Column{
			{Key: "severity", Title: "!", Min: 1},
			{Key: "time", Title: "FIRST UTC", Min: 12},
			{Key: "last", Title: "LAST", Min: 12, Prio: 6},
			{Key: "kind", Title: "KIND", Min: 17},
			{Key: "certainty", Title: "CERTAINTY", Min: 9, Prio: 4},
			{Key: "message", Title: "WHAT HAPPENED", Min: 36, Max: 200},
			{Key: "count", Title: "COUNT", Min: 5, Right: true, Prio: 3},
		},
		draw: findingCell, serial: bySlot,
	}
}

func findingCell(_ *env, l *list, r canvas.Region, i int, col string) {
	f := l.snap.Finding(uint64(l.rows.At(i)))
	if f == nil {
		return
	}
	switch col {
	case "severity":
		sign, st := severity(f)
		r.Text(0, 0, st, sign)
	case "time":
		r.Text(0, 0, sDim, clock(f.Time, 3))
	case "last":
		r.Text(0, 0, sDim, clock(max(f.Last, f.Time), 3))
	case "kind":
		_, st := severity(f)
		r.Cut(0, 0, r.W, st, f.Kind.String())
	case "certainty":
		r.Cut(0, 0, r.W, certainty(f), f.Certainty.String())
	case "message":
		r.Cut(0, 0, r.W, sText, brief(l.snap, f))
	case "count":
		if f.Count > 0 {
			r.Right(0, 0, r.W, sText, count(uint64(f.Count), r.W))
		}
	}
}

// severity is the sign and the colour of a finding.
func severity(f *model.Finding) (string, canvas.Style) {
	if f.Severity() == model.Warning {
		return "!", sWarn
	}
	return "✗", sBad
}

func certainty(f *model.Finding) canvas.Style {
	if f.Certainty == model.Proven {
		return sText
	}
	return sDim
}

// brief is what happened in a sentence that begins with who: what is cut off at
// the end of a line says the least.
func brief(s *model.Snapshot, f *model.Finding) string {
	reader, method := pidText(s, f.Reader), s.Name(f.Call.Method)
	switch {
	case f.Kind == model.SwappedReply && f.Owner.Known():
		text := reader + " read " + pidText(s, f.Owner.Proc) + "'s reply: " + s.Name(f.Owner.Method)
		if f.Call.Known() {
			text += ", asked " + method
		}
		return text
	case f.Kind == model.InheritedSession && f.Other != model.NoProc:
		if x := s.Session(f.Session); x != nil && x.Is(model.SessionWire) {
			switch {
			case len(x.Sharers) > 0:
				return reader + " uses " + pidText(s, f.Other) + "'s connection"
			case len(x.Holders) > 1:
				return pidText(s, x.Holders[0]) + " and " + strconv.Itoa(len(x.Holders)-1) + " more hold " + pidText(s, f.Other) + "'s connection, not used yet"
			}
			return reader + " holds " + pidText(s, f.Other) + "'s connection, not used yet"
		}
	case f.Kind == model.LostReply && f.Other != model.NoProc:
		return reader + " lost its reply to " + pidText(s, f.Other) + ": " + method
	}
	text := s.Explain(f).Message
	for _, word := range []string{"PIDs ", "PID "} {
		text = strings.TrimPrefix(text, word)
	}
	return text
}

// idOf is an id for a sentence.
func idOf(id model.ID, otherwise string) string {
	switch {
	case id.String() != "":
		return id.String()
	case otherwise != "":
		return otherwise
	case id.Kind == model.IDAbsent:
		return "none"
	}
	return "#" + strconv.FormatUint(id.Val%10000, 10)
}
