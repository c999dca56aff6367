package ui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/internal/world"
)

func TestEmptyStates(t *testing.T) {
	drive(t, nil).Sees("Opening the sources", "○ OPENING").Golden("empty-opening-120x40")
	drive(t, world.New(false).End()).Sees("No session yet", "sessiontop record")
	w := world.New(true)
	w.Source(model.SourceStat{Name: "live"})
	drive(t, w.Snapshot()).Sees("No session yet", "shows up here by itself").SeesNot("sessiontop record")
	w = world.New(false)
	w.Source(model.SourceStat{Name: "a.jsonl", Lines: 3, Malformed: 3, Size: 9, Read: 9})
	drive(t, w.End()).Sees("Nothing could be read", "Press i")
	w = world.New(false)
	w.Call(1, 1, 1, world.Conn("1.1.1.1:1", "2.2.2.2:2", "http://n"), 1, "eth_chainId", "[]", `"0x1"`)
	drive(t, w.End()).Press("4").Sees("Nothing wrong so far", "1 call on 1 session")
}

// What to do next is not cut off where the terminal is narrow.
func TestEmptyStateIsWrapped(t *testing.T) {
	drive(t, world.New(false).End()).Size(60, 15).Sees("sessiontop record", "for the inputs.")
}

// A server that refuses connections is seen: its calls were never sent.
func TestCallsThatCouldNotBeSent(t *testing.T) {
	w := world.New(true)
	for id := range int64(16) {
		w.Fail(float64(id), 300, world.Conn("", "", "http://node:8545"), id, "refused")
	}
	d := drive(t, w.Snapshot()).Size(80, 24).Sees("16 calls could not be sent: no connection")
	if row, _ := d.Line("http://node:8545"); !slices.Contains(strings.Fields(row), "16") {
		t.Errorf("the session's row does not count them: %s", row)
	}
	d.Press("3").Sees("0 calls · 16 errors")
}

func TestOneCallIsNoPlural(t *testing.T) {
	w := world.New(true)
	w.Call(1, 1, 300, world.Conn("10.0.0.5:1", "10.0.0.7:8545", "http://node:8545"), 1, "eth_chainId", "[]", `"0x1"`)
	d := drive(t, w.Snapshot()).Press("3").Sees("SESSIONS")
	if line, _ := d.Line("owns "); !strings.HasSuffix(strings.TrimSpace(line), "1 call") {
		t.Errorf("%q", line)
	}
}

func TestLoading(t *testing.T) {
	p := Progress{Size: 4 << 30, Files: 64}
	d := drive(t, nil, func(c *Config) { c.Progress = func() Progress { return p } })
	p.Bytes, p.Done = 1<<30, 12
	d.Tick().Sees("Reading the logs", "1.0 GiB of 4.0 GiB", "12 of 64 files", "6s left", "25 %").Golden("loading-120x40")
	d.snap = usual().snap
	d.Tick().Sees("○ LOADING 25 %", "4119+2")
	p.Bytes = p.Size
	d.Tick().Sees("● READ")
}

// reads tells a live world how much of its file has been read.
func reads(w *world.World, read int64) *model.Snapshot {
	w.Source(model.SourceStat{Name: "a.jsonl", Lines: uint64(read), Read: read, Size: 1000})
	return w.Snapshot()
}

// Where processes are watched no log is waited for, but one of them.
func TestNoProcessIsSelected(t *testing.T) {
	w := world.New(true)
	w.Source(model.SourceStat{ID: 9, Name: "processes", Waiting: true})
	drive(t, w.Snapshot(), func(c *Config) { c.Attached, c.Title = true, "comm gunicorn" }).
		Sees("No process is selected yet", "is selected by: comm gunicorn", "sessiontop ps", "● LIVE").SeesNot("Waiting for logs")
}

func TestLoadingBeginsOnceThereIsSomething(t *testing.T) {
	w := world.New(true)
	w.Source(model.SourceStat{ID: 9, Name: "logs", Path: "logs", Waiting: true})
	d := drive(t, w.Snapshot()).Sees("Waiting for logs", "logs/ (6 files)", "● LIVE")
	d.Press("i").Sees("1 input", "waiting for it")
	w.Source(model.SourceStat{ID: 9, Name: "logs", Path: "logs", Waiting: true, Read: 34, Size: 34})
	d.snap = w.Snapshot()
	d.Tick().Sees("not known yet", "--format does", "● LIVE")
	d.Press("1").Sees("Waiting for logs", "Nothing in logs/ (6 files) says so far whose log it is")
	d.snap = reads(w, 100)
	d.Tick().Sees("○ LOADING 10 %")
	d.snap = reads(w, 1000)
	d.Tick().Sees("● LIVE", "lag 0 B")
}

func TestHalfALineAtTheEndIsNoLoading(t *testing.T) {
	d := drive(t, reads(world.New(true), 990)).Sees("○ LOADING 99 %")
	for range 4 {
		d.Tick()
	}
	d.Sees("● LIVE", "lag 10 B")
}

func TestTooSmall(t *testing.T) {
	d := fleet(t).Size(59, 20).Sees("sessiontop needs 60×15, this terminal is 59×20")
	d.Size(80, 24).Sees("4119+2")
}

func TestSourcesSayWhatIsWrong(t *testing.T) {
	fleet(t).Press("i").Sees("first bad line at byte 18,233", `"ts" is no time`, "permission denied", "failed")
}

func TestSourcesSayWhatLostMeans(t *testing.T) {
	w := world.New(true)
	w.Source(model.SourceStat{Name: "live", Lines: 9, Lost: 1})
	drive(t, w.Snapshot()).Sees("lost 1").Press("i").Sees("1 event missing; nothing that this could explain is a finding")
}

func TestVerify(t *testing.T) {
	fleet(t).Press("2", "v").Sees("verify is not available")
	asked := 0
	d := fleet(t, func(c *Config) {
		c.Verify = func(_ context.Context, s *model.Snapshot, c *model.Call) (string, error) {
			asked++
			return "the node says the same:\n" + s.Name(c.Method), nil
		}
	})
	d.Press("2", "v").Sees("Ask http://node:8545", "eth_blockNumber", "y Enter yes   n Esc no")
	d.Press("x", "down").Sees("y Enter yes")
	for _, no := range []string{"esc", "n", "N", "q"} {
		if d.Press(no).SeesNot("y Enter yes").Press("v"); asked != 0 {
			t.Fatalf("%s asked the node", no)
		}
	}
	for i, yes := range []string{"enter", "y", "Y"} {
		if d.Press(yes).Sees("the node says the same").Press("esc", "v"); asked != i+1 {
			t.Errorf("%s: asked %d times, want %d", yes, asked, i+1)
		}
	}
}

func TestExport(t *testing.T) {
	fleet(t).Press("x").Sees("export is not available here")
	d := fleet(t, func(c *Config) {
		c.Export = func(_ context.Context, e Export) (string, error) {
			if e.Query.Filter == nil || e.Rows.Len() != 1 {
				return "", errors.New("not what the list shows")
			}
			return "out.json", nil
		}
	})
	d.Press("/").Type("pid:5200").Press("enter", "x").Sees("wrote 1 session to out.json")
}
