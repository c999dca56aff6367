package live

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
)

func TestTCPRows(t *testing.T) {
	const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2161 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0
   1: 0100007F:C822 0101A8C0:2161 01 00000000:00000000 02:000009C4 00000000  1000        0 4712 2 0000000000000000 20 4 30 10 -1
   2: 0000000000000000FFFF00000100007F:C823 00000000000000000000000001000000:0050 08 00000000:00000000 00:00000000 00000000 0 0 4713 1 0
   3: 0100007F:C822 short
   4: XX00007F:C822 0101A8C0:2161 01 00000000:00000000 02:000009C4 00000000  1000        0 4714 2
   5: 0100:C822 0101A8C0:2161 01 00000000:00000000 02:000009C4 00000000  1000        0 4715 2
`
	want := []tcpRow{ // as a little-endian kernel writes it, like all that this runs on
		{netip.MustParseAddrPort("127.0.0.1:8545"), netip.MustParseAddrPort("0.0.0.0:0"), tcpListen, 4711},
		{netip.MustParseAddrPort("127.0.0.1:51234"), netip.MustParseAddrPort("192.168.1.1:8545"), tcpEstablished, 4712},
		{netip.MustParseAddrPort("127.0.0.1:51235"), netip.MustParseAddrPort("[::1]:80"), tcpCloseWait, 4713},
	}
	if got := tcpRows(strings.NewReader(table)); !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}
