package ui

import (
	"testing"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/internal/world"
)

// sick has two processes read each other's replies on one connection, from ms on
// n times.
func sick(w *world.World, ms float64, port string, pid, n int) {
	c := world.Conn("10.0.0.5:"+port, "10.0.0.7:8545", "http://node:8545")
	w.Open(ms, pid, c)
	for i := range n {
		cross(w, c, ms+float64(i)*100, pid, i+1)
	}
}

// cross has pid and pid+1 read each other's replies.
func cross(w *world.World, c *model.ConnInfo, ms float64, pid, id int) {
	w.Send(ms+1, pid, c, id, "personal_unlockAccount", `["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed","<redacted>",300]`)
	w.Send(ms+2, pid+1, c, id+50, "eth_accounts", "[]")
	w.Recv(ms+3, pid+1, c, id, "true")
	w.Recv(ms+4, pid, c, id+50, `["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"]`)
}

// ward has two sick sessions and two healthy ones.
func ward(t *testing.T) *driver {
	w := world.New(false)
	sick(w, 0, "1111", 100, 2)
	sick(w, 1000, "2222", 200, 1)
	for i, port := range []string{"3333", "4444"} {
		c := world.Conn("10.0.0.5:"+port, "10.0.0.7:8545", "http://node:8545")
		w.Call(2000+float64(i), 1, 300+i, c, 1, "eth_chainId", "[]", `"0x1"`)
	}
	return drive(t, w.End())
}

// at is the session and the call that the ladder's cursor is on.
func at(d *driver) (model.SessionID, int64) {
	d.t.Helper()
	l, ok := d.app.detail.(*ladder)
	if !ok {
		d.t.Fatalf("no ladder but %T", d.app.detail)
	}
	return l.session, l.at.seq
}

// stops presses a key until the places repeat and returns how many there are.
func stops(d *driver, key string) int {
	seen := make(map[[2]int64]bool)
	for range 50 {
		s, seq := at(d.Press(key))
		if here := [2]int64{int64(s), seq}; seen[here] {
			return len(seen)
		} else {
			seen[here] = true
		}
	}
	d.t.Fatal("the places do not repeat")
	return 0
}

func TestNextFindingGoesThroughAllSessions(t *testing.T) {
	for _, pane := range []string{"list", "ladder"} {
		for _, key := range []string{"e", "E"} {
			d := ward(t)
			if pane == "ladder" {
				d.Press("tab")
			}
			if n := stops(d, key); n != 6 {
				t.Errorf("%s on the %s: %d findings, want the 4 and 2 replies that crossed", key, pane, n)
			}
			if d.app.onDetail != (pane == "ladder") {
				t.Errorf("%s took the focus from the %s", key, pane)
			}
		}
	}
}

func TestNextFindingFromAHealthySession(t *testing.T) {
	d := ward(t).Press("G")
	if s, _ := at(d); d.snap.Session(s).Findings != 0 {
		t.Fatal("the last session is sick: the test shows nothing")
	}
	d.Press("e").Sees("that was the last error; here is the first", "100's reply: personal_unlock")
	if s, _ := at(d); d.snap.Session(s).Findings == 0 {
		t.Error("went to a healthy session")
	}
}

func TestNextFindingInALadderOverAnotherScreen(t *testing.T) {
	d := ward(t).Press("3", "tab", "enter")
	l, ok := d.app.top().(*ladder)
	if !ok {
		t.Fatalf("no ladder but %T", d.app.top())
	}
	if next := d.Press("e").app.top().(*ladder); next.session == l.session {
		t.Error("stays in its session")
	}
	if back := d.Press("e", "e").app.top().(*ladder); back.session != l.session {
		t.Error("does not come back to the first session")
	}
	d.Sees("that was the last error; here is the first")
}

func TestNextFindingWhereThereIsNone(t *testing.T) {
	w := world.New(false)
	w.Call(1, 1, 1, world.Conn("1.1.1.1:1", "2.2.2.2:2", "http://n"), 1, "eth_chainId", "[]", `"0x1"`)
	d := drive(t, w.End())
	for _, screen := range []string{"1", "2", "3", "4", "5"} {
		d.Press(screen, "e").Sees("no finding so far").Press("E").Sees("no finding so far")
	}
	ward(t).Press("/").Type("pid:300").Press("enter", "e").Sees("no finding among these rows; 4 lists all")
}

func TestNextFindingOnEveryList(t *testing.T) {
	for _, screen := range []string{"2", "3", "4", "5"} {
		d := ward(t).Press(screen, "G", "e").Sees("here is the first")
		first := d.app.list().picked
		if d.Press("E").Sees("here is the last"); d.app.list().picked == first {
			t.Errorf("screen %s: the last finding is the first", screen)
		}
	}
}

func TestNextEvidenceGoesRound(t *testing.T) {
	d := ward(t).Press("e", "enter", "enter")
	v, ok := d.app.top().(*evidence)
	if !ok {
		t.Fatalf("no evidence but %T", d.app.top())
	}
	first := v.finding
	for range 6 {
		d.Press("e")
	}
	if got := d.app.top().(*evidence).finding; got != first {
		t.Errorf("six findings on is finding %d, want %d again", got, first)
	}
}

func TestTheFirstPressSaysNothingOfTheLastFinding(t *testing.T) {
	for _, screen := range []string{"1", "2", "3", "4", "5"} {
		for _, key := range []string{"e", "E"} {
			ward(t).Press(screen, key).SeesNot("that was the", "no finding")
		}
	}
}

func TestTheFirstPressGoesToTheFirstFindingOfTheSession(t *testing.T) {
	d := ward(t)
	s, newest := at(d)
	if here, first := at(d.Press("e")); here != s || first >= newest {
		t.Errorf("session %d, call %d; from session %d, call %d", here, first, s, newest)
	}
	for range 3 {
		d.Press("e").SeesNot("that was the")
	}
	if here, last := at(d); here != s || last != newest {
		t.Errorf("the fourth finding is call %d of session %d, want %d of %d", last, here, newest, s)
	}
}
