// Package urllib3 reads the DEBUG lines of urllib3 (logger
// urllib3.connectionpool; 1.26 and 2 write the same), which tell when a process
// opens a connection and when it uses one. They name neither port, id nor body.
//
// A process that sends without having opened a connection uses one that it
// inherited: its parent's, where the same log has the parent.
package urllib3

import (
	"bytes"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/pylog"
	"github.com/sessiontop/sessiontop/collector/record"
)

// Format is the format of urllib3's lines alone; where web3.py's stand among
// them it is web3py's.
func Format() foreign.Format {
	return foreign.Format{
		Name:  "urllib3",
		What:  "urllib3's DEBUG logging, with %(process)d",
		Sniff: func(head []byte) bool { return Find(head) >= 0 },
		New: func(out *foreign.Lines, src foreign.Source) foreign.Translator {
			t := &translator{out: out, heads: pylog.NewParser(src), Conns: NewConns()}
			return foreign.NewSplitter(out, t.line, nil)
		},
	}
}

// translator turns the lines of urllib3 into sessions: what was opened by whom,
// and who used it.
type translator struct {
	*Conns
	out   *foreign.Lines
	heads *pylog.Parser
}

func (t *translator) line(off int64, line []byte) {
	at := Find(line)
	if at < 0 {
		return
	}
	head, why := t.heads.Head(line[:at])
	if why != "" {
		t.out.Bad(off, "%s", why)
		return
	}
	if n := t.Note(head, line[at:]); n.Session.Name != "" {
		t.out.Put(n.Record(head))
	}
}

// Note is what a line says: on which session, and whether it was opened just
// now or used; or that the process found its connection dropped and opens
// another with the request at hand.
type Note struct {
	Session
	Opened  bool
	Dropped bool
}

// Record is the note as an event of the process: a message was sent of which
// the log does not have the bytes, or the connection was opened.
func (n Note) Record(h pylog.Head) record.Record {
	r := n.Put(record.Record{
		Process: record.Process{PID: h.PID}, Time: h.Time, Event: record.Send, Part: true, Client: "urllib3",
	})
	if n.Opened {
		r.Event, r.Part = record.Open, false
	}
	return r
}

// The texts of urllib3/connectionpool.py.
var (
	opening   = []byte("Starting new HTTP")            // [S] connection (%d): %s:%s
	resetting = []byte("Resetting dropped connection") // : %s
	quoted    = []byte(` HTTP/1.`)                     // %s://%s:%s "%s %s %s" %s %s
	scheme    = []byte("http")
)

// Find is where the message of urllib3 begins in the line, -1 where there is
// none.
func Find(line []byte) int {
	for _, text := range [][]byte{opening, resetting} {
		if i := bytes.Index(line, text); i >= 0 {
			return i
		}
	}
	end := bytes.Index(line, quoted)
	if end < 0 {
		return -1
	}
	from := bytes.LastIndexByte(line[:end], '\n') + 1 // line may be several
	for i := from; ; {
		k := bytes.Index(line[i:end], scheme)
		if k < 0 {
			return -1
		}
		i += k
		if endpoint, rest := cutEndpoint(line[i:]); endpoint != "" && bytes.HasPrefix(rest, []byte(` "`)) {
			return i
		}
		i += len(scheme)
	}
}

// Note takes in a message that Find has found. The note has no session where the
// line says nothing of one.
func (c *Conns) Note(h pylog.Head, message []byte) Note {
	c.Seen(h)
	switch {
	case bytes.HasPrefix(message, opening):
		if _, host, ok := bytes.Cut(message, []byte("): ")); ok {
			host := string(firstWord(host))
			url := "http://" + host
			if message[len(opening)] == 'S' {
				url = "https://" + host
			}
			return Note{Session: c.open(h, host, url), Opened: true}
		}
	case bytes.HasPrefix(message, resetting):
		if _, host, ok := bytes.Cut(message, []byte(": ")); ok {
			c.dropped(h, string(firstWord(host)))
			return Note{Dropped: true}
		}
	default:
		endpoint, _ := cutEndpoint(message)
		return Note{Session: c.Use(h, endpoint)}
	}
	return Note{}
}

// cutEndpoint splits "http://host:port rest" and returns "host:port", "" where
// it is no such thing.
func cutEndpoint(b []byte) (endpoint string, rest []byte) {
	word := firstWord(b)
	_, host, ok := bytes.Cut(word, []byte("://"))
	if !ok || bytes.IndexByte(host, ':') < 0 || bytes.IndexByte(host, '/') >= 0 {
		return "", nil
	}
	return string(host), b[len(word):]
}

const maxHost = 256

// firstWord is what stands before the first space.
func firstWord(b []byte) []byte {
	if i := bytes.IndexAny(b, " \t\r\n"); i >= 0 {
		b = b[:i]
	}
	return b[:min(len(b), maxHost)]
}
