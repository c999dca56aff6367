package demo_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/sessiontop/sessiontop/cmd/sessiontop/demo"
)

const (
	runFleet        = "SESSIONTOP_TEST_RUN_FLEET"              // a directory: TestRunFleet runs a fleet there
	withoutTheKnell = "SESSIONTOP_TEST_NO_PARENT_DEATH_SIGNAL" // workers must end without the kernel's help
)

// mainThread keeps the test's main goroutine on the main thread, whose
// parent-death signal is the process's; before main nothing else runs there.
var mainThread = lockWorkerToMainThread()

func lockWorkerToMainThread() bool {
	if os.Getenv(withoutTheKnell) == "" || len(os.Args) < 2 || os.Args[1] != demo.Subcommand {
		return false
	}
	runtime.LockOSThread()
	return true
}

// refuseTheKnell clears the worker's parent-death signal.
func refuseTheKnell() error {
	if !mainThread {
		return nil
	}
	return unix.Prctl(unix.PR_SET_PDEATHSIG, 0, 0, 0, 0)
}

// TestRunFleet is no test but the program of the tests below: it runs a fleet
// until it is killed.
func TestRunFleet(t *testing.T) {
	dir := os.Getenv(runFleet)
	if dir == "" {
		t.Skip("run by the tests that kill it")
	}
	f, err := demo.Start(context.Background(), demo.Config{Dir: dir, Rate: 200})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("started", f.URL)
	t.Log(f.Wait())
}

// proc is a process that cannot be mistaken for a later one of the same PID.
type proc struct {
	pid   int
	start string
}

// alive says whether the process still runs: it is there, and no zombie.
func (p proc) alive() bool {
	state, start := stat(p.pid)
	return start == p.start && state != "Z" && state != "X"
}

func stat(pid int) (state, start string) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", ""
	}
	fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	return fields[0], fields[19]
}

// fleetOfAnother starts a program that runs a fleet, and waits until all of it
// works: the program, its workers, and among these the first parent.
func fleetOfAnother(t *testing.T, env ...string) (program *exec.Cmd, workers []proc, parent int) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "logs")
	program = exec.Command(os.Args[0], "-test.run=^TestRunFleet$", "-test.v")
	program.Env = append(append(os.Environ(), runFleet+"="+dir), env...)
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = program.Process.Kill()
		_ = program.Wait() // an error says that it was killed
	})
	for in := bufio.NewScanner(out); in.Scan() && !strings.HasPrefix(in.Text(), "started"); {
	}
	sends := map[int]int{}
	until(t, "six processes have called", func() bool {
		lines, _ := readLogs(t, dir)
		clear(sends)
		for _, l := range lines {
			if l.Ev == "fork" {
				parent = l.PID
			}
			if l.Ev == "send" {
				sends[l.PID]++
			}
		}
		return len(sends) == 6 && slices.Min(values(sends)) > 1
	})
	for pid := range sends {
		_, start := stat(pid)
		workers = append(workers, proc{pid, start})
		if !workers[len(workers)-1].alive() {
			t.Fatalf("worker %d has ended already", pid)
		}
	}
	return program, workers, parent
}

func kill(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

func left(workers []proc) (pids []string) {
	for _, p := range workers {
		if p.alive() {
			pids = append(pids, strconv.Itoa(p.pid))
		}
	}
	return pids
}

// TestNobodySurvivesTheProgram kills the program, with and without the
// kernel's help for the workers.
func TestNobodySurvivesTheProgram(t *testing.T) {
	for name, env := range map[string]string{"death signal": "", "lifeline alone": withoutTheKnell + "=1"} {
		t.Run(name, func(t *testing.T) {
			program, workers, _ := fleetOfAnother(t, env)
			kill(t, program.Process.Pid)
			until(t, "the end of all workers", func() bool { return len(left(workers)) == 0 })
		})
	}
}

// TestNoChildSurvivesItsParent kills the parent in the middle; the others work on.
func TestNoChildSurvivesItsParent(t *testing.T) {
	for name, env := range map[string]string{"death signal": "", "lifeline alone": withoutTheKnell + "=1"} {
		t.Run(name, func(t *testing.T) {
			_, workers, parent := fleetOfAnother(t, env)
			kill(t, parent)
			until(t, "the end of the parent and its three children", func() bool { return len(left(workers)) == 2 })
		})
	}
}
