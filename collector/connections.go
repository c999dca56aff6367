package collector

import (
	"io"
	"os"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/model"
)

// A capture of packets is held against the connections that the session logs
// name: what passed on those, the logs tell themselves.

// tellConnections reads the session logs for the connections that they name,
// before what joins them is planned.
func (f *Files) tellConnections(files []*feed, plans []plan) {
	d := decode.New(f.opt.Strings, f.opt.Dialect)
	var out decode.Out
	for i, file := range files {
		if file.foreign() {
			continue
		}
		r, end, err := plans[i].content(file)
		if err != nil {
			continue // who reads it says why
		}
		lines := &stretch{r: r, source: file.ID(), end: end, size: blockSize}
		for b, err := lines.Next(); err == nil; b, err = lines.Next() {
			out.Reset()
			d.Block(b.Source, b.Offset, b.Data, &out)
			f.nameConnections(out.Events)
		}
		if plans[i].spool == nil {
			r.Close()
		}
	}
}

// content is what a plain file, or the spool of another, has now.
func (p *plan) content(file *feed) (*os.File, int64, error) {
	if p.spool != nil {
		if p.spool.file == nil {
			return nil, 0, io.EOF
		}
		return p.spool.file, p.spool.size, nil
	}
	r, err := os.Open(file.Info().Path)
	if err != nil {
		return nil, 0, err
	}
	st, err := r.Stat()
	if err != nil || !st.Mode().IsRegular() {
		r.Close()
		return nil, 0, io.EOF
	}
	return r, st.Size(), nil
}

// nameConnections notes which connections the events name.
func (f *Files) nameConnections(events []model.Event) {
	for i := range events {
		if c := events[i].Conn; c != nil && c.Local != "" {
			f.calls.Name(c.Local, c.Peer, events[i].Time)
		}
	}
}
