package wire

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/klauspost/compress/flate"
)

func TestJSONStream(t *testing.T) {
	msg := func(d Dir, body string) got { return got{Dir: d, Proto: JSONStream, Body: body, Flags: RPC} }
	batch := "[" + ask1 + "," + ask1 + "]"
	tricky := `{"jsonrpc":"2.0","id":1,"params":["}]{[\"\\",{"a":[1,-2.5e+3,0,true,false,null]},"\u00e9é"],"method":"x"}`
	check(t, []said{
		sent(ask1), received(reply1, "\n"), sent(ask1+ask1, " \n", batch, tricky), received("\r\n", reply1, reply1, "[]"),
	}, msg(Sent, ask1), msg(Received, reply1), msg(Sent, ask1), msg(Sent, ask1), msg(Sent, batch), msg(Sent, tricky),
		msg(Received, reply1), msg(Received, reply1), msg(Received, "[]"))
}

func TestLSP(t *testing.T) {
	msg := func(d Dir, body string) got { return got{Dir: d, Proto: LSP, Body: body, Flags: RPC} }
	frame := func(body string, fields ...string) string {
		return strings.TrimPrefix(post(body, fields...), "POST / HTTP/1.1\r\nHost: node:8545\r\n")
	}
	check(t, []said{
		sent(frame(ask1)), received(frame(reply1)),
		sent(frame(ask1), frame(ask1)), received("content-length: 38\r\nContent-Type: application/vscode-jsonrpc\r\n\r\n", reply1),
	}, msg(Sent, ask1), msg(Received, reply1), msg(Sent, ask1), msg(Sent, ask1), msg(Received, reply1))
}

// TestHeaderCutAtStart: what is left of a reply's header looks like one of LSP,
// and the connection is one of HTTP all the same.
func TestHeaderCutAtStart(t *testing.T) {
	msg := func(d Dir, body string, status int) got { return got{d, HTTP1, body, status, RPC, 0} }
	rest := strings.TrimPrefix(ok(reply1, "Content-Type: application/json\r\n"), "HTTP/1.1 200 OK\r\nConten")
	check(t, []said{
		received(rest), sent(post(ask1)), received(ok(reply1)), sent(post(ask1)), received(ok(reply1)),
	}, got{Received, LSP, reply1, 0, RPC, 0},
		msg(Sent, ask1, 0), msg(Received, reply1, 200), msg(Sent, ask1, 0), msg(Received, reply1, 200))
}

const (
	wsAsk   = "GET / HTTP/1.1\r\nHost: node\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n"
	wsReply = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
)

// wsFrameOf is a frame; first is its first byte, of the direction's masking.
func wsFrameOf(d Dir, first byte, payload string) string {
	b := []byte{first, 0}
	switch n := len(payload); {
	case n < 126:
		b[1] = byte(n)
	case n < 1<<16:
		b[1] = 126
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	default:
		b[1] = 127
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	if d == Received {
		return string(b) + payload
	}
	b[1] |= 0x80
	mask := []byte{0x12, 0x34, 0x56, 0x78}
	b = append(b, mask...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i&3])
	}
	return string(b)
}

func TestWebSocket(t *testing.T) {
	msg := func(d Dir, body string) got { return got{Dir: d, Proto: WebSocket, Body: body, Flags: RPC} }
	long := `{"jsonrpc":"2.0","id":2,"result":"` + strings.Repeat("0123456789", 20000) + `"}`
	middle := long[:300] + `"}`
	check(t, []said{
		sent(wsAsk), received(wsReply, "\r\n"),
		sent(wsFrameOf(Sent, 0x81, ask1)), received(wsFrameOf(Received, 0x81, reply1)),
		sent(wsFrameOf(Sent, 0x01, ask1[:10]), wsFrameOf(Sent, 0x89, "ping"), wsFrameOf(Sent, 0x00, ask1[10:11]),
			wsFrameOf(Sent, 0x00, ""), wsFrameOf(Sent, 0x80, ask1[11:])),
		received(wsFrameOf(Received, 0x8a, "ping"), wsFrameOf(Received, 0x82, long), wsFrameOf(Received, 0x82, middle)),
		sent(wsFrameOf(Sent, 0x81, middle), wsFrameOf(Sent, 0x88, "\x03\xe8")), received(wsFrameOf(Received, 0x88, "\x03\xe8")),
	},
		got{Dir: Sent, Proto: HTTP1, Flags: NotJSON},
		msg(Sent, ask1), msg(Received, reply1), msg(Sent, ask1), msg(Received, long), msg(Received, middle), msg(Sent, middle))
}

// deflater compresses as permessage-deflate does.
type deflater struct {
	w *flate.Writer
	b bytes.Buffer
}

func (d *deflater) pack(t testing.TB, s string, takeover bool) string {
	t.Helper()
	d.b.Reset()
	if d.w == nil || !takeover {
		d.w, _ = flate.NewWriter(&d.b, 9)
	}
	if _, err := d.w.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := d.w.Flush(); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(d.b.String(), "\x00\x00\xff\xff")
}

func TestPerMessageDeflate(t *testing.T) {
	for _, takeover := range []bool{false, true} {
		var in, out deflater
		talk := []said{sent(wsAsk), received(wsReply, "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n")}
		want := []got{{Dir: Sent, Proto: HTTP1, Flags: NotJSON}}
		for i := range 40 {
			ask := ask1[:len(ask1)-1] + `,"pad":"` + strings.Repeat(string(rune('a'+i%26)), 2000) + `"}`
			z := out.pack(t, ask, takeover)
			talk = append(talk, sent(wsFrameOf(Sent, 0x41, z[:3]), wsFrameOf(Sent, 0x80, z[3:])))
			want = append(want, got{Dir: Sent, Proto: WebSocket, Body: ask, Flags: RPC})
			reply := reply1
			if i%8 == 0 { // longer than a compressor looks back, together or alone
				reply = reply1[:len(reply1)-1] + `,"pad":"` + strings.Repeat(string(rune('a'+i)), 5000*i) + `"}`
			}
			if i%3 == 0 {
				talk = append(talk, received(wsFrameOf(Received, 0x81, reply)))
			} else {
				talk = append(talk, received(wsFrameOf(Received, 0xc1, in.pack(t, reply, takeover))))
			}
			want = append(want, got{Dir: Received, Proto: WebSocket, Body: reply, Flags: RPC})
		}
		check(t, talk, want...)
	}
}
