//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A recording is a program that runs, or ran, under sessiontop run.
type recording struct {
	proxy *proxy
	dir   string // has logs/ and notes/
	logs  string
	notes string
	cmd   *exec.Cmd
	said  bytes.Buffer
	ended chan error
}

const runLimit = 10 * time.Minute

// record starts a program under sessiontop run, which talks to a node through
// the proxy, if to one. It ends with the test at the latest.
func record(t *testing.T, p *proxy, env []string, words ...string) *recording {
	t.Helper()
	return recordIn(t, t.TempDir(), p, env, words...)
}

// recordIn is record with its files in dir.
func recordIn(t *testing.T, dir string, p *proxy, env []string, words ...string) *recording {
	t.Helper()
	r := &recording{proxy: p, dir: dir, ended: make(chan error, 1)}
	r.logs, r.notes = filepath.Join(r.dir, "logs"), filepath.Join(r.dir, "notes")
	if err := os.Mkdir(r.notes, 0o700); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), runLimit)
	t.Cleanup(stop)
	r.cmd = exec.CommandContext(ctx, sessiontop, append([]string{"run", "--headless", "--out", r.logs, "--"}, words...)...)
	r.cmd.Dir = r.dir
	r.cmd.Env = append(append(os.Environ(), "SESSIONTOP_E2E_NOTES="+r.notes, "PYTHONPATH="+programs(t)), env...)
	r.cmd.Stdout, r.cmd.Stderr = &r.said, &r.said
	ownGroup(r.cmd)
	r.cmd.Cancel = func() error { return syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL) }
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL) }) // an error: all have ended
	go func() { r.ended <- r.cmd.Wait() }()
	return r
}

// wait waits for the program's end. Exit status 1 only says that there are
// findings; a program that failed is told by what sessiontop run says.
func (r *recording) wait(t *testing.T) {
	t.Helper()
	err := <-r.ended
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) || strings.Contains(r.said.String(), " ended: ") {
		t.Fatalf("the program: %v\n%s", err, tail(r.said.String()))
	}
}

func tail(s string) string { return s[max(0, len(s)-4000):] }

// score holds what sessiontop says of the logs against the truth.
func (r *recording) score(t *testing.T) *score {
	t.Helper()
	truth, findings, sum := r.both(t)
	if sum.Malformed+sum.Lost > 0 {
		t.Errorf("%d malformed lines, %d lost ones", sum.Malformed, sum.Lost)
	}
	s := truth.score(findings)
	r.keepIfWrong(t, s)
	return s
}

// both is the truth, and what sessiontop says of the logs.
func (r *recording) both(t *testing.T) (*cell, []finding, *summary) {
	t.Helper()
	logs, err := readLogs(r.logs)
	if err != nil {
		t.Fatal(err)
	}
	notes, err := readNotes(r.notes)
	if err != nil {
		t.Fatal(err)
	}
	truth, err := truthOf(notes, r.proxy.truth(), logs)
	if err != nil {
		r.keep(t)
		t.Fatalf("%v\n%s", err, tail(r.said.String()))
	}
	findings, sum, err := check(r.logs)
	if err != nil {
		t.Fatal(err)
	}
	return truth, findings, sum
}

func (r *recording) keepIfWrong(t *testing.T, s *score) {
	t.Helper()
	if len(s.missed)+len(s.wrong)+len(s.faults) > 0 {
		r.keep(t)
	}
}

// keep copies the logs, the notes and the order on the wires to where
// SESSIONTOP_E2E_KEEP says.
func (r *recording) keep(t *testing.T) {
	t.Helper()
	root := os.Getenv("SESSIONTOP_E2E_KEEP")
	if root == "" {
		return
	}
	dir := filepath.Join(root, strings.NewReplacer("/", "-", " ", "_").Replace(t.Name())+time.Now().Format("-150405"))
	if err := os.CopyFS(dir, os.DirFS(r.dir)); err != nil {
		t.Error(err)
		return
	}
	var lines bytes.Buffer
	if r.proxy != nil {
		for _, w := range r.proxy.truth() {
			line, _ := json.Marshal(map[string]any{"local": w.local, "requests": w.requests, "replies": len(w.replies)})
			lines.Write(append(line, '\n'))
		}
	}
	for name, content := range map[string][]byte{"wires.jsonl": lines.Bytes(), "said.txt": r.said.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Error(err)
		}
	}
	t.Logf("kept in %s", dir)
}

// programs is the folder of the workers' programs.
func programs(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs("programs")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
