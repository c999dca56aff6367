package main

import (
	"bufio"
	"encoding/json"
	"io"
	"time"

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
}

type procJSON struct {
	Host string `json:"host"`
	PID  int32  `json:"pid"`
}

type placeJSON struct {
	File   string `json:"file"`
	Offset int64  `json:"offset"`
}

type callJSON struct {
	PID    int32           `json:"pid"`
	ID     json.RawMessage `json:"id,omitempty"`
	Method string          `json:"method"`
	placeJSON
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
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, f := range r.findings {
		if err := enc.Encode(r.findingJSON(f)); err != nil {
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

func (r *report) findingJSON(f *model.Finding) *findingJSON {
	words := r.snap.Explain(f)
	out := &findingJSON{
		Finding:   f.Kind.String(),
		Severity:  f.Severity().String(),
		Certainty: f.Certainty.String(),
		Evidence:  f.Evidence.Names(),
		Time:      time.Unix(0, f.Time).UTC().Format(time.RFC3339Nano),
		Session:   r.label(f.Session),
		Call:      r.callJSON(&f.Call),
		Owner:     r.callJSON(&f.Owner),
		Message:   words.Message,
		Advice:    words.Advice,
	}
	if out.Evidence == nil {
		out.Evidence = []string{}
	}
	if p := r.snap.Process(f.Reader); p != nil {
		out.Reader = &procJSON{p.Info.Host, p.Info.PID}
	}
	if f.Reply.Len > 0 {
		place := r.place(f.Reply)
		out.Reply = &place
	}
	if f.Cause != model.NoFinding {
		out.Cause = f.Cause.String()
	}
	return out
}

// label is the session's name.
func (r *report) label(id model.SessionID) string {
	if s := r.snap.Session(id); s != nil {
		return s.Conn.Label()
	}
	return ""
}

func (r *report) callJSON(c *model.CallRef) *callJSON {
	if !c.Known() {
		return nil
	}
	return &callJSON{r.snap.PID(c.Proc), r.rawID(c), r.snap.Name(c.Method), r.place(c.Origin)}
}

// rawID is the call's id as JSON, read back where the model does not hold it;
// nil where it is gone.
func (r *report) rawID(c *model.CallRef) json.RawMessage {
	if s := c.ID.String(); s != "" {
		return json.RawMessage(s)
	}
	if c.ID.Kind != model.IDText {
		return nil
	}
	body, err := r.bodies.Body(c.Origin)
	if err != nil {
		return nil
	}
	var m struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(body, &m) != nil {
		return nil
	}
	return m.ID
}

// place is where something was read.
func (r *report) place(o model.Origin) placeJSON {
	return placeJSON{r.files[o.Source], o.Offset}
}
