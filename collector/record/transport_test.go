package record_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/rpc"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/record/internal/readback"
	"github.com/sessiontop/sessiontop/model"
)

// eth answers as a node does.
type eth struct{ hang chan struct{} }

func (eth) BlockNumber() string             { return "0x10" }
func (eth) ChainId() string                 { return "0x1" }
func (eth) Accounts() []string              { return []string{} }
func (eth) GasPrice() (string, error)       { return "", errors.New("no gas") }
func (e eth) GetBalance(a, b string) string { <-e.hang; return "0x0" }

// node is a JSON-RPC server that ends with the test.
func node(t testing.TB) *rpc.Server {
	t.Helper()
	s, service := rpc.NewServer(), eth{make(chan struct{})}
	if err := s.RegisterName("eth", service); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { close(service.hang); s.Stop() })
	return s
}

func webNode(t testing.TB) string {
	t.Helper()
	web := httptest.NewServer(node(t))
	t.Cleanup(web.CloseClientConnections)
	return web.URL
}

// dial is a client of go-ethereum whose calls are recorded.
func dial(t testing.TB, url string, w *record.Writer) (*rpc.Client, *http.Transport) {
	t.Helper()
	base := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(base.CloseIdleConnections)
	c, err := rpc.DialOptions(context.Background(), url, rpc.WithHTTPClient(&http.Client{Transport: record.Transport(base, w)}))
	if err != nil {
		t.Fatal(err)
	}
	return c, base
}

func TestTransportRecordsKeepAliveCalls(t *testing.T) {
	w, dir := readback.Writer(t)
	c, _ := dial(t, webNode(t), w)
	for i := range 50 {
		var got string
		if err := c.Call(&got, "eth_blockNumber"); err != nil || got != "0x10" {
			t.Fatalf("call %d: %q, %v", i, got, err)
		}
	}
	var price string
	if err := c.Call(&price, "eth_gasPrice"); err == nil || err.Error() != "no gas" {
		t.Fatalf("the node's error came as %v", err)
	}
	s := readback.Check(t, dir, readback.Counts{Sessions: 1, Calls: 51, Replies: 51, Errors: 1})
	session := s.Session(0)
	if session.Conn.Client != "go-ethereum" || session.Opened == 0 || !session.Wire() {
		t.Errorf("client %q, opened %d, named by its connection: %v", session.Conn.Client, session.Opened, session.Wire())
	}
}

func TestTransportRecordsBatchesAndConcurrentCalls(t *testing.T) {
	w, dir := readback.Writer(t)
	c, _ := dial(t, webNode(t), w)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				batch := []rpc.BatchElem{{Method: "eth_chainId", Result: new(string)}, {Method: "eth_accounts", Result: new([]string)}}
				if err := c.BatchCall(batch); err != nil || batch[0].Error != nil || *batch[0].Result.(*string) != "0x1" {
					t.Error(err, batch)
				}
			}
		})
	}
	wg.Wait()
	s := readback.Snapshot(t, dir)
	readback.Check(t, dir, readback.Counts{Sessions: s.Totals.Sessions, Calls: 320, Replies: 320})
	if n := s.Totals.Sessions; n < 1 || n > 160 {
		t.Errorf("%d connections", n)
	}
}

func TestTransportRecordsWhyThereIsNoReply(t *testing.T) {
	reset := func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) }
	for want, broken := range map[string]func(net.Conn){"reset": reset, "closed": func(net.Conn) {}} {
		t.Run(want, func(t *testing.T) {
			w, dir := readback.Writer(t)
			web := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				_, _ = io.ReadAll(r.Body)
				c, _, err := rw.(http.Hijacker).Hijack()
				if err != nil {
					panic(err)
				}
				broken(c)
				c.Close()
			}))
			defer web.Close()
			c, _ := dial(t, web.URL, w)
			if err := c.Call(nil, "eth_blockNumber"); err == nil {
				t.Fatal("there was a reply")
			}
			failed(t, dir, want, 1)
		})
	}
	t.Run("timeout", func(t *testing.T) {
		w, dir := readback.Writer(t)
		c, _ := dial(t, webNode(t), w)
		ctx, cancel := context.WithTimeout(t.Context(), 1)
		defer cancel()
		if err := c.CallContext(ctx, nil, "eth_getBalance", "0x0", "latest"); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		failed(t, dir, "timeout", 0)
	})
	t.Run("timeout while it waits", func(t *testing.T) {
		w, dir := readback.Writer(t)
		asked := make(chan struct{})
		web := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadAll(r.Body)
			close(asked)
			<-r.Context().Done()
		}))
		defer web.Close()
		c, _ := dial(t, web.URL, w)
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() { <-asked; cancel(context.DeadlineExceeded) }()
		if err := c.CallContext(ctx, nil, "eth_chainId"); err == nil {
			t.Fatal("there was a reply")
		}
		failed(t, dir, "", 1)
	})
	t.Run("refused", func(t *testing.T) {
		w, dir := readback.Writer(t)
		web := httptest.NewServer(nil)
		web.Close() // its port is nobody's now
		c, _ := dial(t, web.URL, w)
		if err := c.Call(nil, "eth_blockNumber"); err == nil {
			t.Fatal("there was a reply")
		}
		failed(t, dir, "refused", 0)
	})
}

// failed wants one call that failed for a reason, "" for any, and calls sent
// requests.
func failed(t *testing.T, dir, why string, sent int) {
	t.Helper()
	text := read(t, dir+"/"+record.Self().FileName())
	var fails, sends int
	for _, l := range parse(t, text) {
		switch l.Ev {
		case "send":
			sends++
		case "fail":
			fails++
			if why != "" && l.Err != why {
				t.Errorf("it failed because of %q, want %q", l.Err, why)
			}
		}
	}
	if fails != 1 || sends != sent || !strings.Contains(text, `"id":1`) {
		t.Errorf("%d failures, %d requests, want 1 and %d:\n%s", fails, sends, sent, text)
	}
}

func TestTransportChangesNothing(t *testing.T) {
	const call = `{ "jsonrpc":"2.0", "id":7,"method":"eth_chainId" }`
	w, dir := readback.Writer(t)
	web := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(rw, "%s %d %v %s", r.Method, r.ContentLength, r.TransferEncoding, body)
	}))
	defer web.Close()
	plain, recorded := web.Client(), &http.Client{Transport: record.Transport(web.Client().Transport, w)}
	for name, request := range map[string]func() *http.Request{
		"a call":                  func() *http.Request { return post(web.URL, strings.NewReader(call), 0) },
		"one that is read once":   func() *http.Request { return post(web.URL, io.NopCloser(strings.NewReader(call)), int64(len(call))) },
		"a stream":                func() *http.Request { return post(web.URL, io.NopCloser(strings.NewReader(call)), 0) },
		"no JSON":                 func() *http.Request { return post(web.URL, strings.NewReader("a=b"), 0) },
		"JSON of another service": func() *http.Request { return post(web.URL, strings.NewReader(`{"a":1}`), 0) },
		"no body":                 func() *http.Request { return post(web.URL, nil, 0) },
	} {
		want, got := said(t, plain, request()), said(t, recorded, request())
		if got != want {
			t.Errorf("%s: %q, without the recorder %q", name, got, want)
		}
	}
	var sends, recvs int
	for _, l := range parse(t, read(t, dir+"/"+record.Self().FileName())) {
		switch {
		case l.Ev == "send":
			sends++
			if string(l.Msg) != call {
				t.Errorf("recorded as sent: %s", l.Msg)
			}
		case l.Ev == "recv":
			recvs++
			if want := "POST " + fmt.Sprint(len(call)) + " [] " + call; l.Raw != want {
				t.Errorf("recorded as read: %q, want %q", l.Raw, want)
			}
		}
	}
	if sends != 2 || recvs != 2 {
		t.Errorf("%d requests and %d replies recorded, want 2", sends, recvs)
	}
}

func post(url string, body io.Reader, length int64) *http.Request {
	r, err := http.NewRequest(http.MethodPost, url, body)
	if err != nil {
		panic(err)
	}
	if length > 0 {
		r.ContentLength = length
	}
	return r
}

func said(t *testing.T, c *http.Client, r *http.Request) string {
	t.Helper()
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(resp.StatusCode, " ", string(body))
}

func TestTransportSeesAConnectionThatTheServerHadClosed(t *testing.T) {
	w, dir := readback.Writer(t)
	web := httptest.NewServer(node(t))
	defer web.Close()
	c, _ := dial(t, web.URL, w)
	const calls = 20
	for range calls {
		if err := c.Call(new(string), "eth_blockNumber"); err != nil {
			continue // the request was on its way already
		}
		web.CloseClientConnections()
	}
	s := readback.Snapshot(t, dir)
	if s.Totals.Malformed+s.Totals.ErrorKinds != 0 || s.Totals.InFlight != 0 || s.Totals.Calls < calls {
		t.Errorf("%d calls, %d in flight, %d findings", s.Totals.Calls, s.Totals.InFlight, s.Totals.ErrorKinds)
	}
	if s.Totals.Sessions < 2 || s.Totals.Of(model.SharedSession) != 0 {
		t.Errorf("%d connections", s.Totals.Sessions)
	}
}

func BenchmarkTransport(b *testing.B) {
	for _, recorded := range []bool{false, true} {
		b.Run(fmt.Sprintf("recorded=%v", recorded), func(b *testing.B) {
			web := httptest.NewServer(node(b))
			defer web.Close()
			base := http.DefaultTransport.(*http.Transport).Clone()
			defer base.CloseIdleConnections()
			hc := &http.Client{Transport: base}
			if recorded {
				w, _ := readback.Writer(b)
				hc.Transport = record.Transport(base, w)
			}
			c, err := rpc.DialOptions(b.Context(), web.URL, rpc.WithHTTPClient(hc))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := c.Call(new(string), "eth_blockNumber"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
