package ui

import (
	"strings"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/pretty"
)

// decisive is the lines of a message that the finding rests on.
func decisive(e *env, f *model.Finding, role partRole, d *document) map[int]bool {
	flags := make(map[int]bool)
	if !d.isJSON || role == partOwner {
		return flags
	}
	asked := askedValues(e, f)
	for i := range min(len(d.lines), mostLines) {
		line := d.line(i)
		key, value := field(line)
		top := strings.HasPrefix(line, `  "`)
		switch {
		case top && key == "id":
			flags[i] = f.Evidence&model.EvidenceID != 0
		case top && key == "method" && role == partAsked, top && key == "result" && role == partGot:
			flags[i] = f.Evidence&model.EvidenceType != 0
		case top && key == "params" && role == partAsked:
			flags[i] = f.Evidence&model.EvidenceEcho != 0
		case f.Evidence&model.EvidenceEcho != 0 && role == partGot && echoes(key) && value != "":
			flags[i] = alike(asked, value) && !asked[value]
		}
	}
	return flags
}

// echoes says that a field of a result names what was asked for.
func echoes(key string) bool {
	switch key {
	case "number", "hash", "blockNumber", "blockHash", "transactionHash", "address":
		return true
	}
	return false
}

// alike says that something of the same kind was asked for: a number, an
// address or a hash, which differ in length.
func alike(asked map[string]bool, value string) bool {
	const number = 2 + 32
	for a := range asked {
		if len(a) == len(value) || len(a) <= number && len(value) <= number {
			return true
		}
	}
	return false
}

// askedValues is the strings in the request that the reader had made.
func askedValues(e *env, f *model.Finding) map[string]bool {
	d := e.bodies.of(f.Call.Origin)
	if d == nil || !d.isJSON {
		return nil
	}
	values := make(map[string]bool)
	for i := range min(len(d.lines), mostLines) {
		for _, s := range pretty.Spans(d.line(i)) {
			if s.Kind == pretty.String && strings.HasPrefix(s.Text, `"0x`) {
				values[strings.Trim(s.Text, `"`)] = true
			}
		}
	}
	return values
}

// field is the key and the string value of a line of indented JSON.
func field(line string) (key, value string) {
	for _, s := range pretty.Spans(line) {
		switch s.Kind {
		case pretty.Key:
			key = strings.Trim(s.Text, `"`)
		case pretty.String:
			value = strings.Trim(s.Text, `"`)
		}
	}
	return key, value
}

// jsonLine draws a line of indented JSON in colour, with hex quantities in
// words behind it. A flagged one is marked.
func jsonLine(r canvas.Region, line string, flagged, isJSON bool) {
	x := 0
	if flagged {
		r.Text(0, 0, sBad, "▶")
	}
	x = 2
	if !isJSON {
		r.Cut(x, 0, r.W-x, sText, line)
		return
	}
	spans := pretty.Spans(line)
	end := x
	for i, s := range spans {
		st := jsonStyle(s.Kind)
		if flagged && s.Kind != pretty.Punct {
			st = sFlagged
		}
		if i == len(spans)-1 || end+len(s.Text) >= r.W {
			end = r.Cut(end, 0, r.W-end, st, s.Text)
			break
		}
		end = r.Text(end, 0, st, s.Text)
	}
	key, value := field(line)
	if words := pretty.Decode(key, value); words != "" && end+4 < r.W {
		r.Cut(end+2, 0, r.W-end-2, sNote, words)
	}
}

func jsonStyle(k pretty.Kind) canvas.Style {
	switch k {
	case pretty.Key:
		return sJSONKey
	case pretty.String:
		return sJSONString
	case pretty.Number:
		return sJSONNumber
	case pretty.Literal:
		return sJSONLiteral
	}
	return sJSONPunct
}
