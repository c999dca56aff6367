//go:build e2e

package e2e

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestAttached: the program of the first report as it is, without a recorder;
// sessiontop looks at it from outside while it runs.
func TestAttached(t *testing.T) {
	version := "6.15.1"
	if testing.Short() {
		version = fleetReleases[0]
	}
	for _, whose := range []string{"own", "inherited"} {
		for _, state := range []string{"warm", "cold"} {
			t.Run(whose+"/"+state, func(t *testing.T) { attached(t, version, whose, state) })
		}
	}
}

func attached(t *testing.T, version, whose, state string) {
	provider := map[string]string{"own": "a provider per child", "inherited": "the parent's provider"}[whose]
	row := parallel(t, "web3.py "+version, provider+", "+state+", attached to", personalGeth.name)
	interpreter := python(t, version)
	var accounts []string
	if err := ask(personalGeth.start(t), "eth_accounts", &accounts); err != nil {
		t.Fatal(err)
	}
	p := newProxy(t, personalGeth.url)
	r := observe(t, p, interpreter, filepath.Join(programs(t), "seed.py"), p.url, whose, state, strconv.Itoa(trials()), accounts[0])
	row.fill(t, r.scoreAttached(t), affected(version, whose, state))
}

// scoreAttached is score for logs that have more than the workers know: urllib3
// throws away what it reads behind a reply. What is found of that is held against
// the order of the replies on the wire.
func (r *recording) scoreAttached(t *testing.T) *score {
	t.Helper()
	truth, findings, sum := r.both(t)
	if sum.Malformed > 0 {
		t.Errorf("%d malformed lines", sum.Malformed)
	}
	unused, err := thrownAway(r.logs, r.proxy.truth())
	if err != nil {
		t.Fatal(err)
	}
	var wrong []string
	known := slices.DeleteFunc(findings, func(f finding) bool {
		if f.Reply == nil {
			return false
		}
		reply, ok := unused[truth.line(f.Reply)]
		if ok && !truth.isTrueOf(&f, reply) {
			wrong = append(wrong, fmt.Sprintf("%s (%s): %s", f.Finding, f.Certainty, f.Message))
		}
		return ok
	})
	s := truth.score(known)
	s.wrong = append(s.wrong, wrong...)
	r.keepIfWrong(t, s)
	return s
}

// A taken reply is one as a process read it.
type taken struct {
	at     place
	unused bool    // behind another one, in one read
	by     string  // PID
	to     request // that it answers, by its place among the replies of the connection
	mono   int64
	off    int64 // 0: one process alone uses the connection at that time
}

// thrownAway is the replies that were read behind another one, by their lines.
func thrownAway(dir string, wires []wire) (map[place]*taken, error) {
	logs, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	replies := map[string][]*taken{} // by the client's end
	for _, file := range logs {
		if err := takenIn(file, replies); err != nil {
			return nil, err
		}
	}
	all := map[place]*taken{}
	for _, w := range wires {
		read := replies[w.local]
		inOrder(read)
		for i, r := range read {
			if i < len(w.requests) {
				r.to = w.requests[i]
			}
			if r.unused {
				all[r.at] = r
			}
		}
	}
	return all, nil
}

// inOrder puts replies in the order of the wire: by their offsets between two
// that have none.
func inOrder(read []*taken) {
	slices.SortStableFunc(read, func(a, b *taken) int { return cmp.Compare(a.mono, b.mono) })
	for len(read) > 0 {
		n := slices.IndexFunc(read, func(r *taken) bool { return r.off == 0 })
		if n < 0 {
			n = len(read)
		}
		slices.SortStableFunc(read[:n], func(a, b *taken) int { return cmp.Compare(a.off, b.off) })
		read = read[min(n+1, len(read)):]
	}
}

// takenIn adds the replies that a log has.
func takenIn(file string, to map[string][]*taken) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var offset int64
	read := true
	for text := range bytes.Lines(content) {
		var l struct {
			PID   int
			Ev    string
			Local string
			Mono  int64
			Off   int64
		}
		if err := json.Unmarshal(text, &l); err != nil {
			return fmt.Errorf("%s, offset %d: %w", file, offset, err)
		}
		switch l.Ev {
		case "send":
			read = false
		case "recv":
			to[l.Local] = append(to[l.Local], &taken{at: place{filepath.Base(file), offset}, unused: read, by: strconv.Itoa(l.PID), mono: l.Mono, off: l.Off})
			read = true
		}
		offset += int64(len(text))
	}
	return nil
}

// isTrueOf says whether a finding about a reply that was thrown away is so.
func (c *cell) isTrueOf(f *finding, r *taken) bool {
	asked := c.byName[r.to.Call]
	switch f.Finding {
	case "torn-message", "bad-message":
		return asked == nil || asked.torn
	case "stale-reply":
		return asked != nil && asked.pid() == r.by
	case "lost-reply":
		lost := c.about(f)
		return lost != nil && lost.Reply != lost.Call
	case "swapped-reply":
		return asked != nil && asked.pid() != r.by && f.Owner != nil && c.byLine[c.line(f.Owner)] == asked
	default:
		return asked == nil || asked.torn || asked.pid() != r.by
	}
}

// observe runs a program to its end while sessiontop record watches it.
func observe(t *testing.T, p *proxy, words ...string) *recording {
	t.Helper()
	r := &recording{proxy: p, dir: t.TempDir()}
	r.logs, r.notes = filepath.Join(r.dir, "logs"), filepath.Join(r.dir, "notes")
	if err := os.Mkdir(r.notes, 0o700); err != nil {
		t.Fatal(err)
	}
	// It waits until it is watched, and has its PID by then.
	program := exec.Command("sh", append([]string{"-c", `read go && exec "$@"`, "sh"}, words...)...)
	program.Env = append(os.Environ(), "SESSIONTOP_E2E_NOTES="+r.notes, "PYTHONPATH="+programs(t))
	program.Stderr = &r.said
	endWithUs(program)
	begin, err := program.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Process.Kill() }) // an error: it has ended
	end := watch(t, program.Process.Pid, r.logs)
	if _, err := io.WriteString(begin, "go\n"); err != nil {
		t.Fatal(err)
	}
	if err := program.Wait(); err != nil {
		t.Fatalf("the program: %v\n%s", err, tail(r.said.String()))
	}
	end()
	return r
}

// watch has sessiontop record a process, and returns how to end that.
func watch(t *testing.T, pid int, logs string) (end func()) {
	t.Helper()
	cmd := exec.Command(sessiontop, "record", "--pid", strconv.Itoa(pid), "--out", logs)
	var said saying
	cmd.Stderr = &said
	endWithUs(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(said.String(), "recording into"); {
		select {
		case <-ended:
			if strings.Contains(said.String(), "live capture needs") {
				t.Skip(said.String())
			}
			t.Fatal(said.String())
		case <-time.After(10 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatalf("it does not begin: %s", said.String())
		}
	}
	return func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // an error: it has ended, which is told next
		if err := <-ended; err != nil {
			t.Errorf("record: %v\n%s", err, said.String())
		}
	}
}

// saying is what a program says while it is listened to.
type saying struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *saying) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *saying) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}
