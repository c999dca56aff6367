// Package geth reads the lines in which a node tells of the requests it has
// served, as text or JSON: geth's, at --verbosity 4 or --vmodule rpc=4
//
//	DEBUG[11-23|04:57:15.058] Served eth_accounts    conn=127.0.0.1:48782 reqid=0 duration="56.684µs"
//
// and Erigon's, of the same descent. conn is the client's end of the
// connection. The node knows no processes; the clients' logs do (foreign.Calls).
// A request that is found in both, by method, id and time, and could be no other
// call, shows a process on a connection: so the node's log proves that two of
// them share one.
package geth

import (
	"bytes"
	"math"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/record"
)

// Format is the format of geth's and Erigon's logs.
func Format() foreign.Format {
	return foreign.Format{
		Name:  "geth",
		What:  "geth's or Erigon's log, for its Served lines",
		Sniff: sniff,
		Joins: true,
		New: func(out *foreign.Lines, src foreign.Source) foreign.Translator {
			t := &translator{out: out, calls: src.Calls, parser: parser{src.Modified}, failed: map[string]served{}}
			return foreign.NewSplitter(out, t.line, t.end).OnIdle(func() { t.join(math.MaxInt64) })
		},
	}
}

func sniff(head []byte) bool {
	for line := range bytes.Lines(head) {
		if text.Match(line) || isJSON(line) {
			return true
		}
	}
	return false
}

// isJSON says that a line has the keys of every record of geth's and Erigon's.
func isJSON(line []byte) bool {
	return bytes.HasPrefix(line, []byte("{")) && bytes.Contains(line, []byte(`"t":"`)) &&
		bytes.Contains(line, []byte(`"lvl":"`)) && bytes.Contains(line, []byte(`"msg":"`))
}

// translator finds out who was on which connection.
type translator struct {
	parser
	out    *foreign.Lines
	calls  *foreign.Calls
	any    bool              // a Served line was there
	failed map[string]served // by connection: requests of which a second line may come
	held   []served          // what the clients' logs may not tell of yet
	newest int64
	found  []sighting
	sure   bool // enough was found for the clocks to agree
}

// sighting is a process seen on a connection.
type sighting struct {
	served
	foreign.Call
}

const (
	// patience is for how long what clients' logs say is waited for, in the
	// log's time: they tell of a call when it is over.
	patience = int64(3e9)
	// maxHeld bounds the requests that wait.
	maxHeld = 1 << 16
	// maxFailed bounds the connections whose last request failed.
	maxFailed = 1 << 12
	// enough is how many requests must be found in both logs: if the clocks
	// differ, hardly any are.
	enough = 4
)

func (t *translator) line(off int64, line []byte) {
	s, ok := t.parser.line(line)
	if !ok {
		return
	}
	t.any = true
	s.offset = off
	if s.time == 0 {
		t.out.Bad(off, "a Served line without its time: Erigon 2 writes one in text, and none in JSON")
		return
	}
	if t.again(s) {
		return
	}
	t.newest = max(t.newest, s.time)
	t.held = append(t.held, s)
	if t.held[0].time < t.newest-patience || len(t.held) > maxHeld {
		t.join(t.newest - patience)
	}
}

// again says whether the line is the second about a request that failed.
func (t *translator) again(s served) bool {
	f, ok := t.failed[s.conn]
	if delete(t.failed, s.conn); ok && !s.failed && f.method == s.method && f.id == s.id {
		return true
	}
	if s.failed {
		if len(t.failed) >= maxFailed {
			clear(t.failed)
		}
		t.failed[s.conn] = s
	}
	return false
}

// join looks for the requests that were served by the time until.
func (t *translator) join(until int64) {
	n := 0
	for n < len(t.held) && (t.held[n].time <= until || len(t.held)-n > maxHeld) {
		s := t.held[n]
		if call, ok := t.calls.Served(s.method, s.id, s.time); ok {
			t.found = append(t.found, sighting{s, call})
		}
		n++
	}
	t.held = append(t.held[:0], t.held[n:]...)
	if t.sure = t.sure || len(t.found) >= enough; !t.sure {
		return
	}
	for _, s := range t.found {
		t.out.At(s.offset)
		t.out.Put(record.Record{
			Process: record.Process{PID: s.PID}, Time: s.time, Event: record.Send, Part: true,
			Conn: record.Conn{Local: s.conn, Peer: s.Peer}, Client: s.Client,
		})
	}
	t.found = t.found[:0]
}

func (t *translator) end() {
	t.join(math.MaxInt64)
	if !t.any {
		t.out.Bad(0, "a log without Served lines: geth writes them with --verbosity 4 or --vmodule rpc=4")
	}
}
