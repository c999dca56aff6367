package ui

import (
	"testing"

	"github.com/sessiontop/sessiontop/ui/internal/world"
)

func TestFreeze(t *testing.T) {
	w := world.Fleet(true)
	d := drive(t, w.Snapshot()).Sees("● LIVE").Press("space").Sees("■ FROZEN")
	c := world.Conn("10.9.9.9:1000", "10.0.0.7:8545", "http://node:8545")
	for i := range 312 {
		w.Call(9000+float64(i), 0.5, 4000, c, i, "eth_chainId", "[]", `"0x1"`)
	}
	d.snap = w.Snapshot()
	d.Tick().Sees("■ FROZEN +312").SeesNot(":1000>")
	d.Press("space").Tick().Sees("● LIVE", ":1000>")
}
