// Package readback reads in tests what a recorder wrote, as check does.
package readback

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// Writer is a Writer for this process, with the folder of its log.
func Writer(t testing.TB) (w *record.Writer, dir string) {
	t.Helper()
	dir = t.TempDir()
	w, err := record.Create(dir, record.Self())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w, dir
}

// Snapshot is what the model makes of the folder's logs.
func Snapshot(t testing.TB, dir string) *model.Snapshot {
	t.Helper()
	engine := model.NewEngine(model.Options{}, nil)
	files, err := collector.NewFiles([]string{dir}, collector.Options{Strings: engine.Strings(), Dialect: ethereum.New()})
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if err := files.Run(t.Context(), engine); err != nil {
		t.Fatal(err)
	}
	engine.Finish()
	return engine.Snapshot()
}

// Counts is what tests expect of a log.
type Counts struct {
	Sessions, Calls, Replies, Errors, Failed, InFlight uint64
}

// Check compares the counts of the folder's logs, and wants every line to be
// good and no finding. It returns the snapshot for more.
func Check(t testing.TB, dir string, want Counts) *model.Snapshot {
	t.Helper()
	s := Snapshot(t, dir)
	got := Counts{s.Totals.Sessions, s.Totals.Calls, s.Totals.Replies, s.Totals.Errors, s.Totals.Failed, s.Totals.InFlight}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what the log says (-want +got):\n%s", diff)
	}
	if s.Totals.Malformed != 0 || s.Totals.Lost != 0 || s.Totals.ErrorKinds != 0 || s.Totals.Warnings != 0 {
		t.Errorf("%d malformed lines, %d lost, %d errors found, %d warnings",
			s.Totals.Malformed, s.Totals.Lost, s.Totals.ErrorKinds, s.Totals.Warnings)
	}
	return s
}
