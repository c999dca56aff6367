//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// An asked server answers calls and knows which it was asked.
type asked struct {
	port string

	mu  sync.Mutex
	ids map[string]bool
}

func newAsked(t *testing.T) *asked {
	a := &asked{ids: map[string]bool{}}
	server := httptest.NewServer(http.HandlerFunc(a.answer))
	t.Cleanup(server.CloseClientConnections)
	t.Cleanup(server.Close)
	a.port = server.URL[strings.LastIndex(server.URL, ":")+1:]
	return a
}

func (a *asked) answer(w http.ResponseWriter, r *http.Request) {
	var call struct{ ID string }
	body, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(body, &call) != nil {
		return // a client that was killed
	}
	a.mu.Lock()
	a.ids[call.ID] = true
	a.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%q,"result":"0x0"}`, call.ID)
}

// tortured are the programs, by language.
func tortured(t *testing.T, language string) []string {
	t.Helper()
	program, suffix := "python3", ".py"
	if language == "node" {
		program, suffix = "node", ".js"
	}
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s is not installed here", program)
	}
	return []string{program, filepath.Join(programs(t), "torture"+suffix)}
}

// TestKilled holds that of a program that is killed, wherever it is, at most the
// call that it was in is missing: a request's line is written after it was sent,
// and the kernel may end a process within a write.
func TestKilled(t *testing.T) {
	for language, processes := range map[string]int{"python": 100, "node": few(100, 20)} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			a := newAsked(t)
			r := record(t, nil, nil, append(tortured(t, language), a.port, "killed", strconv.Itoa(processes))...)
			r.wait(t)
			missing, torn := a.missing(t, linesOf(t, r.logs))
			if len(a.ids) < processes || torn > processes {
				t.Errorf("%d calls, %d torn lines", len(a.ids), torn)
			}
			t.Logf("%d processes killed in %d calls: the last one of %d of them is missing, %d lines are torn", processes, len(a.ids), missing, torn)
		})
	}
}

// few is how many of something there are: fewer where time is short.
func few(all, short int) int {
	if testing.Short() {
		return short
	}
	return all
}

// missing is how many calls are not in the logs, each the last of its process,
// and how many lines are torn.
func (a *asked) missing(t *testing.T, logged *lines) (missing, torn int) {
	t.Helper()
	sent := map[string]bool{}
	for _, l := range logged.good {
		if l.Ev == "send" {
			sent[l.id(t)] = true
		}
	}
	for id := range a.ids {
		if sent[id] {
			continue
		}
		missing++
		pid, n, _ := strings.Cut(id, "-")
		if i, err := strconv.Atoi(n); err != nil || a.ids[fmt.Sprintf("%s-%d", pid, i+1)] {
			t.Errorf("call %s is not in the log, and a later one was made", id)
		}
	}
	return missing, logged.torn
}

func (l *logLine) id(t *testing.T) string {
	t.Helper()
	var msg struct{ ID string }
	if err := json.Unmarshal(l.Msg, &msg); err != nil {
		t.Fatal(err)
	}
	return msg.ID
}

// TestShortProcesses holds that the logs of very many processes are whole, and
// that nothing is found but, where they are forked, that the first one's
// connection stays open in them.
func TestShortProcesses(t *testing.T) {
	for language, processes := range map[string]int{"python": few(10_000, 1_000), "node": few(500, 30)} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			shortProcesses(t, language, processes)
		})
	}
}

func shortProcesses(t *testing.T, language string, processes int) {
	a := newAsked(t)
	start := time.Now()
	r := record(t, nil, nil, append(tortured(t, language), a.port, "short", strconv.Itoa(processes))...)
	r.wait(t)
	findings, sum, err := check(r.logs)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Finding != "inherited-session" || language == "node" {
			t.Errorf("%s: %s", f.Finding, f.Message)
		}
	}
	if all := uint64(processes + 1); sum.Calls != all || sum.Replies != all || sum.Processes != all || sum.Lost+sum.Malformed > 0 {
		r.keep(t)
		t.Errorf("%+v", *sum)
	}
	t.Logf("%d processes, %d calls, %d lines in %.0f s", sum.Processes, sum.Calls, sum.Lines, time.Since(start).Seconds())
}

// TestFullDisk holds that a program on a full disk makes its calls, and that
// each line which is not in the log is counted there.
func TestFullDisk(t *testing.T) {
	for _, language := range []string{"python", "node"} {
		t.Run(language, func(t *testing.T) {
			whole := manyCalls(t, language, t.TempDir(), "unlink")
			small := t.TempDir()
			if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", small).CombinedOutput(); err != nil {
				t.Skipf("no small file system can be mounted here: %s", bytes.TrimSpace(out))
			}
			defer exec.Command("umount", "-l", small).Run()
			full := manyCalls(t, language, small, "unlink")
			if full.lost == 0 || full.torn > 1 || len(full.good)+full.lost != len(whole.good) {
				t.Errorf("%d lines, %d torn, %d counted as lost; on a larger disk %d", len(full.good), full.torn, full.lost, len(whole.good))
			}
			t.Logf("%d of %d lines are in the log, %d counted as lost", len(full.good), len(whole.good), full.lost)
		})
	}
}

// TestFolderRemoved holds that a program whose log folder goes away goes on,
// and so does its log.
func TestFolderRemoved(t *testing.T) {
	for _, language := range []string{"python", "node"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			after := manyCalls(t, language, t.TempDir(), "rm")
			calls := 0
			for _, l := range after.good {
				if l.Ev == "recv" {
					calls++
				}
			}
			if calls != 5 || after.torn > 0 {
				t.Errorf("%d calls after the removal are in the log, %d torn lines", calls, after.torn)
			}
		})
	}
}

// manyCalls makes some hundred calls with the logs in dir, which has little
// room if it is a small disk, does to it what is said, and makes five more.
func manyCalls(t *testing.T, language, dir, how string) *lines {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "filler"), make([]byte, 128<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	a := newAsked(t)
	r := recordIn(t, dir, nil, nil, append(tortured(t, language), a.port, "calls", "400", how)...)
	r.wait(t)
	if len(a.ids) != 405 {
		t.Errorf("the server got %d calls", len(a.ids))
	}
	return linesOf(t, r.logs)
}

// lines are those of the logs in a folder.
type lines struct {
	good []logLine // but for those that only count lost ones
	torn int       // no JSON
	lost int       // counted by the recorder
}

func linesOf(t *testing.T, dir string) *lines {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	out := &lines{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for text := range bytes.Lines(content) {
			var l struct {
				logLine
				N int
			}
			switch err := json.Unmarshal(text, &l); {
			case err != nil:
				out.torn++
			case l.Ev == "lost":
				out.lost += l.N
			default:
				out.good = append(out.good, l.logLine)
			}
		}
	}
	return out
}
