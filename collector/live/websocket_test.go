//go:build linux && (amd64 || arm64)

package live_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
)

// TestWebSocket: a connection that begins as HTTP is one whose replies come in
// any order.
func TestWebSocket(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		up := websocket.Upgrader{}
		c, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer c.Close()
		var ids []string
		for range 2 {
			_, b, err := c.ReadMessage()
			if err != nil {
				return
			}
			ids = append(ids, between(b, `"id":`, ","))
		}
		for _, id := range []string{ids[1], ids[0]} {
			c.WriteMessage(websocket.TextMessage, []byte(`{"jsonrpc":"2.0","id":`+id+`,"result":"0x1"}`))
		}
		c.ReadMessage()
	}))
	defer server.Close()
	cap := attach(t, live.Selector{PIDs: []int32{int32(os.Getpid())}})
	c, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(server.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, id := range []string{"1", "2"} {
		if err := c.WriteMessage(websocket.TextMessage, []byte(`{"jsonrpc":"2.0","id":`+id+`,"method":"eth_call","params":[]}`)); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if _, _, err := c.ReadMessage(); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "the replies are captured", func() bool { return len(cap.told(record.Recv)) == 2 })
	cap.end()
	snap := cap.engine.Snapshot()
	if n := snap.Sessions.Len(); n != 1 || snap.Sessions.At(0).Transport != model.WebSocket || snap.Sessions.At(0).Calls != 2 {
		t.Fatalf("%d sessions, %+v, want one of WebSocket", n, snap.Sessions.At(0))
	}
	if n := snap.Findings.Len(); n != 0 {
		t.Errorf("found %v about replies in another order", cap.found())
	}
}
