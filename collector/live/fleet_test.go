//go:build linux && (amd64 || arm64)

package live_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
)

// capture is a running capture with what it has told so far.
type capture struct {
	*live.Capture
	engine *model.Engine
	end    func()

	mu      sync.Mutex
	records []record.Record
}

// attach begins to capture; the test is skipped where that cannot be.
func attach(t testing.TB, sel live.Selector) *capture {
	t.Helper()
	c := &capture{engine: model.NewEngine(model.Options{Live: true}, nil)}
	var err error
	c.Capture, err = live.Attach(live.Options{
		Select: sel, Source: 1, Strings: c.engine.Strings(), Dir: t.TempDir(),
		Record: func(r record.Record) {
			r.Msg, r.Raw = bytes.Clone(r.Msg), bytes.Clone(r.Raw)
			c.mu.Lock()
			defer c.mu.Unlock()
			c.records = append(c.records, r)
		},
	})
	var missing *live.RequirementError
	if errors.As(err, &missing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx, c.engine) }()
	c.end = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		c.engine.Finish()
	})
	t.Cleanup(func() {
		c.end()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// told is the records of an event so far.
func (c *capture) told(events ...record.Event) []record.Record {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []record.Record
	for _, r := range c.records {
		for _, e := range events {
			if r.Event == e {
				out = append(out, r)
			}
		}
	}
	return out
}

// found counts the findings.
func (c *capture) found() map[model.FindingKind]int {
	n := map[model.FindingKind]int{}
	snap := c.engine.Snapshot()
	for i := range snap.Findings.Len() {
		if f := snap.Findings.At(i); !f.Void {
			n[f.Kind]++
		}
	}
	return n
}

// until waits for a condition.
func until(t testing.TB, what string, cond func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !cond(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// serve answers JSON-RPC over HTTP or in lines, one request after the other,
// with the token that is the first parameter. Framing "halves" is HTTP whose
// header and body are written apart.
func serve(t testing.TB, network, framing string) string {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "geth.ipc")
	}
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serveConn(c, framing)
		}
	}()
	return l.Addr().String()
}

func serveConn(c net.Conn, framing string) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		var body []byte
		if framing == "lines" {
			line, err := in.ReadBytes('\n')
			if err != nil {
				return
			}
			body = line
		} else {
			req, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			if body, err = io.ReadAll(req.Body); err != nil {
				return
			}
		}
		id := between(body, `"id":`, ",")
		reply := fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":"%s"}`+"\n", id, between(body, `"params":["`, `"`))
		if framing != "lines" {
			reply = fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(reply), reply)
		}
		time.Sleep(rand.N(200 * time.Microsecond)) // meanwhile the others ask, too
		if framing == "halves" {
			header, rest, _ := strings.Cut(reply, "\r\n\r\n")
			if _, err := c.Write([]byte(header + "\r\n\r\n")); err != nil {
				return
			}
			time.Sleep(rand.N(200 * time.Microsecond))
			reply = rest
		}
		if _, err := c.Write([]byte(reply)); err != nil {
			return
		}
	}
}

func between(b []byte, from, to string) string {
	_, after, _ := strings.Cut(string(b), from)
	text, _, _ := strings.Cut(after, to)
	return text
}

// fleet is a running testdata/forked.py, or tls.py.
type fleet struct {
	t    testing.TB
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Scanner
	logs string
}

func startFleet(t testing.TB, address string, children, calls int, framing, writes string) *fleet {
	t.Helper()
	return startScript(t, "testdata/forked.py", address, fmt.Sprint(children), fmt.Sprint(calls), framing, writes)
}

// startScript starts a script, whose last argument is where it logs what it
// knows.
func startScript(t testing.TB, args ...string) *fleet {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3")
	}
	f := &fleet{t: t, logs: filepath.Join(t.TempDir(), "log")}
	f.cmd = exec.Command(python, append(args, f.logs)...)
	f.cmd.Stderr = os.Stderr
	if f.in, err = f.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := f.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	f.out = bufio.NewScanner(out)
	if err := f.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.end)
	return f
}

func (f *fleet) pid() int32 { return int32(f.cmd.Process.Pid) }

// step has the fleet do its next step, and waits for it.
func (f *fleet) step(word string) {
	f.t.Helper()
	fmt.Fprintln(f.in, word)
	if !f.out.Scan() || f.out.Text() != word {
		f.t.Fatalf("the fleet ended at %s", word)
	}
}

// capturedFrom has the fleet run to its end, captured from a step on.
func (f *fleet) capturedFrom(when string) *capture {
	f.t.Helper()
	var c *capture
	for _, step := range []string{"connect", "fork", "call"} {
		if step == when {
			c = attach(f.t, live.Selector{PIDs: []int32{f.pid()}})
		}
		f.step(step)
	}
	c.end()
	return c
}

func (f *fleet) end() {
	f.cmd.Process.Kill()
	f.in.Close()
	f.cmd.Wait()
}

// read is one reply as its reader had it: the token that it had sent, and the
// one that it read, "-" where it gave up.
type read struct {
	pid         int
	asked, told string
	ahead       bool // read with the reply before it, and thrown away
}

// swapped says that the reply is another process's.
func (r *read) swapped() bool {
	return r.told != "-" && !strings.HasPrefix(r.told, fmt.Sprint(r.pid, "-"))
}

// truth is what the children read.
func (f *fleet) truth() []read {
	f.t.Helper()
	files, _ := filepath.Glob(f.logs + ".*")
	var all []read
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.t.Fatal(err)
		}
		var pid int
		fmt.Sscanf(filepath.Ext(name), ".%d", &pid)
		for line := range strings.Lines(string(b)) {
			words := strings.Fields(line)
			for i, told := range words[1:] {
				all = append(all, read{pid: pid, asked: words[0], told: told, ahead: i > 0})
			}
		}
	}
	return all
}
