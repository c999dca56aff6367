package main

import (
	"encoding/json"
	"strings"

	"github.com/sessiontop/sessiontop/model"
)

// callRecord is one line of an export of calls: all that is known of a call.
type callRecord struct {
	Time       string          `json:"time"` // of the request; of a reply without one, when it was read
	Replied    string          `json:"replied,omitempty"`
	GaveUp     string          `json:"gave_up,omitempty"` // when its client did
	Latency    *int64          `json:"latency_ns,omitempty"`
	State      string          `json:"state"` // as the filter's state:
	Session    string          `json:"session"`
	URL        string          `json:"url,omitempty"`
	Transport  string          `json:"transport"`
	Asker      *processRef     `json:"asker,omitempty"`
	Reader     *processRef     `json:"reader,omitempty"` // of the reply that answers it
	ID         json.RawMessage `json:"id,omitempty"`
	Method     string          `json:"method,omitempty"`
	Flags      []string        `json:"flags,omitempty"`
	Failure    string          `json:"failure,omitempty"` // why its client gave up
	Finding    string          `json:"finding,omitempty"`
	Certainty  string          `json:"certainty,omitempty"`
	Message    string          `json:"message,omitempty"` // the finding in a sentence
	RequestAt  *placeJSON      `json:"request_at,omitempty"`
	ReplyAt    *placeJSON      `json:"reply_at,omitempty"`
	Request    json.RawMessage `json:"request,omitempty"`
	Reply      json.RawMessage `json:"reply,omitempty"`
	RequestRaw string          `json:"request_raw,omitempty"` // where it is no JSON
	ReplyRaw   string          `json:"reply_raw,omitempty"`

	call *model.Call
}

type processRef struct {
	procJSON
	Comm string `json:"comm,omitempty"`
}

var stateNames = [...]string{model.Pending: "pending", model.Answered: "answered", model.Failed: "failed",
	model.Orphan: "orphan", model.LostCall: "lost"}

var flagNames = []struct {
	flag model.CallFlags
	name string
}{{model.CallBatch, "batch"}, {model.CallError, "error"}, {model.CallMismatched, "mismatch"},
	{model.CallSecret, "secret"}, {model.CallLate, "late"}}

// callRecord is the call as it is exported. Bodies that are gone are counted.
func (r *records) callRecord(c *model.Call) *callRecord {
	out := &callRecord{
		Time: timeJSON(c.Asked), State: stateNames[c.State], Session: r.label(c.Session),
		Asker: r.processRef(c.Asker), Reader: r.processRef(c.Reader), Method: r.snap.Name(c.Method),
		Failure: r.snap.Name(c.Err), RequestAt: r.placed(c.Ask), ReplyAt: r.placed(c.Reply),
		call: c,
	}
	message := c.Ask
	if c.State == model.Orphan {
		message = c.Reply
	}
	out.ID = r.rawID(c.ID, message)
	if out.Replied = whenJSON(c.Replied); c.State == model.Failed {
		out.Replied, out.GaveUp = "", out.Replied
	}
	if l := c.Latency(); l >= 0 {
		out.Latency = &l
	}
	if s := r.snap.Session(c.Session); s != nil {
		out.URL, out.Transport = model.RedactURL(s.Conn.URL), s.Transport.String()
	}
	for _, f := range flagNames {
		if c.Is(f.flag) {
			out.Flags = append(out.Flags, f.name)
		}
	}
	if f := r.snap.FindingOf(c); f != nil {
		out.Finding, out.Certainty, out.Message = f.Kind.String(), f.Certainty.String(), r.snap.Explain(f).Message
	}
	out.Request, out.RequestRaw = r.body(c.Ask)
	out.Reply, out.ReplyRaw = r.body(c.Reply)
	return out
}

func (r *records) processRef(id model.ProcID) *processRef {
	p := r.snap.Process(id)
	if p == nil {
		return nil
	}
	return &processRef{*r.proc(id), p.Info.Comm}
}

// body reads a message back: as JSON, or as text where it is none.
func (r *records) body(o model.Origin) (json.RawMessage, string) {
	if o.Len == 0 {
		return nil, ""
	}
	b, err := r.bodies.Body(o)
	switch {
	case err != nil:
		if r.gone++; r.goneWhy == nil {
			r.goneWhy = err
		}
		return nil, ""
	case json.Valid(b):
		return b, ""
	}
	return nil, strings.ToValidUTF8(string(b), "\uFFFD")
}
