package wire

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
)

// tape records what its connections write and read, in the order in which it
// happened.
type tape struct {
	mu    sync.Mutex
	conns [][]said
}

type taped struct {
	net.Conn
	tape *tape
	n    int
}

func (t *tape) dial(network, address string) (net.Conn, error) {
	c, err := net.Dial(network, address)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.conns = append(t.conns, nil)
	return &taped{c, t, len(t.conns) - 1}, err
}

func (c *taped) note(d Dir, b []byte) {
	c.tape.mu.Lock()
	defer c.tape.mu.Unlock()
	c.tape.conns[c.n] = append(c.tape.conns[c.n], said{dir: d, data: string(b), pid: 1})
}

func (c *taped) Write(b []byte) (int, error) {
	c.note(Sent, b)
	return c.Conn.Write(b)
}

func (c *taped) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.note(Received, b[:n])
	}
	return n, err
}

// echo answers a JSON-RPC call with its own text as the result.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	reply := fmt.Appendf(nil, `{"jsonrpc":"2.0","id":1,"result":%s}`, body)
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || len(body) < 100 {
		_, _ = w.Write(reply)
		return
	}
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	_, _ = z.Write(reply)
	_ = z.Close()
}

func call(t *testing.T, c *http.Client, url, body string) {
	t.Helper()
	resp, err := c.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Error(err)
	}
}

func padded(i, n int) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"m","params":["%s"]}`, i, strings.Repeat("x", n))
}

// TestHTTPClient listens to net/http's client and server, HTTP/1.1 and HTTP/2.
func TestHTTPClient(t *testing.T) {
	for _, proto := range []Proto{HTTP1, HTTP2} {
		t.Run(proto.String(), func(t *testing.T) {
			srv := httptest.NewUnstartedServer(http.HandlerFunc(echo))
			var on http.Protocols
			on.SetHTTP1(proto == HTTP1)
			on.SetUnencryptedHTTP2(proto == HTTP2)
			srv.Config.Protocols = &on
			srv.Start()
			defer srv.Close()
			var tape tape
			client := &http.Client{Transport: &http.Transport{Protocols: &on,
				DialContext: func(_ context.Context, network, address string) (net.Conn, error) { return tape.dial(network, address) }}}
			const calls = 60
			var wg sync.WaitGroup
			for i := range calls {
				wg.Go(func() { call(t, client, srv.URL, padded(i, i*i*20)) })
				if i%10 == 9 {
					wg.Wait()
				}
			}
			client.CloseIdleConnections()
			tape.mu.Lock()
			defer tape.mu.Unlock()
			asked, answered := map[string]int{}, map[string]int{}
			for _, conversation := range tape.conns {
				all, loss := talk(t, Options{}, wholeWrites, conversation...)
				for _, m := range all {
					if m.Flags != RPC || m.Proto != proto {
						t.Fatalf("%v %v flags %b", m.Proto, m.Dir, m.Flags)
					}
					if m.Dir == Sent {
						asked[string(m.Body)]++
					} else if m.Status == 200 {
						s := strings.TrimPrefix(string(m.Body), `{"jsonrpc":"2.0","id":1,"result":`)
						answered[strings.TrimSuffix(s, "}")]++
					}
				}
				if loss != (Loss{}) {
					t.Errorf("loss: %+v", loss)
				}
				checkSplits(t, conversation, all, loss)
			}
			for i := range calls {
				if s := padded(i, i*i*20); asked[s] != 1 || answered[s] != 1 {
					t.Errorf("call %d: asked %d, answered %d times", i, asked[s], answered[s])
				}
			}
		})
	}
}

// TestGorilla listens to gorilla's WebSocket client and server.
func TestGorilla(t *testing.T) {
	for _, compress := range []bool{false, true} {
		t.Run(fmt.Sprint("compression ", compress), func(t *testing.T) {
			up := websocket.Upgrader{EnableCompression: compress}
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				c, err := up.Upgrade(w, r, nil)
				if err != nil {
					return
				}
				defer c.Close()
				for {
					kind, b, err := c.ReadMessage()
					if err != nil {
						return
					}
					_ = c.WriteControl(websocket.PingMessage, []byte("?"), deadline())
					_ = c.WriteMessage(kind, fmt.Appendf(nil, `{"jsonrpc":"2.0","id":1,"result":%s}`, b))
				}
			}))
			defer srv.Close()
			var tape tape
			dialer := websocket.Dialer{NetDial: tape.dial, EnableCompression: compress}
			c, resp, err := dialer.Dial("ws"+strings.TrimPrefix(srv.URL, "http"), nil)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			var want []got
			for i := range 40 {
				ask := padded(i, i*i*50)
				reply := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"result":%s}`, ask)
				kind := websocket.TextMessage + i%2
				w, err := c.NextWriter(kind)
				if err != nil {
					t.Fatal(err)
				}
				for s := range bytes.SplitSeq([]byte(ask), []byte("xxxx")) { // in several frames, where they are long
					_, _ = w.Write(s)
				}
				short := strings.ReplaceAll(ask, "xxxx", "")
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				reply = strings.Replace(reply, ask, short, 1)
				if _, b, err := c.ReadMessage(); err != nil || string(b) != reply {
					t.Fatalf("%v, read %q", err, b)
				}
				want = append(want,
					got{Dir: Sent, Proto: WebSocket, Body: short, Flags: RPC},
					got{Dir: Received, Proto: WebSocket, Body: reply, Flags: RPC})
			}
			c.Close()
			tape.mu.Lock()
			defer tape.mu.Unlock()
			check(t, tape.conns[0], append([]got{{Dir: Sent, Proto: HTTP1, Flags: NotJSON}}, want...)...)
		})
	}
}
