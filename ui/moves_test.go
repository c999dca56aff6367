package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
)

func TestScreens(t *testing.T) {
	d := fleet(t)
	for i, want := range []string{"SESSION", "ASK>READ", "INHERITS", "WHAT HAPPENED", "P99"} {
		d.Press(string(rune('1' + i))).Sees(want)
	}
	if d.Press("]"); d.app.screen != model.ScreenSessions {
		t.Error("] after the last screen is not the first")
	}
	if d.Press("["); d.app.screen != model.ScreenMethods {
		t.Error("[ before the first screen is not the last")
	}
}

func TestMarks(t *testing.T) {
	d := fleet(t).Press("j", "j", "j", "m", "a").Sees("marked a")
	at := d.app.list().picked
	d.Press("5", "'", "a")
	if d.app.screen != model.ScreenSessions || d.app.list().picked != at {
		t.Errorf("came back to screen %d, %+v", d.app.screen, d.app.list().picked)
	}
	d.Press("'", "z").Sees("there is no mark z")
}

func TestSort(t *testing.T) {
	d := fleet(t).Press(":").Type("sort calls").Press("enter").Sees("CALLS▼")
	if s := d.snap.Session(model.SessionID(d.app.list().rows.At(0))); s.Calls != 85 {
		t.Errorf("first has %d calls", s.Calls)
	}
	d.Press("r").Sees("CALLS▲")
	d.Press(":").Type("sort nonsense").Press("enter").Sees(`cannot sort by "nonsense"`, "mism")
	d.Press("s").Press("S")
	if d.app.list().sort != "calls" {
		t.Errorf("sorted by %q", d.app.list().sort)
	}
}

func TestOnly(t *testing.T) {
	d := fleet(t).Press("p").Sees("only 4119").Press("2").Sees("only 4119", "2/2")
	d.Press("esc").SeesNot("only 4119").Press("1", "o", "2").Sees("only ").Sees("/32")
	d.Press("esc", "!").Sees("findings only")
}

func TestTree(t *testing.T) {
	fleet(t).Press("3").Sees("├─4120", "└─4135").Press("t").SeesNot("├─4120")
}

func TestColumns(t *testing.T) {
	fleet(t).Sees("OWNER").Press("c", "j", "j", "j", "space", "esc").SeesNot("OWNER").
		Press("c", "space", "esc").Sees("PIDS")
}

func TestNextFinding(t *testing.T) {
	d := fleet(t).Press("2", "g", "e")
	c := d.snap.Calls.At(d.app.list().picked.id)
	if d.snap.FindingOf(c) == nil {
		t.Errorf("call %d has no finding", d.app.list().picked.id)
	}
	first := d.app.list().picked
	d.Press("E").Sees("that was the first error; here is the last")
	if d.app.list().picked == first {
		t.Error("the last finding is the first")
	}
	if d.Press("e").Sees("that was the last error; here is the first"); d.app.list().picked != first {
		t.Error("after the last does not come the first")
	}
}

func TestZoomAndPanes(t *testing.T) {
	d := fleet(t).Press("tab", "z").SeesNot("OWNER").Sees("TIME").Press("z").Sees("OWNER", "TIME")
	d.Press("tab", "z").Sees("OWNER").SeesNot("TIME   ")
}

func TestMouse(t *testing.T) {
	d := fleet(t).Click(10, 5, 1)
	if d.app.list().win.Sel != 2 {
		t.Errorf("selected row %d", d.app.list().win.Sel)
	}
	head, y := d.Line("CALLS")
	d.Click(len([]rune(head[:strings.Index(head, "CALLS")])), y, 1).Sees("CALLS▼")
	d.Click(16, 1, 1).Sees("ASK>READ").Click(3, 1, 1).Sees("OWNER")
	d.send(tea.MouseWheelMsg{X: 5, Y: 30, Button: tea.MouseWheelDown})
	d.Click(10, 3, 2)
	if !d.app.onDetail {
		t.Error("a double click does not open")
	}
	d.Press("esc", "M").Sees("mouse off")
	if d.Click(10, 6, 1); d.app.View().MouseMode != tea.MouseModeNone || d.app.list().win.Sel == 3 {
		t.Error("the mouse is not off")
	}
}

func TestCommandLine(t *testing.T) {
	fleet(t).Press(":").Type("find").Sees("findings", "screen 4").Press("tab", "enter").Sees("WHAT HAPPENED").
		Press(":").Type("nonsense").Press("enter").Sees(`unknown command "nonsense"`).
		Press(":").Type("filter foo:1").Press("enter").Sees(`there is no field "foo"`)
	if !fleet(t).Press(":").Type("q").Press("enter").quit {
		t.Error(":q does not quit")
	}
}
