package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// forkedFleet starts processes that share a connection, and gives the PID of
// their parent.
func forkedFleet(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("live capture needs root")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3")
	}
	cmd := exec.Command(python, filepath.Join("testdata", "attach_fleet.py"))
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// output runs the program to its end.
func output(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var o, e bytes.Buffer
	cmd := exec.Command("sessiontop", args...)
	cmd.Stdout, cmd.Stderr = &o, &e
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

func skipWithoutCapture(t *testing.T, stderr string) {
	t.Helper()
	if strings.Contains(stderr, "live capture needs") {
		t.Skip(stderr)
	}
}

func TestAttachFindsSwappedReplies(t *testing.T) {
	pid := forkedFleet(t)
	status, stdout, stderr := output(t, "attach", "--pid", pid, "--headless", "--duration", "3s")
	skipWithoutCapture(t, stderr)
	if status != exitFindings || !strings.Contains(stdout, "swapped-reply") {
		t.Errorf("exit status %d, want %d and swapped-reply:\n%s%s", status, exitFindings, stdout, stderr)
	}
	if !strings.Contains(stderr, "watching: pid "+pid) {
		t.Errorf("not said what is watched: %s", stderr)
	}
}

func TestAttachToNobody(t *testing.T) {
	status, _, stderr := output(t, "attach", "--comm", "st-nobody", "--headless", "--duration", "1ms")
	skipWithoutCapture(t, stderr)
	if status != exitUnusable || !strings.Contains(stderr, "no process is selected by this (comm st-nobody); see sessiontop ps") {
		t.Errorf("exit status %d: %s", status, stderr)
	}
	s := start(t, "sessiontop", "attach", "--comm", "st-nobody")
	s.see("No process is selected yet", "comm st-nobody")
	s.press("q")
	s.end(exitClean)
}

// TestAttachToThread: tools that list threads show their ids like PIDs.
func TestAttachToThread(t *testing.T) {
	tids := make(chan int)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		tids <- syscall.Gettid()
		<-tids
	}()
	tid := <-tids
	defer close(tids)
	_, _, stderr := output(t, "attach", "--pid", strconv.Itoa(tid), "--headless", "--duration", "1ms")
	skipWithoutCapture(t, stderr)
	if tid != os.Getpid() && !strings.Contains(stderr, fmt.Sprintf("%d is a thread of the process %d, which --pid", tid, os.Getpid())) {
		t.Error(stderr)
	}
}

func TestAttachOnTerminal(t *testing.T) {
	pid := forkedFleet(t)
	_, _, stderr := output(t, "attach", "--pid", pid, "--headless", "--duration", "1ms")
	skipWithoutCapture(t, stderr)
	s := start(t, "sessiontop", "attach", "--pid", pid)
	s.see("pid "+pid, "'s reply: ")
	s.press("q")
	s.end(exitClean)
}

func TestPSShowsSharedSockets(t *testing.T) {
	pid := forkedFleet(t)
	status, stdout, stderr := output(t, "ps")
	if status != exitClean {
		t.Fatalf("exit status %d: %s", status, stderr)
	}
	shared := 0
	for line := range strings.Lines(stdout) {
		if f := strings.Fields(line); f[0] == pid || f[1] == pid {
			shared++
		}
	}
	if shared != 4 { // the parent and three children; the server is no client
		t.Errorf("%d processes on the connection, want 4:\n%s", shared, stdout)
	}
}

func TestRecordWritesSessionLogs(t *testing.T) {
	pid := forkedFleet(t)
	dir := filepath.Join(t.TempDir(), "logs")
	var stderr bytes.Buffer
	cmd := exec.Command("sessiontop", "record", "--pid", pid, "--out", dir)
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	found := func() bool {
		_, stdout, _ := output(t, "check", dir)
		return strings.Contains(stdout, "swapped-reply")
	}
	for deadline := time.Now().Add(patience); !found(); {
		select {
		case err := <-ended:
			skipWithoutCapture(t, stderr.String())
			t.Fatalf("record ended: %v\n%s", err, stderr.String())
		case <-time.After(100 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			_ = cmd.Process.Kill()
			t.Fatalf("no swapped-reply in the logs:\n%s", stderr.String())
		}
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("record: %v", err)
	}
	if !strings.Contains(stderr.String(), " events in ") {
		t.Errorf("not said what was recorded: %s", stderr.String())
	}
	if _, stdout, _ := output(t, "check", dir); !strings.Contains(stdout, "0 unusable") {
		t.Errorf("the logs have lines that cannot be used:\n%s", stdout)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if len(files) < 3 {
		t.Errorf("logs of %d processes, want those of the three that work", len(files))
	}
}
