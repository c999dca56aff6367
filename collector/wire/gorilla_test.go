package wire

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// script is a connection whose other end agrees to WebSocket and says data.
type script struct {
	net.Conn
	data    []byte
	deflate bool // it agrees to compression as well
	said    io.Reader
}

func (s *script) Write(b []byte) (int, error) {
	if s.said == nil {
		req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(b)))
		if err != nil {
			return 0, err
		}
		sum := sha1.Sum([]byte(req.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
		head := wsReply
		if s.deflate {
			head += "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n"
		}
		s.said = io.MultiReader(bytes.NewReader([]byte(head+"Sec-WebSocket-Accept: "+base64.StdEncoding.EncodeToString(sum[:])+"\r\n\r\n")), bytes.NewReader(s.data))
	}
	return len(b), nil
}

func (s *script) Read(b []byte) (int, error)         { return s.said.Read(b) }
func (s *script) Close() error                       { return nil }
func (s *script) SetDeadline(t time.Time) error      { return nil }
func (s *script) SetReadDeadline(t time.Time) error  { return nil }
func (s *script) SetWriteDeadline(t time.Time) error { return nil }

// FuzzWebSocket holds the messages found in a stream of frames against those
// that gorilla's client reads from it until it meets an error. With compression
// gorilla ends a message where its deflate stream ends, even in the middle of a
// frame: it then may read one more than there is.
func FuzzWebSocket(f *testing.F) {
	long := padded(1, 70_000)
	var z deflater
	for _, s := range []string{
		wsFrameOf(Received, 0x81, reply1) + wsFrameOf(Received, 0x89, "p") + wsFrameOf(Received, 0x82, long),
		wsFrameOf(Received, 0x01, reply1[:5]) + wsFrameOf(Received, 0x8a, "") + wsFrameOf(Received, 0x00, "") + wsFrameOf(Received, 0x80, reply1[5:]),
		wsFrameOf(Received, 0xc1, z.pack(f, reply1, false)) + wsFrameOf(Received, 0x81, ask1), "\x81\x7e\x00\x05hello\x81\x00", "\x81\x05hello\x88\x02\x03\xe8\x81\x01x",
		"\x81\x05helloAA\x03\xe8",
	} {
		f.Add([]byte(s), uint16(7))
	}
	f.Fuzz(func(t *testing.T, data []byte, cut uint16) {
		have, broken := wsMessages(data, int(cut))
		for _, deflate := range []bool{false, true} {
			for i, want := range gorillaReads(t, data, deflate) {
				if deflate && i == broken {
					break
				}
				if i >= len(have) || have[i] != want {
					t.Fatalf("message %d of %q: gorilla reads %q; here they are %q", i, data, want, have)
				}
			}
		}
	})
}

// gorillaReads is the messages that gorilla's client reads from data.
func gorillaReads(t *testing.T, data []byte, deflate bool) (messages []string) {
	dialer := websocket.Dialer{EnableCompression: deflate, NetDial: func(string, string) (net.Conn, error) {
		return &script{data: data, deflate: deflate}, nil
	}}
	c, _, err := dialer.Dial("ws://node/", nil)
	if err != nil {
		t.Fatal(err)
	}
	for {
		_, m, err := c.ReadMessage()
		if err != nil {
			return messages
		}
		messages = append(messages, string(m))
	}
}

// wsMessages is the whole messages that are found in data, fed in two pieces,
// and how many there were before the first that is not whole, -1: all are.
func wsMessages(data []byte, cut int) (whole []string, broken int) {
	broken = -1
	a := New(Options{})
	emit := func(m Message) {
		switch {
		case m.Dir != Received:
		case m.Flags&(Cut|Malformed) == 0:
			whole = append(whole, string(m.Body))
		case broken < 0:
			broken = len(whole)
		}
	}
	a.Feed(Chunk{Dir: Sent, Data: []byte(wsAsk)}, emit)
	a.Feed(Chunk{Dir: Received, Data: []byte(wsReply + "\r\n")}, emit)
	n := min(cut, len(data))
	a.Feed(Chunk{Dir: Received, Data: data[:n]}, emit)
	a.Feed(Chunk{Dir: Received, Data: data[n:]}, emit)
	a.Close(0, emit)
	return whole, broken
}
