package web3py

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/foreigntest"
)

// told says of each line what happened, with the id and the method, in order of
// time.
func told(t *testing.T, lines string) (all []string) {
	t.Helper()
	type line struct {
		Ts  time.Time
		Ev  string
		ID  json.RawMessage
		Msg struct {
			ID     json.RawMessage
			Method string
			Error  json.RawMessage
		}
	}
	var parsed []line
	for text := range strings.Lines(lines) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		parsed = append(parsed, l)
	}
	slices.SortStableFunc(parsed, func(a, b line) int { return a.Ts.Compare(b.Ts) })
	for _, l := range parsed {
		s := fmt.Sprintf("%s %s%s %s", l.Ev, l.ID, l.Msg.ID, l.Msg.Method)
		if l.Msg.Error != nil {
			s += " error"
		}
		all = append(all, strings.Join(strings.Fields(s), " "))
	}
	return all
}

// What was logged of a persistent connection, over WebSocket and IPC, becomes
// all of its requests and replies, under the ids that they had.
func TestPersistentConnections(t *testing.T) {
	list := func(parts ...string) []string { return strings.Split(strings.Join(parts, ", "), ", ") }
	const begin = "open, send 0 eth_chainId, recv 0, send 1 eth_blockNumber, send 2 eth_gasPrice, send 3 eth_getBalance"
	const since = "send 4 eth_chainId, recv 4, send 5 eth_call, recv 5 error, send 6 eth_chainId, recv 6, send 7 eth_subscribe, recv 7, " +
		"recv eth_subscription, send 8 eth_unsubscribe, recv 8, send 9 eth_gasPrice, send 10 eth_getBalance, recv 9, recv 10, close"
	for name, want := range map[string][]string{
		// There eth_call had the id 4 until web3.py needed the chain's id for it.
		"6.20.4-persistent": list(begin, "recv 1, recv 3, recv 2", "send 5 eth_call, send 4 eth_chainId, recv 4, recv 5 error",
			"send 6 eth_subscribe, recv 6, recv eth_subscription, send 7 eth_unsubscribe, recv 7, close"),
		"7.16.0-persistent-ipc": list(begin, "recv 1, recv 3, recv 2", since),
		"8.0.0-persistent":      list(begin, "recv 1, recv 2, recv 3", since),
	} {
		t.Run(name, func(t *testing.T) {
			log := foreigntest.Read(t, "web3.py-"+name+".log")
			lines, stats := foreigntest.Translate(t, Format(), foreign.Source{}, log, len(log))
			if d := cmp.Diff(want, told(t, lines)); d != "" {
				t.Error(d)
			}
			client, url := since7, "ws://127.0.0.1:8546"
			if name[0] == '6' {
				client = before7
			}
			if strings.HasSuffix(name, "ipc") {
				url = "ipc:/run/geth/geth.ipc"
			}
			for line := range strings.Lines(lines) {
				if !strings.Contains(line, `,"url":"`+url+`","client":"`+client+`"`) || !strings.Contains(line, `"opener":`) {
					t.Errorf("not on %s by %s: %s", url, client, line)
				}
			}
			if stats.Bad > 0 {
				t.Errorf("%+v", stats)
			}
			if !strings.Contains(lines, `"method":"eth_getBalance","params":["0x2222222222222222222222222222222222222222","latest"]}`) {
				t.Error("no parameters")
			}
			// What the log itself says of its requests, elsewhere.
			for _, m := range regexp.MustCompile(`request: \{'id': (\d+), 'jsonrpc': '2.0', 'method': '(\w+)'`).FindAllSubmatch(log, -1) {
				if !slices.Contains(want, fmt.Sprintf("send %s %s", m[1], m[2])) {
					t.Errorf("no request %s of %s", m[1], m[2])
				}
			}
		})
	}
}

// Where a process has several connections, a reply is a request's only if it can
// be no other's.
func TestSeveralPersistentConnections(t *testing.T) {
	b := &strings.Builder{}
	put := func(format string, args ...any) {
		fmt.Fprintf(b, "2026-11-23 04:57:15.053Z 7 DEBUG web3.providers.WebSocketProvider: "+format+"\n", args...)
	}
	ask := func(uri, method string, id int) {
		put("Sending request to open socket connection: %s,\n    method: %s,\n    params: ()", uri, method)
		put("Caching request info:\n    request_id=%d,\n    cache_key=c,\n    request_info={'method': '%s', 'params': (), 'x': ()}", id, method)
	}
	reply := func(id int, result string) {
		put("Caching response:\n    response_id=%d,\n    cache_key=c,\n    response={'jsonrpc': '2.0', 'id': %d, 'result': %s}", id, id, result)
	}
	put("Successfully connected to: ws://a")
	put("Successfully connected to: /b.ipc")
	ask("ws://a", "eth_chainId", 0)
	ask("/b.ipc", "eth_syncing", 1)
	reply(1, "False")
	reply(0, "'0x1'")
	ask("ws://a", "eth_chainId", 2)
	ask("/b.ipc", "eth_syncing", 2)
	reply(2, "False")
	reply(2, "'0x1'")
	reply(9, "'0x1'")
	lines, stats := foreigntest.Translate(t, Format(), foreign.Source{}, []byte(b.String()), 10)
	want := []string{
		"open", "open", "send 0 eth_chainId", "send 1 eth_syncing", "recv 1", "recv 0",
		"send 2 eth_chainId", "send 2 eth_syncing", "fail 2", "fail 2",
	}
	if d := cmp.Diff(want, told(t, lines)); d != "" || stats.Bad > 0 {
		t.Errorf("%+v\n%s", stats, d)
	}
	for _, part := range []string{`"sess":"/b.ipc#2 of 7","opener":7,"url":"ipc:/b.ipc","client":"web3.py/7.x","msg":{"jsonrpc":"2.0","id":1,"method":"eth_syncing","params":[]}}`,
		`"sess":"ws://a#1 of 7","opener":7,"url":"ws://a","client":"web3.py/7.x","msg":{"jsonrpc":"2.0","id":0,"result":"0x1"}}`} {
		if !strings.Contains(lines, part) {
			t.Errorf("no %s in\n%s", part, lines)
		}
	}
}

// Of the older providers for WebSocket and IPC the requests are logged; replies
// as far as another library shows them whole, or they are errors.
func TestSocketsWithoutReplies(t *testing.T) {
	for name, want := range map[string][]string{
		"6.15.1-websocket": {
			"send 0 eth_chainId", "recv 0", "send 1 eth_gasPrice", "recv 1", "send 2 eth_getBalance", "recv 2",
			"send 3 eth_getTransactionByHash", "fail 3", "send 4 eth_chainId", "recv 4", "send 5 eth_call", "fail 5",
			"send 6 eth_blockNumber", "recv 6", "send 7 eth_getBlockByNumber", "fail 7",
		},
		"7.16.0-websocket": {
			"send 0 eth_chainId", "recv 0", "send 1 eth_gasPrice", "recv 1", "send 2 eth_getBalance", "recv 2",
			"send 3 eth_getTransactionByHash", "fail 3", "send 4 eth_chainId", "recv 4", "send 5 eth_call", "fail 5",
			"send 6 eth_chainId", "recv 6", "send 7 eth_blockNumber", "recv 7", "send 8 eth_getBlockByNumber", "fail 8",
		},
		"5.31.4-ipc": {
			"send 0 eth_chainId", "send 0 eth_chainId", "fail 0", "send 1 eth_gasPrice", "send 0 eth_chainId", "fail 0", "send 1 eth_gasPrice",
			"fail 1", "send 2 eth_getBalance", "fail 2", "send 3 eth_getTransactionByHash", "fail 1", "send 2 eth_getBalance", "fail 3",
			"send 4 eth_chainId", "fail 4", "send 5 eth_blockNumber",
		},
		"8.0.0-ipc": {"send 0 eth_chainId", "send 0 eth_chainId", "send 0 eth_chainId"},
	} {
		t.Run(name, func(t *testing.T) {
			log := foreigntest.Read(t, "web3.py-"+name+".log")
			lines, stats := foreigntest.Translate(t, Format(), foreign.Source{}, log, len(log))
			if d := cmp.Diff(want, told(t, lines)); d != "" || stats.Bad > 0 {
				t.Errorf("%+v\n%s", stats, d)
			}
		})
	}
}
