package wire

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestOrder feeds chunks with offsets in another order, and again.
func TestOrder(t *testing.T) {
	stream := strings.Repeat(post(ask1), 20)
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 2))
		var chunks []Chunk
		for off := 0; off < len(stream); {
			n := min(1+r.IntN(90), len(stream)-off)
			chunks = append(chunks, Chunk{Conn: 1, Dir: Sent, PID: int32(1 + off%2), Off: int64(off), HasOff: true,
				Data: []byte(stream[off : off+n])})
			off += n
		}
		again := chunks[3]
		for i := 1; i+4 < len(chunks); i += 4 { // the first one stays: it says where the stream is joined
			r.Shuffle(4, func(a, b int) { chunks[i+a], chunks[i+b] = chunks[i+b], chunks[i+a] })
		}
		a := New(Options{})
		var all []Message
		for _, ch := range append(chunks, again) {
			a.Feed(ch, listen(&all))
		}
		for i, m := range all {
			if string(m.Body) != ask1 || m.Flags != RPC || m.Off != int64(i*len(post(ask1))) || !m.HasOff {
				t.Fatalf("seed %d, message %d: %+v", seed, i, m)
			}
		}
		want := Loss{Duplicate: uint64(len(again.Data))}
		if d := cmp.Diff(want, a.Close(1, listen(&all))); len(all) != 20 || d != "" {
			t.Fatalf("seed %d: %d messages; loss %s", seed, len(all), d)
		}
	}
}

// TestLostChunk: what is missing is waited for, and given up after Wait.
func TestLostChunk(t *testing.T) {
	one := post(ask1)
	n := int64(len(one))
	feed := func(a *Assembler, i int64, when time.Duration, all *[]Message) {
		a.Feed(Chunk{Conn: 1, Dir: Sent, PID: 1, Time: int64(when), Off: i * n, HasOff: true, Data: []byte(one)}, listen(all))
	}
	t.Run("Flush", func(t *testing.T) {
		a := New(Options{Wait: time.Second})
		var all []Message
		feed(a, 0, 0, &all)
		feed(a, 2, time.Millisecond, &all)
		if a.Flush(int64(time.Second), listen(&all)); len(all) != 1 {
			t.Fatalf("%d messages within Wait", len(all))
		}
		if a.Flush(int64(2*time.Second), listen(&all)); len(all) != 2 || all[1].Off != 2*n {
			t.Fatalf("after Wait: %+v", all)
		}
		if d := cmp.Diff(Loss{Gaps: 1, GapBytes: uint64(n), Resyncs: 1}, a.Total()); d != "" {
			t.Error(d)
		}
	})
	t.Run("known to be lost", func(t *testing.T) {
		a := New(Options{Wait: time.Hour})
		var all []Message
		feed(a, 0, 0, &all)
		feed(a, 3, 0, &all)
		a.Feed(Chunk{Conn: 1, Dir: Sent, PID: 1, Off: 2 * n, HasOff: true, Lost: true, Data: []byte(one)}, listen(&all))
		if len(all) != 3 || a.Total().GapBytes != uint64(n) {
			t.Fatalf("%d messages, %+v", len(all), a.Total())
		}
		a.Feed(Chunk{Conn: 2, Dir: Sent, PID: 1, Off: 2 * n, HasOff: true, After: true, Data: []byte(one)}, listen(&all))
		a.Feed(Chunk{Conn: 2, Dir: Sent, PID: 1, Off: 3 * n, HasOff: true, Lost: true, Data: []byte(one)}, listen(&all))
		if len(all) != 5 || a.Total().Duplicate > 0 {
			t.Fatalf("at the start: %d messages, %+v", len(all), a.Total())
		}
	})
	t.Run("later chunks", func(t *testing.T) {
		a := New(Options{Wait: time.Hour})
		var all []Message
		for i := range int64(maxHeld + 10) {
			if i != 1 {
				feed(a, i, 0, &all)
			}
		}
		if len(all) != maxHeld+9 || a.Total().GapBytes != uint64(n) {
			t.Fatalf("%d messages, %+v", len(all), a.Total())
		}
	})
}

// TestFirstChunk: where the first chunk of a connection that was there before
// comes after others, they wait for it; in vain, for Wait.
func TestFirstChunk(t *testing.T) {
	one := post(ask1)
	n, start := int64(len(one)), int64(1e6)
	for _, order := range [][]int64{{0, 1, 2}, {1, 0, 2}, {2, 1, 0}, {1, 2}} {
		a := New(Options{Wait: time.Second})
		var all []Message
		for i, k := range order {
			if len(all) > 0 && !slices.Contains(order[:i], 0) {
				t.Fatalf("%v: %d messages before the first chunk", order, len(all))
			}
			a.Feed(Chunk{Conn: 1, PID: int32(k), Off: start + k*n, HasOff: true, After: k > 0, Data: []byte(one)}, listen(&all))
		}
		a.Flush(int64(time.Minute), listen(&all))
		if len(all) != len(order) || a.Total() != (Loss{}) {
			t.Fatalf("%v: %d messages, %+v", order, len(all), a.Total())
		}
		for i, m := range all {
			if want := start + (slices.Min(order)+int64(i))*n; m.Off != want || !m.HasOff {
				t.Errorf("%v: message %d at %d, want %d", order, i, m.Off, want)
			}
		}
	}
}

func TestTruncatedChunk(t *testing.T) {
	reply := ok(`{"jsonrpc":"2.0","id":1,"result":"` + strings.Repeat("a", 100_000) + `"}`)
	a := New(Options{})
	var all []Message
	a.Feed(Chunk{Conn: 1, Dir: Sent, PID: 1, Data: []byte(post(ask1))}, listen(&all))
	a.Feed(Chunk{Conn: 1, Dir: Received, PID: 1, Data: []byte(reply[:5000]), Truncated: 60_000}, listen(&all))
	a.Feed(Chunk{Conn: 1, Dir: Received, PID: 2, Data: []byte(reply[65_000:] + ok(reply1))}, listen(&all))
	if len(all) != 3 || all[1].Flags != RPC|Truncated|Gap || string(all[2].Body) != reply1 {
		t.Fatalf("%+v", all)
	}
	m := all[1]
	if head := len(reply) - 100_036; len(m.Body) != 5000-head || m.Missing != int64(len(reply)-5000) {
		t.Errorf("%d there, %d missing", len(m.Body), m.Missing)
	}
	if d := cmp.Diff([]part{{1, 0, 65_000}, {2, 65_000, int64(len(reply)) - 65_000}}, parts(m)); d != "" {
		t.Error(d)
	}
}

func TestTooLong(t *testing.T) {
	long := `{"jsonrpc":"2.0","id":1,"result":"` + strings.Repeat("a", 5000) + `"}`
	opt := Options{MaxMessage: 4000}
	tests := map[string][]said{
		"length":      {sent(post(ask1)), received(ok(long), ok(reply1))},
		"chunked":     {sent(post(ask1)), received("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunks(long, 999), ok(reply1))},
		"JSON":        {sent(ask1), received(long, reply1)},
		"WebSocket":   {sent(wsAsk), received(wsReply, "\r\n"), sent(wsFrameOf(Sent, 0x81, ask1)), received(wsFrameOf(Received, 0x81, long), wsFrameOf(Received, 0x81, reply1))},
		"bomb":        {sent(post(ask1)), received(ok(packed(t, "gzip", long), "Content-Encoding: gzip\r\n"), ok(reply1))},
		"brotli bomb": {sent(post(ask1)), received(ok(packed(t, "br", long), "Content-Encoding: br\r\n"), ok(reply1))},
	}
	for name, conversation := range tests {
		t.Run(name, func(t *testing.T) {
			for _, split := range []func(int) int{wholeWrites, randomly(rand.New(rand.NewPCG(1, 1)), 100)} {
				all, loss := talk(t, opt, split, conversation...)
				if last := all[len(all)-1]; string(last.Body) != reply1 || last.Flags != RPC {
					t.Errorf("the message after it: %+v", last)
				}
				for _, m := range all {
					if len(m.Body) > opt.MaxMessage {
						t.Errorf("a body of %d bytes", len(m.Body))
					}
				}
				if loss.TooLong+loss.Undecoded != 1 || loss.Skipped != 0 {
					t.Errorf("loss %+v", loss)
				}
			}
		})
	}
	t.Run("header", func(t *testing.T) {
		all, loss := talk(t, Options{}, randomly(rand.New(rand.NewPCG(1, 1)), 9000),
			sent(post(ask1, "X: "+strings.Repeat("x", maxHeader)+"\r\n")), sent(post(ask1)))
		if len(all) != 1 || loss.TooLong != 1 {
			t.Fatalf("%d messages, loss %+v", len(all), loss)
		}
	})
}

func TestEviction(t *testing.T) {
	t.Run("connections", func(t *testing.T) {
		a := New(Options{MaxConns: 10})
		var all []Message
		half := post(ask1)[:30]
		for i := range uint64(100) {
			a.Feed(Chunk{Conn: i, Data: []byte(half)}, listen(&all))
			a.Feed(Chunk{Conn: 0, Dir: Received, Data: []byte(ok(reply1))}, listen(&all)) // in use: stays
		}
		if a.Conns() != 10 || a.Total().Evicted != 90 || a.Total().Skipped != 90*30 {
			t.Errorf("%d connections, %+v", a.Conns(), a.Total())
		}
		a.Feed(Chunk{Conn: 0, Data: []byte(post(ask1)[30:])}, listen(&all))
		if m := all[len(all)-1]; m.Conn != 0 || m.Dir != Sent || string(m.Body) != ask1 {
			t.Errorf("the connection in use: %+v", m)
		}
	})
	t.Run("memory", func(t *testing.T) {
		a := New(Options{MaxMemory: 1 << 20})
		for i := range uint64(1000) {
			a.Feed(Chunk{Conn: i, Data: []byte(`{"jsonrpc":"2.0","params":["` + strings.Repeat("x", 10_000))}, func(Message) {})
			if a.Memory() > 1<<20 {
				t.Fatalf("%d bytes held", a.Memory())
			}
		}
		if n := a.Total().Evicted + uint64(a.Conns()); n != 1000 || a.Conns() < 10 {
			t.Errorf("%d connections known, %d in all", a.Conns(), n)
		}
	})
}

// TestLateOffsets: offsets that come after bytes without them tell the order.
func TestLateOffsets(t *testing.T) {
	one := post(ask1)
	n := int64(len(one))
	a := New(Options{})
	var all []Message
	a.Feed(Chunk{Conn: 1, Data: []byte(one)}, listen(&all))
	for _, i := range []int64{0, 2, 1} {
		a.Feed(Chunk{Conn: 1, Off: 1e6 + i*n, HasOff: true, PID: int32(i), Data: []byte(one)}, listen(&all))
	}
	for i, m := range all {
		if m.Off != int64(i)*n || m.HasOff || i > 0 && m.Pieces[0].PID != int32(i-1) {
			t.Errorf("message %d: %+v", i, m)
		}
	}
	if len(all) != 4 || a.Total() != (Loss{}) {
		t.Errorf("%d messages, %+v", len(all), a.Total())
	}
}

// TestManyPieces: the pieces of a message are bounded, its bytes are not.
func TestManyPieces(t *testing.T) {
	body := `{"jsonrpc":"2.0","id":1,"result":"` + strings.Repeat("a", 3*maxPieces) + `"}`
	a := New(Options{})
	var all []Message
	for i, c := range []byte(ok(body)) {
		a.Feed(Chunk{Conn: 1, Dir: Received, PID: int32(i % 2), Data: []byte{c}}, listen(&all))
	}
	if len(all) != 1 || string(all[0].Body) != body || len(all[0].Pieces) != maxPieces {
		t.Fatalf("%d messages", len(all))
	}
	if n := a.Total().Pieces; n != uint64(len(ok(body))-maxPieces) {
		t.Errorf("%d chunks without a name", n)
	}
}
