package wire

import (
	"bufio"
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// conversations are what the fuzzers begin with: one of each protocol, its
// directions one after the other.
func conversations() [][2]string {
	frames := wsFrameOf(Received, 0x01, reply1[:9]) + wsFrameOf(Received, 0x8a, "p") + wsFrameOf(Received, 0x80, reply1[9:])
	h2 := "\x00\x00\x00\x04\x00\x00\x00\x00\x00" + "\x00\x00\x01\x01\x04\x00\x00\x00\x01\x88" +
		"\x00\x00\x26\x00\x01\x00\x00\x00\x01" + reply1
	return [][2]string{
		{post(ask1) + post(ask1), ok(reply1) + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(reply1, 9)},
		{"HEAD / HTTP/1.1\r\n\r\n" + post(ask1, "Expect: 100-continue\r\n"), "HTTP/1.1 200 OK\nContent-Length: 5\n\nHTTP/1.1 100 C\r\n\r\n" + ok("x", "Content-Encoding: br\r\n")},
		{wsAsk + wsFrameOf(Sent, 0x81, ask1), wsReply + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n" + frames + wsFrameOf(Received, 0xc1, "\xaaV\xca\x01\x00")},
		{ask1 + "\n" + ask1, reply1 + reply1},
		{"Content-Length: 60\r\n\r\n" + ask1, "Content-Length: 38\r\n\r\n" + reply1},
		{preface + "\x00\x00\x00\x04\x00\x00\x00\x00\x00" + "\x00\x00\x01\x01\x04\x00\x00\x00\x01\x83" + "\x00\x00\x3c\x00\x01\x00\x00\x00\x01" + ask1, h2},
		{"CONNECT a:1 HTTP/1.1\r\n\r\n" + post(ask1), "HTTP/1.1 200 OK\r\n\r\n" + ok(reply1)},
	}
}

// FuzzAssembler feeds anything, in any pieces, with gaps, in any order.
func FuzzAssembler(f *testing.F) {
	for _, c := range conversations() {
		for seed := range uint64(4) {
			f.Add([]byte(c[0]), []byte(c[1]), seed)
			f.Add([]byte(c[0]), []byte(c[1]), seed|8<<seed)
		}
	}
	f.Fuzz(func(t *testing.T, out, in []byte, seed uint64) {
		opt := Options{MaxMessage: 2000, MaxConns: 3, MaxMemory: 64 << 10, Wait: 50}
		a := New(opt)
		r := rand.New(rand.NewPCG(seed, 0))
		emit := func(m Message) {
			if len(m.Body) > max(opt.MaxMessage, maxHeader) || m.Missing < 0 || m.End < m.Off {
				t.Fatalf("%d bytes, %d missing, %d..%d", len(m.Body), m.Missing, m.Off, m.End)
			}
			if part := m.part(m.Off, m.End); part != nil && !bytes.Equal(part, m.Body) {
				t.Fatalf("the body stands in the stream as %q, and is %q", part, m.Body)
			}
		}
		at := [2]int64{}
		now := int64(0)
		for streams := [2][]byte{out, in}; len(streams[0])+len(streams[1]) > 0; now++ {
			d := Dir(r.IntN(2))
			n := min(1+r.IntN(1+r.IntN(200)), len(streams[d]))
			ch := Chunk{Conn: r.Uint64N(1 + seed%5), Dir: d, PID: int32(r.IntN(2)), Time: now, Data: streams[d][:n]}
			if seed&8 != 0 {
				ch.Off, ch.HasOff = at[d]+int64(max(0, r.IntN(20)-18)), true
				ch.After = seed&16 != 0 && r.IntN(4) > 0
				ch.Lost = seed&32 != 0 && r.IntN(4) > 0
			}
			if seed&16 != 0 && r.IntN(10) == 0 {
				ch.Truncated = r.IntN(100)
			}
			a.Feed(ch, emit)
			if seed&32 != 0 && r.IntN(20) == 0 {
				a.Gap(ch.Conn, d, r.Int64N(100)-10, emit)
			}
			at[d] += ch.size()
			streams[d] = streams[d][n:]
			if a.Conns() > opt.MaxConns || a.Memory() > opt.MaxMemory+64<<10 {
				t.Fatalf("%d connections, %d bytes", a.Conns(), a.Memory())
			}
		}
		a.Flush(now+1000, emit)
		for i := range uint64(5) {
			a.Close(i, emit)
		}
		if a.Conns() != 0 || a.Memory() != 0 {
			t.Fatalf("after Close: %d connections, %d bytes", a.Conns(), a.Memory())
		}
	})
}

// FuzzHTTP1 holds what is found in a stream that net/http reads to its end
// against what net/http finds.
func FuzzHTTP1(f *testing.F) {
	for _, c := range conversations()[:2] {
		f.Add([]byte(c[0]), false, uint64(1))
		f.Add([]byte(c[1]), true, uint64(2))
	}
	f.Add([]byte("POST / HTTP/1.0\nA:b\n c\nContent-length: 3 \n\nabc"), false, uint64(3))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=\"b\"\r\nabc\r\n0\r\nA: b\r\n\r\nHTTP/1.0 204 \r\n\r\n"), true, uint64(3))
	for _, s := range []string{
		"HTTP/1.0  200 \n\r\n", "HTTP/1.1 200 OK\nno token: 1\n\nbody", "HTTP/1.1 200\nTrAnsfer-EnCoding:Chunked\n\n0000000000000000\r\n\r\n",
	} {
		f.Add([]byte(s), true, uint64(4))
	}
	f.Fuzz(func(t *testing.T, b []byte, replies bool, seed uint64) {
		want, ok := reference(b, replies)
		if !ok {
			return
		}
		var have []string
		a := New(Options{})
		emit := func(m Message) {
			if m.Flags&^(NotJSON|RPC) != 0 {
				t.Errorf("flags %b of %q", m.Flags, b)
			}
			have = append(have, string(m.Body))
		}
		d := Sent
		if replies {
			d = Received
		}
		r := rand.New(rand.NewPCG(seed, 0))
		for rest := b; len(rest) > 0; {
			n := 1 + r.IntN(len(rest))
			a.Feed(Chunk{Dir: d, Data: rest[:n]}, emit)
			rest = rest[n:]
		}
		a.Close(0, emit)
		if diff := cmp.Diff(want, have); diff != "" {
			t.Fatalf("%q (-net/http +got):\n%s", b, diff)
		}
	})
}

// reference are the bodies that net/http finds in b; false: b isn't all valid,
// or has what net/http and this package take differently on purpose.
func reference(b []byte, replies bool) (bodies []string, ok bool) {
	lower := strings.ToLower(string(b))
	for _, no := range []string{"encoding: g", "content-encoding", "upgrade", "\r\r", "connect "} {
		if strings.Contains(lower, no) {
			return nil, false
		}
	}
	r := bufio.NewReader(bytes.NewReader(b))
	for {
		if next, err := r.Peek(1); err == io.EOF {
			return bodies, len(bodies) > 0
		} else if !replies && !slices.Contains([]byte("GPHDOT"), next[0]) || replies && next[0] != 'H' {
			return nil, false
		}
		var body io.ReadCloser
		var header http.Header
		if replies {
			resp, err := http.ReadResponse(r, nil)
			if err != nil || resp.ProtoMajor != 1 || resp.StatusCode < 100 {
				return nil, false
			}
			if body, header = resp.Body, resp.Header; resp.StatusCode < 200 {
				if resp.StatusCode == 101 || len(resp.TransferEncoding) > 0 || resp.ContentLength > 0 {
					return nil, false
				}
				continue
			}
		} else {
			req, err := http.ReadRequest(r)
			if err != nil || req.ProtoMajor != 1 || !slices.Contains(methods, req.Method+" ") || !strings.HasPrefix(req.RequestURI, "/") {
				return nil, false
			}
			for name := range req.Header {
				if !isToken([]byte(name)) { // http.Server refuses it
					return nil, false
				}
			}
			body, header = req.Body, req.Header
		}
		text, err := io.ReadAll(body)
		if err != nil || len(header.Values("Transfer-Encoding")) > 0 || len(header.Values("Content-Length")) > 1 {
			return nil, false
		}
		bodies = append(bodies, string(text))
	}
}
