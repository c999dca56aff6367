package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/internal/world"
)

// drawn is what draw puts into one line of w cells.
func drawn(w int, draw func(r canvas.Region)) string {
	c := canvas.New(w, 1)
	draw(c.All())
	return ansi.Strip(c.String(newPalette("none", true, false)))
}

func TestSessionMark(t *testing.T) {
	for _, tc := range []struct {
		s    model.Session
		want string
	}{
		{model.Session{}, " "},
		{model.Session{Flags: model.SessionShared | model.SessionInherited, Mismatches: 3}, "S"},
		{model.Session{Flags: model.SessionInherited}, "s"},
		{model.Session{Flags: model.SessionInherited, Mismatches: 1}, "R"},
		{model.Session{Findings: 1}, "!"},
	} {
		if got, _ := sessionMark(&tc.s); got != tc.want {
			t.Errorf("%+v: %q, want %q", tc.s, got, tc.want)
		}
	}
}

func TestSessionLabel(t *testing.T) {
	for _, tc := range []struct {
		local, peer string
		w           int
		want        string
	}{
		{"127.0.0.1:51234", "127.0.0.1:8545", 40, "127.0.0.1:51234>127.0.0.1:8545"},
		{"127.0.0.1:51234", "127.0.0.1:8545", 24, "127.0.0.1:51234>:8545"},
		{"10.0.0.5:51234", "10.0.0.7:8545", 24, ":51234>10.0.0.7:8545"},
		{"10.0.0.5:51234", "10.0.0.7:8545", 16, "10.0.0.5:51234"},
		{"[2001:db8::1]:51234", "[2001:db8::1]:8545", 27, "[2001:db8::1]:51234>:8545"},
		{"/run/geth.ipc", "", 8, "/run/geth.ipc"},
	} {
		if got := sessionLabel(world.Conn(tc.local, tc.peer, ""), tc.w); got != tc.want {
			t.Errorf("%s>%s in %d: %q, want %q", tc.local, tc.peer, tc.w, got, tc.want)
		}
	}
}

func TestSessionAndCallCells(t *testing.T) {
	d := fleet(t).Press("2")
	s, e := d.snap, d.app.env()
	shared := s.Session(model.SessionID(0))
	if got := drawn(12, func(r canvas.Region) { pids(s, shared, r) }); got != "4119+2" {
		t.Errorf("pids: %q", got)
	}
	var crossed, failed, refused *model.Call
	for seq := s.Calls.First(); seq < s.Calls.End(); seq++ {
		c := s.Calls.At(seq)
		switch {
		case c.Reader != c.Asker && c.Reader != model.NoProc:
			crossed = c
		case c.State == model.Failed:
			failed = c
		case c.Is(model.CallError):
			refused = c
		}
	}
	if got := drawn(12, func(r canvas.Region) { askRead(s, crossed, r) }); got != "4120>4121" && got != "4121>4120" {
		t.Errorf("ask>read: %q", got)
	}
	if got := drawn(12, func(r canvas.Region) { callResult(e, s, failed, r) }); got != "timeout" {
		t.Errorf("failed: %q", got)
	}
	e.previews.add(glimpsesRead{refused.Reply: {body: "error -32000 nonce too low"}})
	if got := drawn(40, func(r canvas.Region) { callResult(e, s, refused, r) }); got != "error -32000 nonce too low" {
		t.Errorf("refused: %q", got)
	}
	orphan := &model.Call{State: model.Orphan}
	if got := drawn(20, func(r canvas.Region) { callMethod(s, orphan, r) }); got != "(nobody asked)" {
		t.Errorf("orphan: %q", got)
	}
}

func TestProcessState(t *testing.T) {
	for _, tc := range []struct {
		live bool
		p    model.Process
		want string
		end  int64
	}{
		{true, model.Process{Last: 100}, "alive", 900},
		{true, model.Process{Last: 100, Forked: 90}, "alive", 900},
		{true, model.Process{Last: 99}, "no exit seen", 99},
		{true, model.Process{Last: 99, Forked: 90}, "no exit seen", 99},
		{false, model.Process{Last: 200}, "no exit seen", 200},
		{true, model.Process{Last: 200, Exited: 200, Code: 2}, "exited 2", 200},
		{false, model.Process{Last: 200, Exited: 200, Code: -9}, "killed by signal 9", 200},
		{true, model.Process{Last: 200, Exited: 300, Code: model.NoCode}, "gone, no exit logged", 300},
	} {
		e := &env{live: tc.live, now: 900, since: 100}
		if got := processState(e, &tc.p); got != tc.want {
			t.Errorf("%+v: %q, want %q", tc, got, tc.want)
		}
		if got := processEnd(e, &tc.p); got != tc.end {
			t.Errorf("%+v: there until %d, want %d", tc, got, tc.end)
		}
	}
}

// A log that is looked at a while after its processes is followed as any other
// is, and says nothing of how they do until one of them writes again.
func TestAliveIsWhoWritesWhileOneLooks(t *testing.T) {
	w := world.New(true)
	c := world.Conn("1.1.1.1:1", "2.2.2.2:2", "http://n")
	w.Call(0, 1, 100, c, 1, "eth_chainId", "[]", `"0x1"`)
	w.Fork(2000, 100, 101)
	d := drive(t, w.Snapshot(), func(c *Config) { now := c.Now; c.Now = func() time.Time { return now().Add(5 * time.Minute) } })
	d.Press("3").Sees("no exit seen, nothing says it is alive")
	if line, _ := d.Line("100 worker"); !strings.Contains(line, " 2s ") || !strings.HasSuffix(strings.TrimSpace(line), "no exit seen") {
		t.Errorf("the age runs on: %q", line)
	}
	w.Call(310_000, 1, 101, c, 2, "eth_chainId", "[]", `"0x1"`)
	d.snap = w.Snapshot()
	d.Tick()
	if line, _ := d.Line("101"); !strings.Contains(line, "alive") {
		t.Errorf("a child that writes: %q", line)
	}
}

func TestBranch(t *testing.T) {
	w := world.New(false)
	for _, f := range [][2]int{{1, 2}, {2, 3}, {2, 4}, {1, 5}, {5, 6}} {
		w.Fork(float64(f[1]), f[0], f[1])
	}
	d := drive(t, w.End()).Press("3")
	var got []string
	l := d.app.list()
	for i := range l.rows.Len() {
		got = append(got, l.branch(i)+pidText(l.snap, model.ProcID(l.rows.At(i))))
	}
	want := "1 ├─2 │ ├─3 │ └─4 └─5   └─6"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("tree %q, want %q", s, want)
	}
}

func TestFindingAndMethodCells(t *testing.T) {
	for kind, want := range map[model.FindingKind]string{model.SwappedReply: "✗", model.DuplicateID: "!"} {
		if got, _ := severity(&model.Finding{Kind: kind}); got != want {
			t.Errorf("%v: %q, want %q", kind, got, want)
		}
	}
	m := &model.Method{}
	if got := quantile(m, 0.95); got != "-" {
		t.Errorf("no latency: %q", got)
	}
	for range 100 {
		m.Latency.Add(1500)
	}
	if got := quantile(m, 1); got != "1.5ms" {
		t.Errorf("max: %q", got)
	}
}

func TestEchoMarksTheFieldThatDiffers(t *testing.T) {
	d := fleet(t).Size(160, 40).Press("4")
	for range 8 {
		if f := d.snap.Finding(d.app.detail.(*evidence).finding); f.Evidence&model.EvidenceEcho != 0 {
			line, _ := d.Line(`"number"`)
			if !strings.Contains(line, "▶") {
				t.Errorf("not marked: %q", line)
			}
			d.Sees("1,103,", "2025-11-22 16:2", "1 gwei")
			if line, _ := d.Line(`"hash": "0x`); strings.Contains(line, "▶") {
				t.Errorf("no hash was asked for: %q", line)
			}
			return
		}
		d.Press("j")
	}
	t.Error("no finding rests on an echo")
}

func TestProcessStory(t *testing.T) {
	s := usual().snap
	for _, tc := range []struct {
		pid  int32
		want []string
	}{
		{4120, []string{"forked by gunicorn 4119 at 09:00:02.000", "no exit seen"}},
		{4119, []string{"child of 1, of which nothing was seen", "no exit seen"}},
		{6001, []string{"killed by signal 9 at 09:00:07.900"}},
	} {
		for i := range s.Processes.Len() {
			p := s.Processes.At(i)
			if p.Info.PID != tc.pid {
				continue
			}
			for _, want := range tc.want {
				if got := processStory(&env{snap: s}, p); !strings.Contains(got, want) {
					t.Errorf("%d: no %q in %q", tc.pid, want, got)
				}
			}
		}
	}
}

func TestAProcessInAContainerHasBothPIDs(t *testing.T) {
	w := world.New(false)
	w.Proc(4120, 1, "gunicorn")
	w.Inside(4120, 7)
	w.Call(0, 1, 4120, world.Conn("10.0.0.5:51234", "10.0.0.7:8545", ""), 1, "eth_chainId", "[]", `"0x1"`)
	drive(t, w.End()).Press("3").Sees("4120 (7) gunicorn", "PID 7 in its container").
		Press("/").Type("nspid:7").Press("enter").Sees("4120 (7) gunicorn").
		Press("/").Type(" nspid:4120").Press("enter").SeesNot("gunicorn")
}
