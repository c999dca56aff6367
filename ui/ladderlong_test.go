package ui

import (
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/internal/world"
)

// slowly is a websocket on which call 1 is answered after n others.
func slowly(n int) *model.Snapshot {
	w := world.New(false)
	c := world.Conn("10.0.0.6:40112", "10.0.0.7:8546", "ws://node:8546")
	w.Open(0, 5200, c)
	w.Send(1, 5200, c, 1, "debug_traceBlockByNumber", `["0x1"]`)
	for i := range n {
		w.Call(2+float64(i), 0.5, 5200, c, i+2, "eth_chainId", "[]", `"0x1"`)
	}
	w.Recv(2+float64(n), 5200, c, 1, "[]")
	for i := range 10 {
		w.Call(10+float64(n+i), 0.5, 5200, c, 1_000_000+i, "eth_chainId", "[]", `"0x1"`)
	}
	return w.End()
}

// replyOf1 is the line of the ladder with the reply of call 1, "" if none.
func replyOf1(l *ladder) *rung {
	for i := range l.rungs {
		if r := &l.rungs[i]; r.key.reply && r.call.ID == model.IntID(1) {
			return r
		}
	}
	return nil
}

func TestReplyIsDrawnHoweverLongAgoItsRequestWas(t *testing.T) {
	for _, n := range []int{1, 63, 500, 4000} {
		d := drive(t, slowly(n)).Press("enter", "G")
		l := d.app.detail.(*ladder)
		if replyOf1(l) == nil {
			t.Fatalf("no reply to a request %d calls before", n)
		}
		for i := 1; i < len(l.rungs); i++ {
			if l.rungs[i].time < l.rungs[i-1].time {
				t.Fatalf("%d calls: rung %d is older than the one before", n, i)
			}
		}
	}
}

func TestLadderWalksOverALateReply(t *testing.T) {
	const n = 300
	d := drive(t, slowly(n)).Press("enter", "G")
	l := d.app.detail.(*ladder)
	last, steps := l.at, 0
	for range 3 * n {
		if d.Press("k"); l.at == last {
			break
		}
		last, steps = l.at, steps+1
	}
	if want := 2*(n+11) - 1; steps != want {
		t.Errorf("%d steps to the first rung, want %d: each request and each reply once", steps, want)
	}
	for range 3 * n {
		if d.Press("j"); l.at == last {
			break
		}
		last, steps = l.at, steps-1
	}
	if steps != 0 {
		t.Errorf("%d steps less on the way back", steps)
	}
}

func TestLadderWordsFit(t *testing.T) {
	for _, k := range model.FindingKinds() {
		if k.Misread() && len(shortKind(k)) > 9 {
			t.Errorf("%s: %q does not fit beside the smallest ladder", k, shortKind(k))
		}
	}
	s := usual().snap
	reader, other := model.ProcID(0), model.ProcID(1)
	who := pidText(s, other)
	for _, tc := range []struct {
		f           model.Finding
		long, short string
	}{
		{model.Finding{Kind: model.LostReply, Reader: reader, Other: other}, "never answered: " + who + " read its reply", "lost"},
		{model.Finding{Kind: model.LostReply, Reader: reader, Other: model.NoProc}, "never answered: connection closed", "lost"},
		{model.Finding{Kind: model.DuplicateID, Reader: reader, Other: model.NoProc, Call: model.CallRef{ID: model.IntID(7)}}, "id 7 is in flight already", "id twice"},
	} {
		words := askWordings(s, &tc.f)
		if words[0] != tc.long || words[len(words)-1] != tc.short {
			t.Errorf("%q, want from %q to %q", words, tc.long, tc.short)
		}
		for i := 1; i < len(words); i++ {
			if len(words[i]) >= len(words[i-1]) {
				t.Errorf("%q is not shorter than %q", words[i], words[i-1])
			}
		}
	}
}

func TestLongIDLeavesRoomForTheMethod(t *testing.T) {
	w := world.New(false)
	w.Call(1, 1, 4000, world.Conn("10.0.0.5:1", "10.0.0.7:8545", "http://n"), strings.Repeat("x", 5000), "eth_chainId", "[]", `"0x1"`)
	drive(t, w.End(), func(c *Config) { c.Bodies = w.Bodies() }).Size(80, 24).Press("enter").
		Sees(`"xxxxxxxxxx… eth_cha`, `"xxxxxxxxxx… "0x1"`)
}

func TestLadderGoesToTheNewestFindingOnceAllIsRead(t *testing.T) {
	for _, moved := range []bool{false, true} {
		w := world.New(false)
		sick(w, 0, "1111", 100, 1)
		reads(w, 100)
		d := drive(t, w.Snapshot())
		if moved {
			d.Press("tab", "k")
		}
		_, first := at(d)
		cross(w, world.Conn("10.0.0.5:1111", "10.0.0.7:8545", "http://node:8545"), 5000, 100, 7)
		reads(w, 1000)
		d.snap = w.End()
		d.Tick()
		if _, now := at(d); (now == first) != moved {
			t.Errorf("moved %v: the ladder was at call %d and is at %d", moved, first, now)
		}
	}
}

func TestLadderSaysWhoIsOnTheSession(t *testing.T) {
	for w, want := range map[int]string{
		200: "opened by gunicorn 4119 at 09:00:00 · in 4120 and 4121 since their fork at 09:00:02",
		80:  "opened by gunicorn 4119 · also 4120 and 4121",
		60:  "of gunicorn 4119 and 2 others",
	} {
		fleet(t).Size(w, max(15, w*3/10)).Press("enter").Sees(want)
	}
}

func TestLadderSaysWhatIsLostOfTheSession(t *testing.T) {
	w := world.New(true)
	c := world.Conn("10.0.0.5:1111", "10.0.0.7:8545", "http://node:8545")
	w.Proc(1, 0, "worker")
	w.Call(1, 1, 1, c, 1, "eth_chainId", "[]", `"0x1"`)
	w.Lost(5, 1, c, 12)
	drive(t, w.End()).Press("enter").Sees("owner worker 1 · 12 events lost")
}
