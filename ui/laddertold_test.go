package ui

import (
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/ui/internal/world"
)

// torn is two requests whose bytes were mixed: each process reads the server's
// error, which answers neither by name, and the first to read closes the
// connection.
func torn(t *testing.T) *driver {
	w := world.New(false)
	c := world.Conn("10.0.0.5:1111", "10.0.0.7:8545", "http://node:8545")
	w.Open(0, 100, c)
	w.Call(10, 1, 100, c, 1, "eth_chainId", "[]", `"0x1"`)
	w.Call(20, 1, 101, c, 1, "eth_chainId", "[]", `"0x1"`)
	w.Send(1000, 100, c, 136, "eth_accounts", "[]")
	w.Send(1000.1, 101, c, 84, "eth_blockNumber", "[]")
	w.RecvError(1000.3, 101, c, nil, -32700, "parse error")
	w.Close(1000.35, 100, c)
	w.Close(1000.35, 101, c)
	w.RecvError(1000.4, 100, c, nil, -32700, "parse error")
	return drive(t, w.End(), func(cfg *Config) { cfg.Bodies = w.Bodies() })
}

func TestDamagedBytesAreToldOnceWhereTheyWereRead(t *testing.T) {
	d := torn(t).Press("enter").SeesNot("136 error", "84 error", "'s reply").Sees("✗ never answered")
	if n := strings.Count(d.Screen(), "null error -32700"); n != 2 {
		t.Errorf("two errors were read, the ladder tells of %d:\n%s", n, d.Screen())
	}
	if n := strings.Count(d.Screen(), "✗ torn-message"); n != 2 {
		t.Errorf("two findings, %d are told:\n%s", n, d.Screen())
	}
}

func TestKeysGoToWhereDamagedBytesAreTold(t *testing.T) {
	d := torn(t).Press("e", "tab", "enter").Sees("PID 101 asked eth_blockNumber and read the server's error -32700")
	d.Press("esc", "e", "enter").Sees("PID 100 read the server's error -32700")
	d.Press("esc", "e").Sees("that was the last error; here is the first")
}
