package wire

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	h2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// side writes the frames of one side of an HTTP/2 connection.
type side struct {
	*h2.Framer
	out   bytes.Buffer
	block bytes.Buffer
	pack  *hpack.Encoder
}

func newSide() *side {
	s := &side{}
	s.Framer = h2.NewFramer(&s.out, nil)
	s.pack = hpack.NewEncoder(&s.block)
	return s
}

// take returns what was written since the last time.
func (s *side) take() string {
	defer s.out.Reset()
	return s.out.String()
}

func (s *side) fields(pairs ...string) []byte {
	s.block.Reset()
	for i := 0; i < len(pairs); i += 2 {
		_ = s.pack.WriteField(hpack.HeaderField{Name: pairs[i], Value: pairs[i+1]})
	}
	return s.block.Bytes()
}

func (s *side) headers(id uint32, end bool, pairs ...string) {
	block := s.fields(pairs...)
	k := len(block) / 2
	_ = s.WriteHeaders(h2.HeadersFrameParam{StreamID: id, BlockFragment: block[:k], EndStream: end, PadLength: 7,
		Priority: h2.PriorityParam{Weight: 3, StreamDep: 0}})
	_ = s.WriteContinuation(id, true, block[k:])
}

func TestHTTP2(t *testing.T) {
	client, server := newSide(), newSide()
	ask3 := strings.Replace(ask1, "1", "3", 1)
	_ = client.WriteSettings(h2.Setting{ID: h2.SettingInitialWindowSize, Val: 1 << 20})
	client.headers(1, false, ":method", "POST", ":path", "/", ":scheme", "http", "x-key", "secret")
	_ = client.WriteDataPadded(1, false, []byte(ask1[:20]), make([]byte, 9))
	client.headers(3, false, ":method", "POST", ":path", "/", "content-encoding", "gzip", "x-key", "secret")
	_ = client.WriteData(3, true, []byte(packed(t, "gzip", ask3)))
	_ = client.WritePing(false, [8]byte{})
	_ = client.WriteDataPadded(1, false, []byte(ask1[20:]), nil)
	client.headers(1, true, "x-trailer", "1")
	client.headers(5, true, ":method", "GET", ":path", "/metrics")
	client.headers(7, false, ":method", "POST", "content-type", "application/grpc+proto")
	_ = client.WriteData(7, true, []byte("\x00\x00"))
	_ = server.WriteSettings()
	_ = server.WriteSettingsAck()
	server.headers(1, false, ":status", "103")
	server.headers(1, false, ":status", "200", "x-a", "b")
	server.headers(3, false, ":status", "429", "content-encoding", "br")
	_ = server.WriteData(3, false, []byte(packed(t, "br", reply1)))
	_ = server.WriteWindowUpdate(0, 1000)
	_ = server.WriteData(1, true, []byte(reply1))
	_ = server.WriteData(3, true, nil)
	server.headers(5, false, ":status", "200")
	_ = server.WriteDataPadded(5, true, []byte("up 1"), []byte{0})
	check(t, []said{sent(preface, client.take()), received(server.take())},
		got{Dir: Sent, Proto: HTTP2, Body: ask3, Flags: RPC, Stream: 3},
		got{Dir: Sent, Proto: HTTP2, Body: ask1, Flags: RPC, Stream: 1},
		got{Dir: Sent, Proto: HTTP2, Flags: NotJSON, Stream: 5},
		got{Dir: Received, Proto: HTTP2, Body: reply1, Status: 200, Flags: RPC, Stream: 1},
		got{Dir: Received, Proto: HTTP2, Body: reply1, Status: 429, Flags: RPC, Stream: 3},
		got{Dir: Received, Proto: HTTP2, Body: "up 1", Status: 200, Flags: NotJSON, Stream: 5})
}

// TestHTTP2Torn: two processes write frames of one connection, one resets a
// stream.
func TestHTTP2Torn(t *testing.T) {
	client := newSide()
	_ = client.WriteSettings()
	start := client.take()
	client.headers(1, false, ":method", "POST")
	header := client.take()
	_ = client.WriteData(1, false, []byte(ask1[:30]))
	one := client.take()
	_ = client.WriteData(1, true, []byte(ask1[30:]))
	two := client.take()
	client.headers(3, false, ":method", "POST")
	_ = client.WriteData(3, false, []byte(ask1[:30]))
	_ = client.WriteRSTStream(3, h2.ErrCodeCancel)
	all, loss := talk(t, Options{}, wholeWrites, by(1, sent(preface, start, header)), by(1, sent(one)), by(2, sent(two)), by(2, sent(client.take())))
	if len(all) != 2 || all[0].Flags != RPC || !all[0].Torn() || all[1].Flags != RPC|Cut || string(all[1].Body) != ask1[:30] {
		t.Fatalf("%+v", all)
	}
	at := int64(len(preface) + len(start))
	n1, n2 := int64(len(header)+len(one)), int64(len(two))
	if d := cmp.Diff([]part{{1, at, n1}, {2, at + n1, n2}}, parts(all[0])); d != "" {
		t.Error(d)
	}
	if loss.Streams != 1 || loss.Cut != 1 || loss.Skipped != 0 {
		t.Errorf("loss %+v", loss)
	}
}

// TestHTTP2Attach begins in the middle, and loses frames later.
func TestHTTP2Attach(t *testing.T) {
	server := newSide()
	write := func(id uint32, body string) string {
		server.headers(id, false, ":status", "200", "x-a", "b")
		_ = server.WriteData(id, true, []byte(body))
		return server.take()
	}
	write(1, reply1)
	_ = server.WriteData(3, true, []byte(reply1))
	rest := server.take()
	fifth, seventh, ninth := write(5, reply1), write(7, reply1), write(9, packed(t, "gzip", reply1))
	a := New(Options{})
	var all []Message
	feed := func(s string) {
		a.Feed(Chunk{Conn: 1, Dir: Received, PID: 1, Data: []byte(s)}, listen(&all))
	}
	feed(rest)
	feed(fifth)
	a.Gap(1, Received, int64(len(seventh)), listen(&all))
	feed(ninth)
	var bodies []string
	for _, m := range all {
		bodies = append(bodies, string(m.Body))
		if m.Proto != HTTP2 || m.Status != 0 || m.Flags&RPC == 0 {
			t.Errorf("%+v", m)
		}
	}
	if d := cmp.Diff([]string{reply1, reply1, reply1}, bodies); d != "" {
		t.Error(d)
	}
}

// TestHTTP2Gap loses bytes within DATA: the frames go on after them.
func TestHTTP2Gap(t *testing.T) {
	server := newSide()
	_ = server.WriteSettings()
	server.headers(1, false, ":status", "200")
	header := server.take()
	_ = server.WriteDataPadded(1, true, []byte(reply1), make([]byte, 50))
	data := server.take()
	server.headers(3, false, ":status", "200")
	_ = server.WriteData(3, true, []byte(reply1))
	next := server.take()
	a := New(Options{})
	var all []Message
	a.Feed(Chunk{Conn: 1, Dir: Received, PID: 1, Data: []byte(header + data[:20])}, listen(&all))
	a.Gap(1, Received, int64(len(data)-21), listen(&all))
	a.Feed(Chunk{Conn: 1, Dir: Received, PID: 1, Data: []byte(data[len(data)-1:] + next)}, listen(&all))
	if len(all) != 2 || all[0].Flags != RPC|Gap|Truncated || string(all[0].Body) != reply1[:10] || all[0].Missing != int64(len(reply1)-10) {
		t.Fatalf("%+v", all)
	}
	if m := all[1]; m.Flags != RPC || m.Status != 200 || string(m.Body) != reply1 {
		t.Errorf("%+v", m)
	}
}

// TestHTTP2Streams: of too many streams the oldest are given up.
func TestHTTP2Streams(t *testing.T) {
	client := newSide()
	_ = client.WriteSettings()
	for i := range uint32(maxStreams + 10) {
		client.headers(2*i+1, false, ":method", "POST")
		_ = client.WriteData(2*i+1, false, []byte(ask1[:9]))
	}
	for i := range uint32(maxStreams + 10) {
		_ = client.WriteData(2*i+1, true, []byte(ask1[9:]))
	}
	all, loss := talk(t, Options{}, wholeWrites, sent(preface, client.take()))
	if len(all) != maxStreams || all[0].Stream != 21 || loss.Streams != 10 || string(all[0].Body) != ask1 {
		t.Fatalf("%d messages, %+v", len(all), loss)
	}
}
