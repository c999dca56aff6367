package wire

import (
	"bytes"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
)

func packed(t testing.TB, how, s string) string {
	t.Helper()
	var b bytes.Buffer
	var w interface {
		Write([]byte) (int, error)
		Close() error
	}
	switch how {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "zlib":
		w = zlib.NewWriter(&b)
	case "br":
		w = brotli.NewWriter(&b)
	default:
		w, _ = flate.NewWriter(&b, 6)
	}
	if _, err := w.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHTTP1(t *testing.T) {
	rpc := func(d Dir, body string, status int) got {
		return got{Dir: d, Proto: HTTP1, Body: body, Status: status, Flags: RPC}
	}
	asked := rpc(Sent, ask1, 0)
	answered := rpc(Received, reply1, 200)
	const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	notJSON := func(d Dir, body string, status int, flags Flags) got {
		return got{Dir: d, Proto: HTTP1, Body: body, Status: status, Flags: NotJSON | flags}
	}
	tests := map[string]struct {
		talk []said
		want []got
	}{
		"keep-alive": {
			[]said{sent(post(ask1)), received(ok(reply1)), sent(post(ask1)), received(ok(reply1))},
			[]got{asked, answered, asked, answered},
		},
		"pipelined": {
			[]said{sent(post(ask1), post(ask1)), received(ok(reply1), ok(reply1))},
			[]got{asked, asked, answered, answered},
		},
		"names in any case": {
			[]said{sent("POST / HTTP/1.1\r\ncOnTeNt-lEnGtH:60\r\n\r\n" + ask1), received("HTTP/1.1 200\r\nCONTENT-LENGTH:\t38 \r\n\r\n" + reply1)},
			[]got{asked, answered},
		},
		"bare line feeds": {
			[]said{sent("POST / HTTP/1.1\nContent-Length: 60\n\n" + ask1), received("HTTP/1.1 200 OK\nContent-Length: 38\r\n\n" + reply1)},
			[]got{asked, answered},
		},
		"obs-fold": {
			[]said{sent(post(ask1)), received("HTTP/1.1 200 OK\r\nX: a\r\n  b: c\r\nContent-Length:\r\n 38\r\n\r\n" + reply1)},
			[]got{asked, answered},
		},
		"blank lines between": {
			[]said{sent("\r\n", post(ask1), "\r\n", post(ask1)), received(ok(reply1), "\r\n", ok(reply1))},
			[]got{asked, asked, answered, answered},
		},
		"chunked with extension and trailer": {
			[]said{sent(post(ask1)), received(chunked, "5;x=y\r\n", reply1[:5], "\r\n0021\r\n", reply1[5:], "\r\n0\r\nX-Sum: 1\r\n\r\n", ok(reply1))},
			[]got{asked, answered, answered},
		},
		"chunked request": {
			[]said{sent("POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n3C\r\n", ask1, "\r\n0\r\n\r\n"), received(ok(reply1))},
			[]got{asked, answered},
		},
		"until close": {
			[]said{sent(post(ask1)), received("HTTP/1.0 200 OK\r\n\r\n", reply1)},
			[]got{asked, answered},
		},
		"interim replies": {
			[]said{sent(post(ask1, "Expect: 100-continue\r\n")), received("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", ok(reply1))},
			[]got{asked, answered},
		},
		"HEAD, 204, 304": {
			[]said{
				sent("HEAD /health HTTP/1.1\r\n\r\n"), received("HTTP/1.1 200 OK\r\nContent-Length: 38\r\n\r\n"),
				sent(post(ask1)), received("HTTP/1.1 204 No Content\r\n\r\n"),
				sent(post(ask1)), received("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"),
				sent(post(ask1)), received(ok(reply1)),
			},
			[]got{
				notJSON(Sent, "", 0, 0), notJSON(Received, "", 200, 0), asked, notJSON(Received, "", 204, RPC),
				asked, notJSON(Received, "", 304, RPC), asked, answered,
			},
		},
		"another service on the connection": {
			[]said{sent(post(ask1)), received(ok(reply1)), sent("GET /metrics HTTP/1.1\r\n\r\n"), received(ok("up 1"))},
			[]got{asked, answered, notJSON(Sent, "", 0, 0), notJSON(Received, "up 1", 200, 0)},
		},
		"an error page": {
			[]said{sent(post(ask1)), received("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 11\r\n\r\nbad gateway")},
			[]got{asked, notJSON(Received, "bad gateway", 502, RPC)},
		},
		"gzip": {
			[]said{
				sent(post(packed(t, "gzip", ask1), "Content-Encoding: gzip\r\n")),
				received(ok(packed(t, "gzip", reply1), "content-encoding: x-gzip\r\n")),
			},
			[]got{asked, answered},
		},
		"deflate, both ways": {
			[]said{
				sent(post(ask1)), received(ok(packed(t, "zlib", reply1), "Content-Encoding: deflate\r\n")),
				sent(post(ask1)), received(ok(packed(t, "raw", reply1), "Content-Encoding: DEFLATE\r\n")),
			},
			[]got{asked, answered, asked, answered},
		},
		"br, chunked": {
			[]said{
				sent(post(ask1)),
				received("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n", chunks(packed(t, "br", reply1), 7)),
			},
			[]got{asked, answered},
		},
		"an unknown encoding": {
			[]said{sent(post(ask1)), received(ok("xyz", "Content-Encoding: zstd\r\n"), ok("xyz", "Content-Encoding: gzip\r\n"))},
			[]got{
				asked, {Dir: Received, Proto: HTTP1, Body: "xyz", Status: 200, Flags: RPC | Undecoded},
				{Dir: Received, Proto: HTTP1, Body: "xyz", Status: 200, Flags: RPC | Undecoded},
			},
		},
		"cut short": {
			[]said{sent(post(ask1)), received(ok(reply1)[:len(ok(reply1))-30])},
			[]got{asked, {Dir: Received, Proto: HTTP1, Body: reply1[:8], Status: 200, Flags: RPC | Truncated | Cut}},
		},
		"CONNECT": {
			[]said{
				sent("CONNECT node:80 HTTP/1.1\r\nHost: node\r\n\r\n"), received("HTTP/1.1 200 Connected\r\n\r\n"),
				sent(post(ask1)), received(ok(reply1)),
			},
			[]got{notJSON(Sent, "", 0, 0), notJSON(Received, "", 200, 0), asked, answered},
		},
		"lengths that differ": {
			[]said{sent("POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", post(ask1))},
			[]got{notJSON(Sent, "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 0, Malformed), asked},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { check(t, test.talk, test.want...) })
	}
}

func TestBrokenChunk(t *testing.T) {
	all, loss := talk(t, Options{}, wholeWrites, sent(post(ask1)),
		received("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\n", reply1[:5], "\r\nxyz\r\n", ok(reply1)))
	if len(all) != 3 || all[1].Flags != RPC|Malformed|NotJSON || string(all[1].Body) != reply1[:5] || string(all[2].Body) != reply1 {
		t.Fatalf("%+v", all)
	}
	if loss.Skipped != 5 || loss.Resyncs != 1 {
		t.Errorf("loss %+v", loss)
	}
}

// chunks is s in the chunked coding.
func chunks(s string, n int) string {
	var b strings.Builder
	for len(s) > 0 {
		k := min(n, len(s))
		b.WriteString(strings.ToUpper(hex(k)) + "\r\n" + s[:k] + "\r\n")
		s = s[k:]
	}
	return b.String() + "0\r\n\r\n"
}

func hex(n int) string {
	const digits = "0123456789abcdef"
	if n < 16 {
		return digits[n : n+1]
	}
	return hex(n/16) + digits[n%16:n%16+1]
}
