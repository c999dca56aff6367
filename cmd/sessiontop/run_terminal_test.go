//go:build unix

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// untilSaid waits until the file holds the word.
func untilSaid(t *testing.T, file, word string) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), word) {
			return
		}
	}
	t.Fatalf("%s never said %q", file, word)
}

func TestTerminalRun(t *testing.T) {
	dir := t.TempDir()
	s := start(t, "sessiontop", "run", "--out", dir, "sh", "-c",
		`trap 'echo bye; exit 0' TERM; cat; echo up; echo trouble >&2; while :; do sleep 0.05; done`)
	s.see("Sessions", "Findings")
	untilSaid(t, filepath.Join(dir, "stdout.txt"), "up")
	untilSaid(t, filepath.Join(dir, "stderr.txt"), "trouble")
	s.press("q")
	s.end(exitClean)
	untilSaid(t, filepath.Join(dir, "stdout.txt"), "bye")
}

func TestTerminalRunTellsOfAFailedProgram(t *testing.T) {
	dir := t.TempDir()
	s := start(t, "sessiontop", "run", "--out", dir, "sh", "-c", "echo $$.; exit 3")
	untilSaid(t, filepath.Join(dir, "stdout.txt"), ".")
	text, err := os.ReadFile(filepath.Join(dir, "stdout.txt"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSuffix(string(text), ".\n"))
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); syscall.Kill(pid, 0) == nil; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the program does not end")
		}
	}
	s.see("Sessions")
	s.press("q")
	s.end(exitClean)
	if !strings.Contains(s.written(), "sh ended: exit status 3") {
		t.Errorf("nothing says how it ended: %q", s.written())
	}
}

func TestAProgramThatDoesNotWantToEndIsKilled(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	f, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	program := exec.Command("sh", "-c", `trap '' TERM; (trap '' TERM; echo child; while :; do sleep 0.05; done) & echo up; wait`)
	program.Stdout, program.SysProcAttr = f, ownGroup()
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	p := follow(program)
	untilSaid(t, out, "up")
	untilSaid(t, out, "child")
	impatient, cancel := context.WithCancel(context.Background())
	cancel()
	p.end(impatient)
	for deadline := time.Now().Add(patience); groupLives(p.leader); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a child is left")
		}
	}
	if p.how != "signal: killed" {
		t.Errorf("it ended: %q", p.how)
	}
}
