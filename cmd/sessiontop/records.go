package main

import (
	"encoding/json"
	"time"

	"github.com/sessiontop/sessiontop/model"
)

// records turns rows of a snapshot into JSON, with the names that check --json
// has fixed.
type records struct {
	snap   *model.Snapshot
	bodies model.Bodies
	files  map[uint32]string // names of the sources
	named  []model.Named     // what the findings say of each process, by its slot; nil: not asked yet

	gone    uint64 // messages that could not be read back
	goneWhy error  // the first
}

func newRecords(snap *model.Snapshot, bodies model.Bodies) *records {
	r := &records{snap: snap, bodies: bodies, files: make(map[uint32]string)}
	for i := range snap.Sources {
		r.files[snap.Sources[i].ID] = snap.Sources[i].Name
	}
	return r
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

func timeJSON(ns int64) string { return time.Unix(0, ns).UTC().Format(time.RFC3339Nano) }

// label is the session's name.
func (r *records) label(id model.SessionID) string {
	if s := r.snap.Session(id); s != nil {
		return s.Conn.Label()
	}
	return ""
}

func (r *records) proc(id model.ProcID) *procJSON {
	if p := r.snap.Process(id); p != nil {
		return &procJSON{p.Info.Host, p.Info.PID}
	}
	return nil
}

// findingsNaming is how many findings name the process, as its screen counts them.
func (r *records) findingsNaming(p model.ProcID) uint64 {
	if r.named == nil {
		r.named = r.snap.NamedProcesses()
	}
	return r.named[p].Findings
}

func (r *records) callJSON(c *model.CallRef) *callJSON {
	if !c.Known() {
		return nil
	}
	return &callJSON{r.snap.PID(c.Proc), r.rawID(c.ID, c.Origin), r.snap.Name(c.Method), r.place(c.Origin)}
}

// rawID is an id as JSON, read back from its message where the model does not
// hold it; nil where it is gone.
func (r *records) rawID(id model.ID, message model.Origin) json.RawMessage {
	if s := id.String(); s != "" {
		return json.RawMessage(s)
	}
	if id.Kind != model.IDText {
		return nil
	}
	all, err := r.messages(message)
	if err != nil || len(all) == 0 {
		return nil
	}
	return all[0].ID
}

// place is where something was read.
func (r *records) place(o model.Origin) placeJSON {
	at := placeJSON{r.files[o.Source], o.Offset}
	if files, ok := r.bodies.(interface{ Place(model.Origin) int64 }); ok {
		at.Offset = files.Place(o) // in the log, if another program wrote it
	}
	return at
}

// placed is place, nil where nothing was read.
func (r *records) placed(o model.Origin) *placeJSON {
	if o.Len == 0 {
		return nil
	}
	p := r.place(o)
	return &p
}
