package wire

import (
	"strings"
	"testing"
	"time"
)

// TestManyStarts: text that is full of what looks like starts of messages, near
// and far, is looked through once. (Were all of it looked through for each of
// them, 64 KiB would take the best part of an hour.)
func TestManyStarts(t *testing.T) {
	for name, text := range map[string]string{
		"JSON and versions":   `{"id"x` + "\x01 HTTP/1.x",
		"versions":            "\x01 HTTP/1.x",
		"JSON":                `{"id"x`,
		"JSON before a brace": `{"id"x{ { {`,
		"methods":             "GET x POST HTTP/1.x",
		"LSP and JSON":        "Content-Length:x" + `{"id"x`,
	} {
		t.Run(name, func(t *testing.T) {
			rubbish := strings.Repeat(text, 64<<10/len(text))
			all, _ := talk(t, Options{}, wholeWrites, sent(ask1, rubbish), sent("\n\n"+post(ask1)))
			if first, last := all[0], all[len(all)-1]; string(first.Body) != ask1 || string(last.Body) != ask1 || last.Proto != HTTP1 {
				t.Errorf("first %+v, last %+v", first, last)
			}
		})
	}
}

// TestBombs: what brotli has compressed beyond all measure of JSON is not unpacked
// to the limit of a message, and the connection goes on; zeros in gzip are.
func TestBombs(t *testing.T) {
	for coding, bomb := range map[string]Flags{"gzip": RPC, "br": RPC | Undecoded} {
		for size, want := range map[int]Flags{alwaysOut - 100: RPC, 32 << 20: bomb} {
			reply := ok(packed(t, coding, `{"jsonrpc":"2.0","id":1,"result":"`+strings.Repeat("0", size)+`"}`), "Content-Encoding: "+coding+"\r\n")
			all, _ := talk(t, Options{}, wholeWrites, sent(post(ask1), post(ask1)), received(reply, ok(reply1)))
			if got := all[2].Flags; got != want || string(all[3].Body) != reply1 {
				t.Errorf("%s of %d bytes: flags %b, want %b; then %+v", coding, size, got, want, all[3])
			}
		}
	}
}

// TestHeld: how many chunks wait is known whatever becomes of them, so that
// Flush need not look where none do.
func TestHeld(t *testing.T) {
	a := New(Options{MaxConns: 3, Wait: time.Second})
	var all []Message
	wait := func(conn uint64) {
		for i := range int64(2) {
			a.Feed(Chunk{Conn: conn, Off: 1000 + 100*i, HasOff: true, After: true, Data: []byte(ask1 + "\n")}, listen(&all))
		}
	}
	for conn := range uint64(5) { // of which two are evicted
		wait(conn)
	}
	if a.held != 6 {
		t.Errorf("%d chunks wait on three connections, want 6", a.held)
	}
	a.Close(4, listen(&all))
	a.Flush(int64(time.Minute), listen(&all))
	if a.held != 0 || len(all) != 6 {
		t.Errorf("%d chunks wait, %d messages", a.held, len(all))
	}
}

// TestManyMovers: who moved the parts of HTTP/2 messages is bounded for each, and
// accounted for.
func TestManyMovers(t *testing.T) {
	const streams = 64
	a := New(Options{})
	var all []Message
	client := newSide()
	pid := int32(0)
	feed := func() {
		pid++
		a.Feed(Chunk{Conn: 1, PID: pid%2 + 1, Data: []byte(client.take())}, listen(&all))
	}
	_ = client.WriteSettings()
	feed()
	for i := range 3 * maxPieces {
		for id := range uint32(streams) {
			if i%2 == 0 {
				client.headers(2*id+1, false, "x", "y")
			} else {
				_ = client.WriteData(2*id+1, false, []byte("{"))
			}
			feed()
		}
	}
	named := 0
	for _, s := range a.conns[1].flows[Sent].h2.streams {
		if named += cap(s.pieces) * pieceSize; len(s.pieces) > maxPieces {
			t.Fatalf("%d pieces of one message", len(s.pieces))
		}
	}
	if held := a.Memory(); held < named {
		t.Errorf("%d bytes are held, but the pieces alone take %d", held, named)
	}
	for id := range uint32(streams) {
		_ = client.WriteData(2*id+1, true, nil)
	}
	feed()
	if held := a.Memory(); len(all) != streams || held > 1<<20 {
		t.Errorf("%d messages, then %d bytes are held", len(all), held)
	}
}
