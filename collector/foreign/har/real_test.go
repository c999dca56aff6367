package har_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/foreign/foreigntest"
	"github.com/sessiontop/sessiontop/collector/foreign/har"
)

// Archives of real programs; the calls were made by a page, and by web3.py. Of the
// browsers' own, headers and stacks are left out.
func TestRealArchives(t *testing.T) {
	const node, ws = "http://127.0.0.1:18721/", "127.0.0.1:18722, entry at "
	const first = "connection 7137 to 127.0.0.1:18721 " + node
	for name, want := range map[string][]string{
		"playwright-1.65.1-chromium-156.har": {
			`1 send  ` + node + ` 0  {"jsonrpc":"2.0","id":1,"method":"eth_ch`,
			`1 recv  ` + node + ` 200  {"jsonrpc":"2.0","id":1,"result":"0x539"`,
			`1 send  ` + node + ` 0  [{"jsonrpc":"2.0","id":2,"method":"eth_a`,
			`1 recv  ` + node + ` 200  [{"jsonrpc":"2.0","id":2,"result":["0x71`,
			`1 open ` + ws + `4746 ws://127.0.0.1:18722/ 0`,
			`1 send ` + ws + `4746 ws://127.0.0.1:18722/ 0  {"jsonrpc":"2.0","id":7,"method":"eth_su`,
			`1 send ` + ws + `4746 ws://127.0.0.1:18722/ 0  {"jsonrpc":"2.0","id":8,"method":"eth_sy`,
			`1 recv ` + ws + `4746 ws://127.0.0.1:18722/ 0  {"jsonrpc":"2.0","id":8,"result":{"curre`,
			`1 recv ` + ws + `4746 ws://127.0.0.1:18722/ 0  {"jsonrpc":"2.0","id":7,"result":"0x476c`,
			`1 send  http://127.0.0.1:1/ 0  {"jsonrpc":"2.0","id":9,"method":"eth_ga`,
			`1 fail  http://127.0.0.1:1/ 0 net::ERR_UNSAFE_PORT`,
		},
		"devtools-chromium-156.har": {
			`1 send ` + first + ` 0  {"jsonrpc":"2.0","id":1,"method":"eth_ch`,
			`1 recv ` + first + ` 200  {"jsonrpc":"2.0","id":1,"result":"0x539"`,
			`1 send ` + first + ` 0  [{"jsonrpc":"2.0","id":2,"method":"eth_a`,
			`1 recv ` + first + ` 200  [{"jsonrpc":"2.0","id":2,"result":["0x71`,
			`1 send ` + first + ` 0  {"jsonrpc":"2.0","id":4,"method":"eth_no`,
			`1 recv ` + first + ` 200  {"jsonrpc":"2.0","id":4,"error":{"code":`,
			`1 send ` + first + ` 0  {"jsonrpc":"2.0","id":6,"method":"eth_ge`,
			`1 recv ` + first + ` 200  {"jsonrpc":"2.0","id":6,"result":{"numbe`, // it came gzipped
			`1 send ` + first + ` 0  {"jsonrpc":"2.0","id":7,"method":"web3_c`,
			`1 recv ` + first + ` 200  {"jsonrpc":"2.0","id":7,"result":"Café/`,
			`1 send  ` + node + ` 0  {"jsonrpc":"2.0","id":8,"method":"eth_ge`, // the page gives it up
			`1 send connection 7224 to 127.0.0.1:18721 ` + node + ` 0  {"jsonrpc":"2.0","id":9,"method":"eth_ga`,
			`1 send connection 7229 to 127.0.0.1:18721 ` + node + ` 0  {"jsonrpc":"2.0","id":10,"method":"eth_b`,
			`1 fail  ` + node + ` 0 net::ERR_ABORTED`,
			`1 recv connection 7224 to 127.0.0.1:18721 ` + node + ` 200  {"jsonrpc":"2.0","id":9,"result":"0x3b9a`,
			`1 recv connection 7229 to 127.0.0.1:18721 ` + node + ` 200  {"jsonrpc":"2.0","id":10,"result":"0x10"`,
			`1 send  http://127.0.0.1:18799/ 0  {"jsonrpc":"2.0","id":12,"method":"eth_g`,
			`1 fail  http://127.0.0.1:18799/ 0 net::ERR_CONNECTION_REFUSED`,
			`1 open ` + ws + `20242 ws://127.0.0.1:18722/ 0`,
			`1 send ` + ws + `20242 ws://127.0.0.1:18722/ 0  {"jsonrpc":"2.0","id":20,"method":"eth_s`,
			`1 send ` + ws + `20242 ws://127.0.0.1:18722/ 0  {"jsonrpc":"2.0","id":21,"method":"eth_c`,
			`1 send ` + ws + `20242 ws://127.0.0.1:18722/ 0  [{"jsonrpc":"2.0","id":22,"method":"eth_`,
			`1 recv ` + ws + `20242 ws://127.0.0.1:18722/ 0  {"jsonrpc":"2.0","id":20,"result":"0x4a1`,
			`1 recv ` + ws + `20242 ws://127.0.0.1:18722/ 0  {"jsonrpc":"2.0","method":"eth_subscript`,
			`1 recv ` + ws + `20242 ws://127.0.0.1:18722/ 0  {"jsonrpc":"2.0","method":"eth_subscript`,
			`1 recv ` + ws + `20242 ws://127.0.0.1:18722/ 0  {"jsonrpc":"2.0","id":21,"result":"0x539`,
			`1 recv ` + ws + `20242 ws://127.0.0.1:18722/ 0  [{"jsonrpc":"2.0","id":22,"result":"0x10`,
		},
		"firefox-153.7.har": {
			`1 send  ` + node + ` 0  {"jsonrpc":"2.0","id":1,"method":"eth_ch`,
			`1 recv  ` + node + ` 200  {"jsonrpc":"2.0","id":1,"result":"0x539"`,
			`1 send  ` + node + ` 0  [{"jsonrpc":"2.0","id":2,"method":"eth_a`,
			`1 recv  ` + node + ` 200  [{"jsonrpc":"2.0","id":2,"result":["0x71`,
			`1 send  ` + node + ` 0  {"jsonrpc":"2.0","id":4,"method":"eth_no`,
			`1 recv  ` + node + ` 200  {"jsonrpc":"2.0","id":4,"error":{"code":`,
			`1 send  ` + node + ` 0  {"jsonrpc":"2.0","id":6,"method":"eth_ge`,
			`1 recv  ` + node + ` 200  {"jsonrpc":"2.0","id":6,"result":{"numbe`,
			`1 send  ` + node + ` 0  {"jsonrpc":"2.0","id":7,"method":"web3_c`,
			`1 recv  ` + node + ` 200  {"jsonrpc":"2.0","id":7,"result":"Café/`,
			`1 send  ` + node + ` 0  {"jsonrpc":"2.0","id":8,"method":"eth_ge`,
			`1 fail  ` + node + ` 0 no response`,
			`1 send  ` + node + ` 0  {"jsonrpc":"2.0","id":9,"method":"eth_ga`,
			`1 recv  ` + node + ` 200  {"jsonrpc":"2.0","id":9,"result":"0x3b9a`,
			`1 send  ` + node + ` 0  {"jsonrpc":"2.0","id":10,"method":"eth_b`,
			`1 recv  ` + node + ` 200  {"jsonrpc":"2.0","id":10,"result":"0x10"`,
		},
		"mitmproxy-11.0.2.har": {
			`1 send  ` + node + ` 0  {"jsonrpc": "2.0", "method": "eth_accoun`,
			`1 recv  ` + node + ` 200  {"jsonrpc":"2.0","id":0,"result":["0x715`,
			`1 send  ` + node + ` 0  {"jsonrpc": "2.0", "method": "eth_chainI`,
			`1 recv  ` + node + ` 200  {"jsonrpc":"2.0","id":1,"result":"0x539"`,
			`1 send  ` + node + ` 0  {"jsonrpc": "2.0", "method": "eth_getBlo`,
			`1 recv  ` + node + ` 200  {"jsonrpc":"2.0","id":2,"result":{"baseF`,
		},
		"mitmproxy-11.0.2-websocket.har": {
			`1 open ` + ws + `1027 ws://127.0.0.1:18722/ 0`,
			`1 send ` + ws + `1027 ws://127.0.0.1:18722/ 0  {"jsonrpc": "2.0", "id": 1, "method": "e`,
			`1 send ` + ws + `1027 ws://127.0.0.1:18722/ 0  {"jsonrpc": "2.0", "id": 2, "method": "e`,
			`1 recv ` + ws + `1027 ws://127.0.0.1:18722/ 0  {"jsonrpc":"2.0","id":1,"result":"0x539"`,
			`1 recv ` + ws + `1027 ws://127.0.0.1:18722/ 0  {"jsonrpc":"2.0","id":2,"result":"0x0"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			log := foreigntest.Read(t, name)
			if !har.Format().Sniff(log[:100]) {
				t.Error("not recognised")
			}
			got, stats := translate(t, log, 1000)
			if d := cmp.Diff(want, got); d != "" || stats.Bad > 0 {
				t.Errorf("%+v\n%s", stats, d)
			}
		})
	}
}
