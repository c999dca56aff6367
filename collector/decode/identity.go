package decode

import (
	"bytes"

	"github.com/sessiontop/sessiontop/model"
)

const (
	maxText       = 1024    // bytes kept of a host, an address, a URL …
	maxRuns       = 16      // pieces in which a line's identity may lie to be looked up
	maxIdentity   = 4096    // bytes of text of an identity that is kept for the next line
	maxIdentities = 4096    // how many are kept, and
	maxTexts      = 1 << 20 // bytes of their texts; past either the cache starts again
)

// identity is what a line's identity fields say.
type identity struct {
	text    []byte // those members as they stand in the line
	runs    []run  // the same in its pieces
	proc    *model.ProcInfo
	conn    *model.ConnInfo
	session bool // the line has fields of a session
}

// identities shares the identities of lines whose identity fields are the same
// bytes. Nearly always they are those of the process's last line.
type identities struct {
	last   *identity     // the last line's
	recent [64]*identity // by PID
	all    map[string]*identity
	bytes  int    // of the texts in all
	text   []byte // of the line, put together
}

func newIdentities() identities {
	return identities{last: &identity{}, all: make(map[string]*identity)}
}

// identity is who wrote the line and on which session; nil where a field is
// not what it must be, and the fault is kept.
func (d *Decoder) identity(pid int32) *identity {
	if d.guessed == len(d.runs) && d.guessed == len(d.who.last.runs) {
		return d.who.last
	}
	recent := &d.who.recent[uint32(pid)%uint32(len(d.who.recent))]
	if *recent != nil && d.same((*recent).text) {
		d.who.last = *recent
		return *recent
	}
	if len(d.runs) > maxRuns {
		return d.newIdentity(pid)
	}
	key := d.who.text[:0]
	for _, r := range d.runs {
		key = append(key, d.b[r.start:min(r.end, r.start+maxIdentity+1)]...)
	}
	d.who.text = key
	if len(key) > maxIdentity {
		return d.newIdentity(pid)
	}
	id := d.who.all[string(key)]
	if id == nil {
		if id = d.newIdentity(pid); id == nil {
			return nil
		}
		id.text = bytes.Clone(key)
		id.runs = d.layout(id.text)
		d.who.keep(id)
	}
	*recent, d.who.last = id, id
	return id
}

// keep puts an identity into all.
func (w *identities) keep(id *identity) {
	if w.bytes += len(id.text); len(w.all) >= maxIdentities || w.bytes > maxTexts {
		clear(w.all)
		w.bytes = len(id.text)
	}
	w.all[string(id.text)] = id
}

// same says whether the line's identity fields are these bytes.
func (d *Decoder) same(text []byte) bool {
	for _, r := range d.runs {
		n := r.end - r.start
		if n > len(text) || !bytes.Equal(d.b[r.start:r.end], text[:n]) {
			return false
		}
		text = text[n:]
	}
	return len(text) == 0
}

// newIdentity reads the identity fields.
func (d *Decoder) newIdentity(pid int32) *identity {
	ok := true
	str := func(f field) string {
		raw := d.raw(f)
		switch {
		case raw == nil:
			return ""
		case raw[0] != '"':
			ok = ok && d.wrong(badText, f)
			return ""
		}
		return string(cut(text(raw, d.scratch[:0]), maxText))
	}
	num := func(f field) uint64 {
		n, fits := d.integer(f)
		ok = ok && fits
		return uint64(n)
	}
	id := &identity{
		proc: &model.ProcInfo{
			Host: str(fHost), Comm: str(fComm), PID: pid,
			PPID: int32(num(fPPID)), NSPID: int32(num(fNSPID)), Start: num(fStart),
		},
		conn: &model.ConnInfo{
			Cookie: num(fCookie), Ino: num(fIno),
			Local: str(fLocal), Peer: str(fPeer), URL: str(fURL), Name: str(fSess), Client: str(fClient),
			Opener: int32(num(fOpener)),
		},
	}
	for f := range numIdentity {
		id.session = id.session || onSession>>f&1 != 0 && d.raw(f) != nil
	}
	id.conn.Identify(id.proc.Host, pid)
	// The recorder should have. The key is of what it wrote, so that two names
	// that differ in a secret alone stay two sessions.
	id.conn.URL = model.RedactURL(id.conn.URL)
	for _, s := range [...]*string{&id.conn.Name, &id.conn.Local, &id.conn.Peer} {
		*s = model.RedactText(*s)
	}
	if !ok {
		return nil
	}
	return id
}
