package ui

import (
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/ui/internal/world"
)

func TestProcessesOnASharedSessionAreMarkedSo(t *testing.T) {
	w := world.New(false)
	shared := world.Conn("1.1.1.1:1", "2.2.2.2:2", "http://n")
	w.Open(0, 100, shared)
	for i, pid := range []int{101, 102, 103} {
		w.Proc(pid, 100, "worker")
		w.Fork(10+float64(i), 100, pid)
	}
	for i, pid := range []int{101, 102} {
		w.Call(1000*float64(i+1), 1, pid, shared, i+1, "eth_chainId", "[]", `"0x1"`)
	}
	w.Call(4000, 1, 200, world.Conn("1.1.1.1:3", "2.2.2.2:2", "http://n"), 1, "eth_chainId", "[]", `"0x1"`)
	d := drive(t, w.End()).Press("3", "t")
	for pid, want := range map[string]string{"100": " ", "101": "S", "102": "S", "103": " ", "200": " "} {
		if line, _ := d.Line(" " + pid + " "); !strings.HasPrefix(line, want+" ") {
			t.Errorf("%s, which is to be marked %q: %q", pid, want, line)
		}
	}
}
