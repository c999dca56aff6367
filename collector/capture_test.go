package collector_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/model"
)

// One run of a forked fleet, as a capture, its DEBUG lines and its session logs
// tell of it.
const (
	fleetRun  = "foreign/pcap/testdata/joined/"
	joinedLog = fleetRun + "app.log"
	joinedOwn = fleetRun + "*.jsonl"
	wire      = fleetRun + "wire.pcap"
)

// sameCalls says that two snapshots have the same processes and calls.
func sameCalls(t *testing.T, a, b *model.Snapshot) {
	t.Helper()
	if a.Totals.Processes != b.Totals.Processes || a.Totals.Calls != b.Totals.Calls || a.Totals.Replies != b.Totals.Replies {
		t.Errorf("%+v\nwith the capture:\n%+v", a.Totals, b.Totals)
	}
}

// Beside DEBUG lines, which name no socket, a capture proves who shares a
// connection, and says nothing twice.
func TestCaptureBesideDebugLines(t *testing.T) {
	without, with := load(t, eth(), joinedLog), load(t, eth(), wire, joinedLog)
	sameCalls(t, without, with)
	if without.Totals.Of(model.SharedSession) != 0 || with.Totals.Of(model.SharedSession) != 1 || with.Totals.Late > 0 {
		t.Errorf("%q", told(with))
	}
	for _, kind := range model.FindingKinds() {
		if kind != model.SharedSession && without.Totals.Of(kind) != with.Totals.Of(kind) {
			t.Errorf("%v: %d, with the capture %d", kind, without.Totals.Of(kind), with.Totals.Of(kind))
		}
	}
}

// Beside session logs, which name their connections, it says nothing at all,
// packed or not.
func TestCaptureBesideSessionLogs(t *testing.T) {
	without, with := load(t, eth(), joinedOwn), load(t, eth(), wire, joinedOwn)
	sameCalls(t, without, with)
	if without.Totals.Of(model.SwappedReply) == 0 {
		t.Error("nothing was swapped")
	}
	if d := gocmp.Diff(told(without), told(with)); d != "" {
		t.Error(d)
	}
	logs, err := filepath.Glob(joinedOwn)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, path := range append(logs, wire) {
		b, err := os.ReadFile(path)
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		w.Write(b)
		w.Close()
		if err := errors.Join(err, os.WriteFile(filepath.Join(dir, filepath.Base(path)+".gz"), packed.Bytes(), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	sameCalls(t, without, load(t, eth(), dir))
}

// It is the same when they are followed.
func TestCaptureIsFollowed(t *testing.T) {
	own := load(t, eth(), joinedOwn, joinedLog)
	e, _, stop := follow(t, eth(), wire, joinedLog, joinedOwn)
	waitFor(t, func() bool {
		for _, s := range e.Snapshot().Sources {
			if s.Read < s.Size {
				return false
			}
		}
		return e.Snapshot().Totals.Calls == own.Totals.Calls
	})
	stop()
	if s := e.Snapshot(); s.Totals.Processes != 3 {
		t.Errorf("%+v", s.Totals)
	}
}
