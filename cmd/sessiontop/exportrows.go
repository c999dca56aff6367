package main

import (
	"github.com/sessiontop/sessiontop/model"
)

// The lines of an export of the other lists. Latencies are in microseconds.
type (
	sessionRecord struct {
		Session    string  `json:"session"`
		URL        string  `json:"url,omitempty"`
		Transport  string  `json:"transport"`
		Owner      int32   `json:"owner,omitempty"` // PIDs
		Sharers    []int32 `json:"sharers,omitempty"`
		Holders    []int32 `json:"holders,omitempty"`
		Opened     string  `json:"opened,omitempty"`
		First      string  `json:"first"`
		Last       string  `json:"last"`
		Closed     string  `json:"closed,omitempty"`
		InFlight   uint32  `json:"in_flight"`
		Calls      uint64  `json:"calls"`
		Errors     uint64  `json:"errors"`
		Mismatches uint64  `json:"mismatches"`
		Findings   uint64  `json:"findings"`
		latencies
	}
	processRecord struct {
		procJSON
		PPID       int32  `json:"ppid,omitempty"`
		Comm       string `json:"comm,omitempty"`
		First      string `json:"first"`
		Last       string `json:"last"`
		Forked     string `json:"forked,omitempty"`
		Exited     string `json:"exited,omitempty"`
		Code       *int64 `json:"code,omitempty"` // exit status, or minus the signal
		Children   uint32 `json:"children"`
		Owned      uint32 `json:"owned"`
		Inherited  uint32 `json:"inherited"`
		Calls      uint64 `json:"calls"`
		Errors     uint64 `json:"errors"`
		Mismatches uint64 `json:"mismatches"`
		Findings   uint64 `json:"findings"` // that name it
	}
	methodRecord struct {
		Method     string `json:"method"`
		Calls      uint64 `json:"calls"`
		Errors     uint64 `json:"errors"`
		Mismatches uint64 `json:"mismatches"`
		latencies
		Last string `json:"last"`
	}
	latencies struct {
		P50 uint32 `json:"p50_us"`
		P95 uint32 `json:"p95_us"`
		P99 uint32 `json:"p99_us"`
		Max uint32 `json:"max_us"`
	}
)

// record is a row of the screen as it is exported, nil where it is gone.
func (r *records) record(screen model.Screen, id int64) any {
	switch screen {
	case model.ScreenCalls:
		if c := r.snap.Calls.At(id); c != nil {
			return r.callRecord(c)
		}
	case model.ScreenSessions:
		if s := r.snap.Session(model.SessionID(id)); s != nil {
			return r.sessionRecord(s)
		}
	case model.ScreenProcesses:
		if p := r.snap.Process(model.ProcID(id)); p != nil {
			return r.processRecord(p)
		}
	case model.ScreenMethods:
		if id >= 0 && id < int64(len(r.snap.Methods)) {
			return r.methodRecord(&r.snap.Methods[id])
		}
	case model.ScreenFindings:
		if f := r.snap.Finding(uint64(id)); f != nil {
			return r.findingJSON(f)
		}
	}
	return nil
}

func (r *records) sessionRecord(s *model.Session) *sessionRecord {
	return &sessionRecord{
		Session: s.Conn.Label(), URL: model.RedactURL(s.Conn.URL), Transport: s.Transport.String(),
		Owner: r.snap.PID(s.Owner), Sharers: r.pids(s.Sharers), Holders: r.pids(s.Holders),
		Opened: whenJSON(s.Opened), First: timeJSON(s.First), Last: timeJSON(s.Last), Closed: whenJSON(s.Closed),
		InFlight: s.InFlight, Calls: s.Calls, Errors: s.Errors, Mismatches: s.Mismatches, Findings: s.Findings,
		latencies: latencies{s.P50, s.P95, s.P99, s.Max},
	}
}

func (r *records) processRecord(p *model.Process) *processRecord {
	out := &processRecord{
		procJSON: *r.proc(p.ID), PPID: p.Info.PPID, Comm: p.Info.Comm,
		First: timeJSON(p.First), Last: timeJSON(p.Last), Forked: whenJSON(p.Forked), Exited: whenJSON(p.Exited),
		Children: p.Children, Owned: p.Owned, Inherited: p.Inherited,
		Calls: p.Calls, Errors: p.Errors, Mismatches: p.Mismatches, Findings: r.findingsNaming(p.ID),
	}
	if !p.Alive() && p.Code != model.NoCode {
		out.Code = &p.Code
	}
	return out
}

func (r *records) methodRecord(m *model.Method) *methodRecord {
	h := &m.Latency
	return &methodRecord{
		Method: r.snap.Name(m.Sym), Calls: m.Calls, Errors: m.Errors, Mismatches: m.Mismatches, Last: timeJSON(m.Last),
		latencies: latencies{h.Quantile(0.50), h.Quantile(0.95), h.Quantile(0.99), h.Max()},
	}
}

func (r *records) pids(ids []model.ProcID) []int32 {
	var pids []int32
	for _, id := range ids {
		pids = append(pids, r.snap.PID(id))
	}
	return pids
}

// whenJSON is a time, "" where there is none.
func whenJSON(ns int64) string {
	if ns == 0 {
		return ""
	}
	return timeJSON(ns)
}
