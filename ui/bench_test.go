package ui

import (
	"fmt"
	"testing"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/internal/world"
)

// many is a world of n sessions with a call or two each.
func many(n int) *model.Snapshot {
	w := world.New(false)
	for i := range n {
		c := world.Conn(fmt.Sprintf("10.%d.%d.%d:%d", i>>16&255, i>>8&255, i&255, 40000+i%20000), "10.0.0.7:8545", "http://node:8545")
		w.Call(float64(i), 0.5, 1000+i%64, c, 1, "eth_chainId", "[]", `"0x1"`)
		if i%10_000 == 9_999 {
			w.Apply()
		}
	}
	return w.End()
}

func BenchmarkFrame(b *testing.B) {
	snap := many(100_000)
	for _, size := range [][2]int{{80, 24}, {200, 60}, {400, 120}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			d := drive(&testing.T{}, snap).Size(size[0], size[1])
			b.ReportAllocs()
			for b.Loop() {
				d.app.dirty = true
				d.app.View()
			}
		})
	}
}

func BenchmarkMove(b *testing.B) {
	d := drive(&testing.T{}, many(100_000)).Size(200, 60)
	b.ReportAllocs()
	for b.Loop() {
		d.app.Update(keyPress("j"))
		d.app.View()
	}
}

func BenchmarkIdleTick(b *testing.B) {
	d := drive(&testing.T{}, usual().snap).Size(200, 60)
	b.ReportAllocs()
	for b.Loop() {
		d.app.Update(tickMsg(d.now))
		d.app.View()
	}
}

// BenchmarkLadder draws a connection that 2,000 processes use, as it is after
// every new snapshot.
func BenchmarkLadder(b *testing.B) {
	w := world.New(false)
	c := world.Conn("10.0.0.5:1", "10.0.0.7:8545", "http://node:8545")
	for i := range 20_000 {
		w.Call(float64(i), 0.5, 4000+i%2000, c, i, "eth_chainId", "[]", `"0x1"`)
	}
	d := drive(&testing.T{}, w.End()).Size(200, 60)
	b.ReportAllocs()
	for b.Loop() {
		d.app.syncViews()
		d.app.dirty = true
		d.app.View()
	}
}

// BenchmarkNextFinding goes round the findings of many sessions.
func BenchmarkNextFinding(b *testing.B) {
	w := world.New(false)
	for i := range 500 {
		sick(w, float64(i), fmt.Sprint(1000+i), 100+2*i, 1)
	}
	d := drive(&testing.T{}, w.End()).Size(200, 60)
	b.ReportAllocs()
	for b.Loop() {
		d.app.Update(keyPress("e"))
		d.app.View()
	}
}
