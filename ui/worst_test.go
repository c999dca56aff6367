package ui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/internal/world"
)

// night is a fleet of processes with children, 100 and 101, 200 and 201 …: each
// child holds a connection of its parent, the parents have used an id twice, and
// the last family, of the highest PIDs, reads each other's replies.
func night(t *testing.T, families int) *driver {
	w := world.New(false)
	for i := range families {
		pid, at := 100*(i+1), 100*float64(i)
		c := world.Conn(fmt.Sprintf("10.0.0.5:%d", 2000+i), "10.0.0.7:8545", "http://node:8545")
		w.Proc(pid+1, pid, "worker")
		w.Open(at, pid, c)
		w.Call(at+1, 1, pid, c, 1, "eth_chainId", "[]", `"0x1"`)
		w.Fork(at+2, pid, pid+1)
		if i < families-1 {
			w.Send(at+3, pid, c, 2, "eth_chainId", "[]")
			w.Send(at+4, pid, c, 2, "eth_gasPrice", "[]")
			continue
		}
		for k := range 2 {
			cross(w, c, at+10+float64(100*k), pid, k+2)
		}
	}
	return drive(t, w.End())
}

func TestTheErrorIsNotBehindTheWarnings(t *testing.T) {
	d := night(t, 12).Size(80, 24).Press("4")
	for i, want := range []model.Severity{model.Error, model.Error, model.Error, model.Error, model.Error, model.Warning} {
		f := d.snap.Finding(uint64(d.app.list().rows.At(i)))
		if f.Severity() != want {
			t.Errorf("row %d is a %s: %s", i, f.Severity(), f.Kind)
		}
	}
	if first, _ := d.Line("shared-session"); !strings.HasPrefix(first, "✗") {
		t.Errorf("first: %q", first)
	}
}

func TestNextFindingStopsAtErrorsAlone(t *testing.T) {
	for _, screen := range []string{"1", "2", "3", "4", "5"} {
		d := night(t, 12).Press(screen, "g")
		for range 7 {
			d.Press("e")
			l := d.app.list()
			if got := l.severity(l.rows.At(l.win.Sel)); got != model.Error {
				t.Errorf("screen %s: e stops at row %d, which has %s", screen, l.win.Sel, got)
			}
			row := strings.Split(d.Screen(), "\n")[3+l.win.Sel-l.win.Top]
			if !strings.ContainsAny(row, "✗SRD!") {
				t.Errorf("screen %s: the row is not marked: %q", screen, row)
			}
		}
	}
}

func TestNextFindingInALadderSaysThatItWasTheLast(t *testing.T) {
	d := night(t, 12).Press("enter")
	for i := range 8 {
		d.Press("e")
		l := d.app.detail.(*ladder)
		if got := toldAt(d.snap, d.snap.Calls.At(l.at.seq), l.at.seq); got != model.Error {
			t.Errorf("press %d: at a call with %s", i, got)
		}
		if i == 4 {
			d.Sees("that was the last error; here is the first")
		}
	}
}

func TestNextFindingNamesTheSessionThatItLeaves(t *testing.T) {
	d := ward(t)
	for range 4 {
		d.Press("e")
	}
	d.Press("e").Sees("that was the last error of 10.0.0.5:1111>10.0.0.7:8545; here is the next session")
}

func TestWarningsAreStopsWhereThereIsNoError(t *testing.T) {
	d := night(t, 12).Press("/").Type("pid<1000").Press("enter", "4", "e")
	for range 3 {
		l := d.Press("e").app.list()
		if got := l.severity(l.rows.At(l.win.Sel)); got != model.Warning {
			t.Errorf("stops at %s", got)
		}
	}
	d.Press("G", "e").Sees("that was the last warning; here is the first")
}

func TestTheCulpritsStandFirst(t *testing.T) {
	d := night(t, 12).Size(80, 24).Press("3")
	for i, want := range []string{"R 1200", "R └─1201", "! 100", "! └─101"} {
		if row := strings.Split(d.Screen(), "\n")[3+i]; !strings.HasPrefix(row, want) {
			t.Errorf("row %d: %q, want %q", i, row, want)
		}
	}
}

func TestTheTreeHasNoFalseParents(t *testing.T) {
	w := world.New(false)
	for _, f := range [][2]int{{1, 2}, {2, 3}, {1, 4}, {5, 6}, {6, 7}} {
		w.Fork(float64(f[1]), f[0], f[1])
	}
	for filter, want := range map[string]string{
		"":                  "1 ├─2 │ └─3 └─4 5 └─6   └─7",
		"-pid:2":            "1 └─4 3 5 └─6   └─7",
		"pid:3 or pid:7":    "3 7",
		"pid:1 or pid:3":    "1 3",
		"pid:2 or pid:4":    "2 4",
		"-pid:1 and -pid:6": "2 └─3 4 5 7",
	} {
		d := drive(t, w.End()).Press("3", "/").Type(filter).Press("enter")
		var got []string
		l := d.app.list()
		for i := range l.rows.Len() {
			got = append(got, l.branch(i)+pidText(l.snap, model.ProcID(l.rows.At(i))))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: tree %q, want %q", filter, s, want)
		}
	}
}

func TestNoCellCutsANumberUnmarked(t *testing.T) {
	w := world.New(false)
	c := world.Conn("10.0.0.5:1111", "10.0.0.7:8545", "http://node:8545")
	w.Open(0, 4194303, c)
	for i := range 12 {
		w.Proc(4194304+i, 4194303+i, "worker")
		w.Fork(float64(i+1), 4194303+i, 4194304+i)
	}
	cross(w, c, 100, 4194303, 1)
	snap := w.End()
	drive(t, snap).Size(80, 24).Press("2").Sees("4194304>4194303", "4194303>4194304")
	for _, width := range []int{60, 66, 72, 80, 100, 120} {
		d := drive(t, snap).Size(width, 40)
		for _, screen := range []string{"1", "2", "3", "4"} {
			for _, row := range strings.Split(d.Press(screen).Screen(), "\n")[3:16] {
				for _, word := range strings.FieldsFunc(row, func(r rune) bool { return strings.ContainsRune(" >+└─├│", r) }) {
					if strings.HasPrefix(word, "4194") && len(word) < len("4194303") && !strings.HasSuffix(word, "…") {
						t.Errorf("%d wide, screen %s: %q in %q", width, screen, word, row)
					}
				}
			}
		}
	}
}

func TestHostIsShownWhereThereAreSeveral(t *testing.T) {
	d := fleet(t).Press("3").SeesNot("HOST")
	s := *d.snap
	facts := &facts{snap: &s}
	if !facts.oneHost() {
		t.Error("processes without a host are of several")
	}
	w := world.New(false)
	for i, host := range []string{"w1", "w2"} {
		w.Proc(100+i, 1, "worker")
		w.On(100+i, host)
		w.Call(float64(i), 1, 100+i, world.Conn(fmt.Sprintf("1.1.1.1:%d", i+1), "2.2.2.2:2", "http://n"), 1, "eth_chainId", "[]", `"0x1"`)
	}
	drive(t, w.End()).Press("3").Sees("HOST", "w1", "w2")
}

func TestStateIsWholeInASmallTerminal(t *testing.T) {
	d := fleet(t).Size(80, 24).Press("3", "/").Type("pid:6001").Press("enter").Sees("signal 9", "killed by signal 9 at 09:00:07.900")
	if row, _ := d.Line("6001 keeper "); strings.Contains(row, "…") {
		t.Errorf("cut: %q", row)
	}
}

func TestClosedSessionsSaySo(t *testing.T) {
	line, _ := fleet(t).Size(80, 24).Press("G").Line("6001")
	if !strings.Contains(line, "closed") {
		t.Errorf("%q", line)
	}
}

func TestWhatHappenedBeginsWithWho(t *testing.T) {
	d := night(t, 12).Size(80, 24).Press("4").Sees("1201 read 1200's reply: ", "1200 read 1201's reply: ")
	d.Press("/").Type("kind:inherited-session").Press("enter").Sees("101 holds 100's connection")
	if row, _ := d.Line("inherited-session 101 holds"); strings.HasSuffix(strings.TrimRight(row, " ▐"), "0") {
		t.Errorf("its count is no number: %q", row)
	}
	w := world.New(true)
	w.Call(0, 1, 300, world.Conn("10.0.0.5:1", "10.0.0.7:8545", "http://node:8545"), 1, "eth_chainId", "[]", `"0x1"`)
	for child := 301; child < 304; child++ {
		w.Fork(10, 300, child)
	}
	drive(t, w.Snapshot()).Size(80, 24).Press("4").Sees("301 and 2 more hold 300's connection", "PIDs 301, 302 and 303 hold a connection")
}
