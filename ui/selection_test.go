package ui

import (
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/ui/internal/world"
)

func TestSelectionStaysOnItsSession(t *testing.T) {
	w := world.Fleet(true)
	d := drive(t, w.Snapshot()).Press("j", "j")
	id, line := d.app.list().picked, d.app.list().win.Sel
	c := world.Conn("10.9.9.9:1000", "10.0.0.7:8545", "http://node:8545")
	w.Call(9000, 1, 4000, c, 1, "eth_accounts", "[]", "true")
	d.snap = w.Snapshot()
	d.Tick()
	if got := d.app.list().picked; got != id {
		t.Errorf("selected %+v, was %+v", got, id)
	}
	if got := d.app.list().win.Sel; got == line {
		t.Error("no row came before the selected one: the test shows nothing")
	}
}

func TestOrderSettlesWhileTheUserMoves(t *testing.T) {
	w := world.Fleet(true)
	d := drive(t, w.Snapshot()).Press("j")
	shown := d.app.list().snap
	w.Call(9000, 1, 4000, world.Conn("10.9.9.9:1000", "10.0.0.7:8545", "http://node:8545"), 1, "eth_chainId", "[]", `"0x1"`)
	d.snap = w.Snapshot()
	d.run(d.app.tick(d.now.Add(settle / 2)))
	if d.app.list().snap != shown {
		t.Error("rows changed under the user's hand")
	}
	d.run(d.app.tick(d.now.Add(settle * 2)))
	if d.app.list().snap == shown {
		t.Error("rows never changed again")
	}
}

func TestCallsFollowUntilTheUserGoesUp(t *testing.T) {
	w := world.Fleet(true)
	d := drive(t, w.Snapshot()).Press("2")
	more := func(ms float64) {
		w.Call(ms, 1, 4000, world.Conn("10.9.9.9:1000", "10.0.0.7:8545", "http://node:8545"), int(ms), "eth_syncing", "[]", "false")
		d.snap = w.Snapshot()
		d.Tick()
	}
	more(20_000)
	if line, _ := d.Line("eth_syncing"); !strings.Contains(line, "09:00:20.000") {
		t.Errorf("the newest call is not shown: %q", line)
	}
	d.Press("k")
	at := d.app.list().picked
	more(21_000)
	if d.app.list().picked != at {
		t.Error("moved although the user went up")
	}
	d.Press("G")
	more(22_000)
	d.Sees("09:00:22.000")
}

func TestSessionSlotUsedAgainIsAnotherSession(t *testing.T) {
	d := fleet(t)
	d.app.list().picked.serial = 99
	d.app.list().take(d.app.list().query, d.snap, d.app.list().rows)
	if d.app.list().picked.serial == 99 {
		t.Error("still selects a session that is gone")
	}
}
