package wire

import (
	"fmt"
	"strings"
	"testing"
)

// message300 is an HTTP message of 300 bytes, as a client's library sends it.
func message300(body, start string) string {
	head := start + "Host: 127.0.0.1:8545\r\nUser-Agent: python-requests/2.32\r\nAccept: */*\r\nContent-Type: application/json\r\n" +
		fmt.Sprintf("Content-Length: %d\r\nX-Pad: ", len(body))
	return head + strings.Repeat("p", 300-len(head)-len(body)-4) + "\r\n\r\n" + body
}

// BenchmarkHTTP1 is a call and its reply, a chunk each.
func BenchmarkHTTP1(b *testing.B) {
	ask := []byte(message300(ask1, "POST / HTTP/1.1\r\n"))
	reply := []byte(message300(reply1, "HTTP/1.1 200 OK\r\n"))
	a := New(Options{})
	n := 0
	emit := func(Message) { n++ }
	off := int64(0)
	b.SetBytes(int64(len(ask) + len(reply)))
	b.ReportAllocs()
	for b.Loop() {
		a.Feed(Chunk{Conn: 1, PID: 1, Dir: Sent, Off: off, HasOff: true, Data: ask}, emit)
		a.Feed(Chunk{Conn: 1, PID: 1, Dir: Received, Off: off, HasOff: true, Data: reply}, emit)
		off += 300
	}
	if n == 0 || a.Total() != (Loss{}) {
		b.Fatal(n, a.Total())
	}
}

func benchmarkStream(b *testing.B, prelude []said, chunk string, each int, conns uint64) {
	a := New(Options{})
	n := 0
	emit := func(Message) { n++ }
	for i := range conns {
		for _, s := range prelude {
			a.Feed(Chunk{Conn: i, Dir: s.dir, PID: 1, Data: []byte(s.data)}, emit)
		}
	}
	n = 0
	data := []byte(chunk)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	i, fed := uint64(0), 0
	for b.Loop() {
		a.Feed(Chunk{Conn: i, Dir: Received, PID: 1, Data: data}, emit)
		fed++
		if i++; i == conns {
			i = 0
		}
	}
	if n != fed*each {
		b.Fatal(n, "messages of", fed, "chunks")
	}
}

func BenchmarkStreams(b *testing.B) {
	big := `{"jsonrpc":"2.0","id":1,"result":{"logs":[` + strings.Repeat(`{"address":"0x52908400098527886E0F7030069857D2E4169EE7","data":"0x00","removed":false},`, 1000) + `{}]}}`
	reply := message300(reply1, "HTTP/1.1 200 OK\r\n")
	upgrade := []said{sent(wsAsk), received(wsReply, "\r\n")}
	for name, run := range map[string]func(*testing.B){
		"HTTP1, 64 messages a chunk": func(b *testing.B) { benchmarkStream(b, nil, strings.Repeat(reply, 64), 64, 1) },
		"HTTP1, 10000 connections":   func(b *testing.B) { benchmarkStream(b, nil, reply, 1, 10_000) },
		"HTTP1, 90 kB":               func(b *testing.B) { benchmarkStream(b, nil, ok(big), 1, 1) },
		"HTTP1, chunked": func(b *testing.B) {
			benchmarkStream(b, nil, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+chunks(big, 4096), 1, 1)
		},
		"HTTP1, gzip": func(b *testing.B) {
			benchmarkStream(b, nil, ok(packed(b, "gzip", big), "Content-Encoding: gzip\r\n"), 1, 1)
		},
		"JSON":        func(b *testing.B) { benchmarkStream(b, nil, strings.Repeat(reply1+"\n", 64), 64, 1) },
		"JSON, 90 kB": func(b *testing.B) { benchmarkStream(b, nil, big, 1, 1) },
		"WebSocket": func(b *testing.B) {
			benchmarkStream(b, upgrade, strings.Repeat(wsFrameOf(Received, 0x81, reply1), 64), 64, 1)
		},
	} {
		b.Run(name, run)
	}
}
