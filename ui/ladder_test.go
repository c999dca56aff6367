package ui

import (
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/ui/internal/world"
)

func TestOneKeyShowsTheCrossingReplies(t *testing.T) {
	d := fleet(t).Size(80, 24).Press("enter")
	line, _ := d.Line(`22 "0x2a"`)
	for _, want := range []string{"◀", "○", "✗ 4121's reply"} {
		if !strings.Contains(line, want) {
			t.Errorf("no %q in %q", want, line)
		}
	}
	if strings.Index(line, "◀") > strings.Index(line, "○") {
		t.Errorf("4120 read it and 4121 should have, whose lane is to the right: %q", line)
	}
}

func TestOneMoreShowsBothMessagesAndWhatToDo(t *testing.T) {
	fleet(t).Press("enter", "enter").Sees("4121 asked eth_getTransactionCount", "4121 got", "4120 had asked eth_accounts",
		"✗ type", "✗ wire", "Cause", "Do ", "post_fork")
}

func TestLadderJumpsBetweenFindings(t *testing.T) {
	d := fleet(t).Press("enter", "E", "E")
	if _, y := d.Line("eth_getBlockByNumber"); y == 0 {
		t.Fatal("not there")
	}
	d.Press("E", "E").Sees("4120's reply: personal_unlock")
	d.Press("E", "E").Sees("that was the first error; here is the last", "4121's reply: eth_getTr")
	d.Press("e").Sees("that was the last error; here is the first", "4120's reply: personal_unlock")
}

func TestLadderScrollsThroughHistory(t *testing.T) {
	d := fleet(t).Press("enter", "g").Sees("1 eth_chainId", "2 net_version")
	for range 60 {
		d.Press("pgdown")
	}
	d.Sees("25 eth_gasPrice").SeesNot("net_version")
	for range 60 {
		d.Press("pgup")
	}
	d.Sees("1 eth_chainId")
}

func TestLadderFollows(t *testing.T) {
	w := world.Fleet(true)
	d := drive(t, w.Snapshot()).Press("enter", "F").Sees("following")
	d.Size(60, 15).Sees(" following").Size(120, 40)
	c := world.Conn("10.0.0.5:51234", "10.0.0.7:8545", "http://node:8545")
	w.Call(12_000, 1, 4120, c, 900, "eth_syncing", "[]", "false")
	d.snap = w.Snapshot()
	d.Tick().Tick().Sees("900 eth_syncing")
	d.Press("k", "k").SeesNot("following")
}

func TestLadderOfALongSessionIsNotWalkedWhole(t *testing.T) {
	w := world.New(false)
	c := world.Conn("10.0.0.5:1", "10.0.0.7:8545", "http://node:8545")
	for i := range 20_000 {
		w.Call(float64(i), 0.5, 4000, c, i, "eth_chainId", "[]", `"0x1"`)
	}
	d := drive(t, w.End())
	l := d.app.detail.(*ladder)
	if n := l.chain.len(); n > 2*lookBack {
		t.Errorf("looked at %d calls for one screen", n)
	}
	d.Press("enter", "g").Sees("0 eth_chainId", "1 eth_chainId")
	if n := l.chain.len(); n != 20_000 {
		t.Errorf("the first of %d calls is not the first", n)
	}
}

func TestGivenUpCall(t *testing.T) {
	d := fleet(t).Press("/").Type("pid:6001").Press("enter", "enter")
	d.Sees("gave up: timeout", "after 500ms")
}

func TestManyLanesScroll(t *testing.T) {
	w := world.New(false)
	c := world.Conn("10.0.0.5:1", "10.0.0.7:8545", "http://node:8545")
	w.Open(0, 4000, c)
	for i := range 30 {
		w.Call(float64(10*i+10), 1, 4001+i, c, i, "eth_chainId", "[]", `"0x1"`)
	}
	d := drive(t, w.End()).Size(80, 24).Press("enter", "g").Sees("›")
	d.Press("l", "l", "l").Sees("‹")
	d.Golden("ladder-many-80x24")
}

func TestLanesOfTheScreenComeFirstWhereNotAllFit(t *testing.T) {
	w := world.New(false)
	c := world.Conn("10.0.0.5:1", "10.0.0.7:8545", "http://node:8545")
	w.Open(0, 4000, c)
	for i := range 300 {
		w.Call(10*float64(i)+10, 1, 4001+i, c, i, "eth_chainId", "[]", `"0x1"`)
	}
	d := drive(t, w.End()).Size(80, 24).Press("enter", "G")
	head, _ := d.Line("09:00: ")
	if !strings.Contains(head, "4291  4292  4293") {
		t.Errorf("the screen shows calls of 4291 to 4300, the lanes are of %q", head)
	}
}
