package main

import (
	"bufio"
	"io"

	"github.com/sessiontop/sessiontop/model"
)

// findingJSON is one line of check --json. The names and their order are fixed.
type findingJSON struct {
	Finding   string     `json:"finding"`
	Severity  string     `json:"severity"`
	Certainty string     `json:"certainty"`
	Evidence  []string   `json:"evidence"`
	Time      string     `json:"time"`
	Session   string     `json:"session"`
	Reader    *procJSON  `json:"reader,omitempty"`
	Call      *callJSON  `json:"call,omitempty"`
	Reply     *placeJSON `json:"reply,omitempty"`
	Owner     *callJSON  `json:"owner,omitempty"`
	Message   string     `json:"message"`
	Cause     string     `json:"cause,omitempty"`
	Advice    string     `json:"advice,omitempty"`
	Users     []userJSON `json:"processes,omitempty"` // of a shared or inherited session
	Lineage   string     `json:"lineage,omitempty"`   // who opened its connection, and how the others came by it
}

// userJSON is a process of a shared or inherited session.
type userJSON struct {
	procJSON
	Comm   string `json:"comm,omitempty"`
	PPID   int32  `json:"ppid,omitempty"`
	Forked string `json:"forked,omitempty"` // when its parent forked it, if that was seen
}

// summaryJSON is the last line.
type summaryJSON struct {
	Lines     uint64            `json:"lines"`
	Malformed uint64            `json:"malformed"`
	Lost      uint64            `json:"lost"`
	Processes uint64            `json:"processes"`
	Sessions  uint64            `json:"sessions"`
	Calls     uint64            `json:"calls"`
	Replies   uint64            `json:"replies"`
	Findings  map[string]uint64 `json:"findings"`
}

// printJSON writes one line a finding, then the summary.
func printJSON(w io.Writer, r *report) error {
	out := bufio.NewWriter(w)
	enc := newJSONEncoder(out)
	for _, f := range r.findings {
		if err := enc.Encode(r.findingJSON(f)); err != nil {
			return err
		}
		for i := range r.verified[f] {
			if err := enc.Encode(r.verifyJSON(&r.verified[f][i])); err != nil {
				return err
			}
		}
	}
	for i := range r.sample {
		if err := enc.Encode(r.verifyJSON(&r.sample[i])); err != nil {
			return err
		}
	}
	t := &r.snap.Totals
	sum := summaryJSON{t.Lines, t.Malformed, t.Lost, t.Processes, t.Sessions, t.Calls, t.Replies, make(map[string]uint64)}
	for k, n := range r.counts {
		if n > 0 {
			sum.Findings[k.String()] = n
		}
	}
	if err := enc.Encode(map[string]summaryJSON{"summary": sum}); err != nil {
		return err
	}
	return out.Flush()
}

func (r *records) findingJSON(f *model.Finding) *findingJSON {
	words := r.snap.Explain(f)
	out := &findingJSON{
		Finding:   f.Kind.String(),
		Severity:  f.Severity().String(),
		Certainty: f.Certainty.String(),
		Evidence:  f.Evidence.Names(),
		Time:      timeJSON(f.Time),
		Session:   r.label(f.Session),
		Reader:    r.proc(f.Reader),
		Call:      r.callJSON(&f.Call),
		Reply:     r.placed(f.Reply),
		Owner:     r.callJSON(&f.Owner),
		Message:   words.Message,
		Advice:    words.Advice,
		Lineage:   words.Cause,
	}
	for _, id := range r.snap.Users(f) {
		if p := r.snap.Process(id); p != nil {
			out.Users = append(out.Users, userJSON{*r.proc(id), p.Info.Comm, p.Info.PPID, whenJSON(p.Forked)})
		}
	}
	if out.Evidence == nil {
		out.Evidence = []string{}
	}
	if f.Cause != model.NoFinding {
		out.Cause = f.Cause.String()
	}
	return out
}
