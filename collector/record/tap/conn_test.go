package tap_test

import (
	"context"
	"errors"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/rpc"
	"github.com/gorilla/websocket"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/record/internal/readback"
	"github.com/sessiontop/sessiontop/collector/record/tap"
)

type eth struct{}

func (eth) BlockNumber() string { return "0x10" }
func (eth) ChainId() string     { return "0x1" }

func server(t testing.TB) *rpc.Server {
	t.Helper()
	s := rpc.NewServer()
	if err := s.RegisterName("eth", eth{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// socket is a node's IPC endpoint.
func socket(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ipc") // t.TempDir may be too long for a socket's path
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "n.ipc")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	s := server(t)
	served := make(chan struct{})
	go func() { _ = s.ServeListener(l); close(served) }()
	t.Cleanup(func() { l.Close(); <-served })
	return path
}

func plain() tap.DialFunc { return new(net.Dialer).DialContext }

// talk makes 30 calls, 20 of them in batches.
func talk(t *testing.T, c *rpc.Client) {
	t.Helper()
	for range 10 {
		var got string
		if err := c.Call(&got, "eth_blockNumber"); err != nil || got != "0x10" {
			t.Fatal(got, err)
		}
		batch := []rpc.BatchElem{{Method: "eth_chainId", Result: new(string)}, {Method: "eth_blockNumber", Result: new(string)}}
		if err := c.BatchCall(batch); err != nil || batch[1].Error != nil || *batch[0].Result.(*string) != "0x1" {
			t.Fatal(batch, err)
		}
	}
}

func TestIPC(t *testing.T) {
	w, dir := readback.Writer(t)
	path := socket(t)
	conn, err := tap.Dialer(plain(), w, "")(t.Context(), "unix", path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := rpc.DialIO(t.Context(), conn, conn)
	if err != nil {
		t.Fatal(err)
	}
	talk(t, c)
	conn.Close()
	c.Close()
	s := readback.Check(t, dir, readback.Counts{Sessions: 1, Calls: 30, Replies: 30})
	session := s.Session(0)
	if session.Conn.Peer != path || session.Conn.Client != "go-ethereum" || session.Opened == 0 || session.Closed == 0 {
		t.Errorf("peer %q, client %q, opened %d, closed %d", session.Conn.Peer, session.Conn.Client, session.Opened, session.Closed)
	}
}

func TestWebSocket(t *testing.T) {
	for name, deflate := range map[string]bool{"plain": false, "permessage-deflate": true} {
		t.Run(name, func(t *testing.T) {
			w, dir := readback.Writer(t)
			web := httptest.NewServer(server(t).WebsocketHandler([]string{"*"}))
			defer web.Close()
			url := "ws" + strings.TrimPrefix(web.URL, "http")
			c, err := rpc.DialOptions(t.Context(), url, rpc.WithWebsocketDialer(websocket.Dialer{
				NetDialContext: tap.Dialer(plain(), w, url), EnableCompression: deflate,
			}))
			if err != nil {
				t.Fatal(err)
			}
			talk(t, c)
			c.Close()
			s := readback.Check(t, dir, readback.Counts{Sessions: 1, Calls: 30, Replies: 30})
			if got := s.Session(0).Conn; got.URL != url || got.Client != "go-ethereum" {
				t.Errorf("url %q, client %q", got.URL, got.Client)
			}
		})
	}
}

func TestWhatBreaksIsTold(t *testing.T) {
	w, dir := readback.Writer(t)
	client, node := net.Pipe()
	conn := tap.Conn(client, w, "")
	go func() {
		_, _ = node.Read(make([]byte, 512))
		node.Close()
	}()
	if _, err := conn.Write([]byte(`{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}` + "\n")); err != nil {
		t.Fatal(err)
	}
	if n, err := conn.Read(make([]byte, 512)); err == nil {
		t.Fatal("read", n)
	}
	text := logOf(t, dir)
	if !strings.Contains(text, `"ev":"fail"`) || !strings.Contains(text, `"err":"closed"`) || !strings.Contains(text, `"ev":"close"`) {
		t.Errorf("the log does not say that the connection broke:\n%s", text)
	}
}

func TestADeadlineBreaksNothing(t *testing.T) {
	w, dir := readback.Writer(t)
	client, node := net.Pipe()
	defer node.Close()
	conn := tap.Conn(client, w, "")
	if err := conn.SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
	go func() { _, _ = node.Read(make([]byte, 512)) }()
	if _, err := conn.Write([]byte(`{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}`)); err != nil {
		t.Fatal(err)
	}
	if text := logOf(t, dir); !strings.Contains(text, "eth_chainId") {
		t.Errorf("not recorded any more:\n%s", text)
	}
}

func TestWhatIsNoJSONRPCLeavesNoTrace(t *testing.T) {
	w, dir := readback.Writer(t)
	client, other := net.Pipe()
	conn := tap.Conn(client, w, "")
	go func() { _, _ = other.Read(make([]byte, 512)); other.Close() }()
	_, _ = conn.Write([]byte("GET / HTTP/1.1\r\n\r\n"))
	_, _ = conn.Read(make([]byte, 1))
	conn.Close()
	if text := logOf(t, dir); text != "" {
		t.Errorf("recorded: %s", text)
	}
}

func TestAFailedDialIsPassedOn(t *testing.T) {
	w, _ := readback.Writer(t)
	none := errors.New("none")
	dial := func(context.Context, string, string) (net.Conn, error) { return nil, none }
	if c, err := tap.Dialer(dial, w, "")(t.Context(), "tcp", "h:1"); c != nil || err != none {
		t.Error(c, err)
	}
}

func logOf(t *testing.T, dir string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, record.Self().FileName()))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func BenchmarkIPC(b *testing.B) {
	for name, recorded := range map[string]bool{"plain": false, "recorded": true} {
		b.Run(name, func(b *testing.B) {
			conn, err := net.Dial("unix", socket(b))
			if err != nil {
				b.Fatal(err)
			}
			if recorded {
				w, _ := readback.Writer(b)
				conn = tap.Conn(conn, w, "")
			}
			c, err := rpc.DialIO(b.Context(), conn, conn)
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			defer conn.Close()
			b.ReportAllocs()
			for b.Loop() {
				if err := c.Call(new(string), "eth_blockNumber"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
