package ui

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/ui/internal/world"
)

func TestNothingNewDrawsNothing(t *testing.T) {
	d := fleet(t)
	before := d.app.drawn
	for range 10_000 {
		d.app.Update(tickMsg(d.now))
		d.app.View()
	}
	if n := d.app.drawn - before; n != 0 {
		t.Errorf("drew %d frames", n)
	}
	d.app.Update(keyPress("j"))
	for range 10_000 {
		d.app.Update(tea.FocusMsg{})
		d.app.View()
	}
	if n := d.app.drawn - before; n != 1 {
		t.Errorf("drew %d frames after one key", n)
	}
}

func TestOneQueryAtATimeAndTheLatestWins(t *testing.T) {
	w := world.Fleet(true)
	d := drive(t, w.Snapshot())
	d.now = d.now.Add(settle)
	var cmds []tea.Cmd
	for i := range 5 {
		w.Call(20_000+float64(i), 1, 7000, world.Conn("1.1.1.1:1", "2.2.2.2:2", "http://n"), i, "eth_chainId", "[]", `"0x1"`)
		d.snap = w.Snapshot()
		if cmd := d.app.tick(d.now); cmd != nil {
			cmds = append(cmds, cmd)
		}
	}
	if len(cmds) != 1 {
		t.Fatalf("%d queries under way", len(cmds))
	}
	d.run(cmds[0])
	d.run(d.app.tick(d.now))
	if got := d.app.list().snap; got != d.snap {
		t.Errorf("shows generation %d, the newest is %d", got.Generation, d.snap.Generation)
	}
}

func TestAnOldAnswerIsDropped(t *testing.T) {
	d := fleet(t)
	first := d.app.requery()
	d.app.list().sort = "calls"
	second := d.app.requery()
	late := first()
	d.run(second)
	d.send(late)
	if got := d.app.list().query.Sort; got != "calls" {
		t.Errorf("the rows are sorted by %q", got)
	}
}
