package ui

import (
	"slices"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/internal/world"
)

// falling is a live world in which a session turns sick after two healthy ones
// came.
func falling(t *testing.T, keys ...string) (d *driver, healthy picked) {
	w := world.New(true)
	for i, port := range []string{"3333", "4444"} {
		c := world.Conn("10.0.0.5:"+port, "10.0.0.7:8545", "http://node:8545")
		w.Call(float64(i), 1, 300+i, c, 1, "eth_chainId", "[]", `"0x1"`)
	}
	d = drive(t, w.Snapshot()).Press(keys...)
	healthy = d.app.list().picked
	sick(w, 1000, "1111", 100, 1)
	d.snap = w.Snapshot()
	return d.Tick(), healthy
}

func TestCursorIsOnTopUntilTheUserMoves(t *testing.T) {
	for _, keys := range [][]string{nil, {"?", "esc"}, {"2", "1"}, {"/", "esc"}} {
		d, _ := falling(t, keys...)
		s := d.snap.Session(model.SessionID(d.app.list().picked.id))
		if s.Findings == 0 || d.app.list().win.Sel != 0 {
			t.Errorf("after %q row %d is selected, a session with %d findings", keys, d.app.list().win.Sel, s.Findings)
		}
		d.Sees("opened by worker 100")
	}
}

func TestCursorStaysOnWhatTheUserChose(t *testing.T) {
	for _, keys := range [][]string{{"j", "k"}, {"g"}, {"enter"}, {"tab"}, {"m", "a"}, {"y"}, {"z"}} {
		d, healthy := falling(t, keys...)
		if got := d.app.list().picked; got != healthy {
			t.Errorf("after %q another session is selected", keys)
		}
		if d.app.list().win.Sel == 0 {
			t.Error("no row came before: the test shows nothing")
		}
	}
	d, healthy := falling(t)
	if d.app.list().picked == healthy {
		t.Error("without a key the cursor left the top")
	}
	d.Click(5, 4, 1)
	chosen := d.app.list().picked
	if d.Tick(); d.app.list().picked != chosen {
		t.Error("a click does not choose")
	}
}

func TestAgesInAFilterAreToldByTheWallClock(t *testing.T) {
	w := world.New(true)
	w.Call(0, 1, 300, world.Conn("10.0.0.5:1", "10.0.0.7:8545", "http://node:8545"), 1, "eth_chainId", "[]", `"0x1"`)
	d := drive(t, w.Snapshot()).Press("/").Type("idle<15s").Press("enter").Sees("1/1")
	for range 6 {
		d.Tick()
	}
	d.Sees("No session matches the filter")
	if d.Press("esc", "space", "/").Type("idle<15s").Press("enter"); d.app.list().rows.Len() != 0 {
		t.Error("a frozen screen tells ages by another moment than that at which it was frozen")
	}
}

// A frozen screen stays as it was, however long nothing had come by then.
func TestFrozenStaysAsItWas(t *testing.T) {
	w := world.New(true)
	for i := range 40 {
		w.Call(float64(i)*50, 1, 300, world.Conn("10.0.0.5:1", "10.0.0.7:8545", "http://node:8545"), int64(i), "eth_chainId", "[]", `"0x1"`)
	}
	d := drive(t, w.Snapshot())
	for range 6 {
		d.Tick()
	}
	before := strings.Split(d.Sees("calls/s 0", "● LIVE").Screen(), "\n")
	d.Press("space").Tick().Tick()
	after := strings.Split(d.Sees("calls/s 0", "■ FROZEN").Screen(), "\n")
	if !slices.Equal(before[1:], after[1:]) {
		t.Errorf("before:\n%s\nfrozen:\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
}
