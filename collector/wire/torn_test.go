package wire

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// by is s, moved by another process.
func by(pid int32, s said) said {
	s.pid = pid
	return s
}

type part struct {
	PID      int32
	Off, Len int64
}

func parts(m Message) (p []part) {
	for _, x := range m.Pieces {
		p = append(p, part{x.PID, x.Off, x.Len})
	}
	return p
}

// TestTornReply: two processes each read a part of one reply, then a whole one.
func TestTornReply(t *testing.T) {
	reply := ok(reply1)
	n := int64(len(reply))
	all, _ := talk(t, Options{}, wholeWrites,
		by(1, sent(post(ask1))), by(2, sent(post(ask1))),
		by(1, received(reply[:50])), by(2, received(reply[50:], reply)))
	if len(all) != 4 {
		t.Fatalf("%d messages", len(all))
	}
	if m := all[2]; !m.Torn() || string(m.Body) != reply1 || m.First.Time != 3 || m.Last.Time != 4 {
		t.Errorf("torn reply: %+v", m)
	}
	if d := cmp.Diff([]part{{1, 0, 50}, {2, 50, n - 50}}, parts(all[2])); d != "" {
		t.Error(d)
	}
	if m := all[3]; m.Torn() || m.Pieces[0].PID != 2 || m.Off != n || m.First.Time != 4 {
		t.Errorf("whole reply: %+v", m)
	}
}

// TestInterleavedWrites: two processes write header and body separately, into
// each other. The server takes the second header for the first one's body; but
// what each has asked can be told.
func TestInterleavedWrites(t *testing.T) {
	request := post(ask1, "Content-Type: application/json\r\n")
	k := len(request) - len(ask1)
	header := request[:k]
	if k < len(ask1) {
		t.Fatal("the header must be longer than the body")
	}
	bad := "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
	all, loss := talk(t, Options{}, wholeWrites,
		by(1, sent(request)), by(1, received(ok(reply1))),
		by(1, sent(header)), by(2, sent(header)), by(1, sent(ask1)), by(2, sent(ask1)),
		by(1, received(bad)),
		by(2, sent(request)), by(2, received(ok(reply1))))
	var have []got
	for _, m := range all {
		have = append(have, simple(m))
	}
	asked := got{Dir: Sent, Proto: HTTP1, Body: ask1, Flags: RPC}
	answered := got{Dir: Received, Proto: HTTP1, Body: reply1, Status: 200, Flags: RPC}
	want := []got{asked, answered, asked, asked,
		{Dir: Received, Proto: HTTP1, Status: 400, Flags: RPC | NotJSON}, asked, answered}
	if d := cmp.Diff(want, have); d != "" {
		t.Fatal(d)
	}
	at, n, h := int64(len(request)), int64(len(ask1)), int64(k)
	for i, off := range []int64{at, at + h} {
		m := all[2+i]
		if m.Torn() || m.Off != off || m.End != off+2*h+n-int64(i)*(h-n) || m.BodyOff != at+2*h+int64(i)*n {
			t.Errorf("request %d: %d..%d, body at %d, parts %v", i, m.Off, m.End, m.BodyOff, parts(m))
		}
		if d := cmp.Diff([]part{{int32(1 + i), off, h + n}}, parts(m)); d != "" {
			t.Error(d)
		}
	}
	if loss != (Loss{}) {
		t.Errorf("loss %+v", loss)
	}
}

// TestInterleavedPieces: the same in any number of writes of any number of
// processes gives what each wrote.
func TestInterleavedPieces(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 3))
		rest := map[int32]string{}
		want := map[int32][]string{}
		for pid := range int32(1 + r.IntN(5)) {
			for i := range 3 {
				ask := padded(i, r.IntN(300))
				want[pid] = append(want[pid], ask)
				rest[pid] += post(ask)
			}
		}
		have := map[int32][]string{}
		a := New(Options{})
		emit := func(m Message) {
			if m.Flags != RPC || m.Torn() {
				t.Fatalf("seed %d: %+v", seed, m)
			}
			have[m.Pieces[0].PID] = append(have[m.Pieces[0].PID], string(m.Body))
		}
		for len(rest) > 0 {
			pids := slices.Sorted(maps.Keys(rest))
			pid := pids[r.IntN(len(pids))]
			n := min(len(rest[pid]), 6+r.IntN(200)) // a write begins with its method
			a.Feed(Chunk{Conn: 1, Dir: Sent, PID: pid, Data: []byte(rest[pid][:n])}, emit)
			if rest[pid] = rest[pid][n:]; rest[pid] == "" {
				delete(rest, pid)
			}
		}
		if loss := a.Close(1, emit); loss != (Loss{}) {
			t.Errorf("seed %d: loss %+v", seed, loss)
		}
		if d := cmp.Diff(want, have); d != "" {
			t.Fatalf("seed %d: %s", seed, d)
		}
	}
}

// TestTornJSON: a process goes on with what another began, which is no JSON.
func TestTornJSON(t *testing.T) {
	torn := ask1[:40] + "\"" + ask1
	all, loss := talk(t, Options{}, wholeWrites, by(1, sent(ask1)), by(2, sent(ask1[:40])), by(1, sent("\""+ask1)), by(1, sent("\n"+ask1)))
	if len(all) != 3 || all[1].Flags != RPC|Malformed|NotJSON || !all[1].Torn() || string(all[2].Body) != ask1 {
		t.Fatalf("%+v", all)
	}
	if n := uint64(len(torn) + 1 - len(all[1].Body)); loss.Skipped != n || loss.Resyncs != 1 {
		t.Errorf("loss %+v, want %d skipped", loss, n)
	}
}

// TestAttach begins in the middle of a conversation.
func TestAttach(t *testing.T) {
	compressed := new(deflater)
	tests := map[string]struct {
		talk    []said
		want    []string
		skipped uint64
	}{
		"HTTP/1.1, within a request": {
			[]said{sent(`":[]}`), received(ok(reply1)), sent(post(ask1)), received(ok(reply1))},
			[]string{reply1, ask1, reply1}, 5,
		},
		"HTTP/1.1, within a reply that a read of two goes on with": {
			[]said{received(`sult":true}`, ok(reply1)), sent(post(ask1))}, []string{reply1, ask1}, 11,
		},
		"HTTP/1.1, after a header": {
			[]said{sent(ask1), received(ok(reply1)), sent(post(ask1)), received(ok(reply1))},
			[]string{ask1, reply1, ask1, reply1}, 0,
		},
		"JSON": {
			[]said{sent(`ounts"}`), received(reply1), sent(ask1), received(reply1)}, []string{reply1, ask1, reply1}, 7,
		},
		"JSON, within one read": {
			[]said{received(`":true}`, "\n", reply1, reply1)}, []string{reply1, reply1}, 8,
		},
		"Content-Length": {
			[]said{received(`":true}`, "Content-Length: 38\r\n\r\n", reply1)}, []string{reply1}, 7,
		},
		"WebSocket": {
			[]said{sent(wsFrameOf(Sent, 0x81, ask1)), received(wsFrameOf(Received, 0x81, reply1), wsFrameOf(Received, 0x89, ""))},
			[]string{ask1, reply1}, 0,
		},
		"WebSocket, within a frame": {
			[]said{received(wsFrameOf(Received, 0x81, reply1)), sent(wsFrameOf(Sent, 0x81, ask1)[9:]), sent(wsFrameOf(Sent, 0x81, ask1))},
			[]string{reply1, ask1}, uint64(len(ask1) + 6 - 9),
		},
		"WebSocket, compressed": {
			[]said{
				sent(wsFrameOf(Sent, 0x81, ask1)),
				received(wsFrameOf(Received, 0xc1, compressed.pack(t, reply1, true))),
			},
			[]string{ask1, reply1}, 0,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			all, loss := talk(t, Options{}, wholeWrites, test.talk...)
			var have []string
			for _, m := range all {
				have = append(have, string(m.Body))
				if m.Flags != RPC {
					t.Errorf("flags %b of %s", m.Flags, m.Body)
				}
			}
			if d := cmp.Diff(test.want, have); d != "" {
				t.Error(d)
			}
			if loss.Skipped != test.skipped {
				t.Errorf("loss %+v, want %d skipped", loss, test.skipped)
			}
		})
	}
}

// TestGap loses bytes of a reply in the middle of a conversation.
func TestGap(t *testing.T) {
	big := `{"jsonrpc":"2.0","id":1,"result":"` + strings.Repeat("a", 1000) + `"}`
	jsonMessage := func(s string) string { return s }
	frame := func(s string) string { return wsFrameOf(Received, 0x81, s) }
	chunkedReply := func(s string) string {
		return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(s, 700)
	}
	whole := func(s string) string { return ok(s) }
	tests := map[string]struct {
		before   []said
		message  func(string) string
		from, to int // what is lost of the message; to < 0: counted from its end
		known    bool
		missing  int64
		body     int // bytes of the body that are there
	}{
		"HTTP, within a body":       {[]said{sent(post(ask1))}, whole, 200, 900, true, 1036 - (200 - 41), 200 - 41},
		"HTTP, unknown":             {[]said{sent(post(ask1))}, whole, 200, -1, false, 1036 - (200 - 41), 200 - 41},
		"chunk":                     {[]said{sent(post(ask1))}, chunkedReply, 200, 600, true, 1036 - 148, 148},
		"chunk, its line":           {[]said{sent(post(ask1))}, chunkedReply, 200, 760, true, 700 - 148, 148},
		"JSON":                      {[]said{sent(ask1)}, jsonMessage, 200, 900, true, 0, 200},
		"WebSocket, within a frame": {[]said{sent(wsAsk), received(wsReply, "\r\n"), sent(wsFrameOf(Sent, 0x81, ask1))}, frame, 200, 900, true, 1036 - 196, 196},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := test.message(big)
			to := test.to
			if to < 0 {
				to += len(m) + 1
			}
			a := New(Options{})
			var all []Message
			emit := listen(&all)
			for _, s := range test.before {
				a.Feed(Chunk{Conn: 1, Dir: s.dir, PID: 1, Data: []byte(s.data)}, emit)
			}
			a.Feed(Chunk{Conn: 1, Dir: Received, PID: 1, Data: []byte(m[:test.from])}, emit)
			n := int64(to - test.from)
			if !test.known {
				n = 0
			}
			a.Gap(1, Received, n, emit)
			a.Feed(Chunk{Conn: 1, Dir: Received, PID: 1, Data: []byte(m[to:])}, emit)
			a.Feed(Chunk{Conn: 1, Dir: Received, PID: 1, Data: []byte(test.message(reply1))}, emit)
			all = all[len(all)-2:]
			cut := all[0]
			if cut.Flags&(Gap|RPC|NotJSON) != Gap|RPC || cut.Missing != test.missing || len(cut.Body) != test.body || !strings.HasPrefix(big, string(cut.Body)) {
				t.Errorf("flags %b, %d missing, %d there", cut.Flags, cut.Missing, len(cut.Body))
			}
			if next := all[1]; string(next.Body) != reply1 || next.Flags != RPC {
				t.Errorf("the next message: flags %b, %s", next.Flags, next.Body)
			}
			if loss := a.Loss(1); loss.Gaps != 1 || loss.GapBytes != uint64(n) || loss.Cut != 1 {
				t.Errorf("loss %+v", loss)
			}
		})
	}
}

// TestEnd: a reply that ends with the connection is whole when its reader has
// read the end, and a request that is being written goes on.
func TestEnd(t *testing.T) {
	a := New(Options{})
	var all []Message
	emit := listen(&all)
	feed := func(pid int32, s said) {
		a.Feed(Chunk{Conn: 1, Dir: s.dir, PID: pid, Data: []byte(s.data)}, emit)
	}
	feed(1, sent(post(ask1)))
	feed(2, sent(post(ask1)[:20]))
	feed(1, received("HTTP/1.1 200 OK\r\n\r\n"+reply1))
	a.End(1, Received, emit)
	if len(all) != 2 || string(all[1].Body) != reply1 || all[1].Flags != RPC {
		t.Fatalf("%+v", all)
	}
	feed(2, sent(post(ask1)[20:]))
	if len(all) != 3 || string(all[2].Body) != ask1 {
		t.Fatalf("%+v", all)
	}
	if loss := a.Close(1, emit); loss != (Loss{}) {
		t.Errorf("loss %+v", loss)
	}
}
