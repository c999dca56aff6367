package collector_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/procfs"

	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/model"
)

// Who is killed writes no exit line; that it has ended is seen all the same. Of
// a process that was never found, with a PID of another machine perhaps,
// nothing is said.
func TestKilledProcessIsSeenToEnd(t *testing.T) {
	worker := exec.Command("sleep", "1000")
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	defer worker.Process.Kill()
	pid := worker.Process.Pid
	proc, err := procfs.NewProc(pid)
	if err != nil {
		t.Fatal(err)
	}
	stat, err := proc.Stat()
	if err != nil {
		t.Fatal(err)
	}
	line := func(pid int, start uint64) logLine {
		return logLine{text: fmt.Sprintf(`{"ts":%d,"pid":%d,"start":%d,"ev":"exec"}`, time.Now().UnixNano(), pid, start)}
	}
	log := filepath.Join(t.TempDir(), "a.jsonl")
	write(t, log, []logLine{line(pid, stat.Starttime), line(pid+1, 7)})

	e, _, stop := follow(t, collector.Options{}, log)
	process := func(pid int) *model.Process {
		s := e.Snapshot()
		for id := range s.Processes.Len() {
			if row := s.Process(model.ProcID(id)); row != nil && row.Info.PID == int32(pid) {
				return row
			}
		}
		return nil
	}
	// It is looked at once its first line has been read, before the next is.
	waitFor(t, func() bool { return process(pid) != nil })
	f, err := os.OpenFile(log, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fmt.Fprintln(f, line(pid, stat.Starttime).text)
	waitFor(t, func() bool { return e.Snapshot().Totals.Events == 3 })
	if !process(pid).Alive() {
		t.Fatal("it is taken to have ended before it is killed")
	}
	if err := worker.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	worker.Wait()
	waitFor(t, func() bool { p := process(pid); return !p.Alive() && p.Code == model.NoCode })
	if !process(pid + 1).Alive() {
		t.Error("a process that was never found has ended")
	}
	stop()
}
