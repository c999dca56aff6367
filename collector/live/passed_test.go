//go:build linux && (amd64 || arm64)

package live_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
)

// startPassed starts testdata/passed.py, in namespaces of its own if flags say so.
func startPassed(t *testing.T, flags uintptr, way, address string, calls int, local string) *fleet {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3")
	}
	f := &fleet{t: t, logs: filepath.Join(t.TempDir(), "log")}
	f.cmd = exec.Command(python, "testdata/passed.py", way, address, fmt.Sprint(calls), f.logs, local)
	f.cmd.Stderr = os.Stderr
	f.cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: flags}
	if f.in, err = f.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := f.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	f.out = bufio.NewScanner(out)
	if err := f.cmd.Start(); err != nil {
		if flags != 0 {
			t.Skipf("no namespaces: %v", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(f.end)
	return f
}

// serveAt is serve with HTTP at an address.
func serveAt(t *testing.T, network, address string) string {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serveConn(c, "http")
		}
	}()
	return l.Addr().String()
}

// hostPort is an address as passed.py has it.
func hostPort(t *testing.T, address string) string {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return host + " " + port
}

// sharers are the processes that use the sessions which several use.
func (c *capture) sharers() (pids [][]int32) {
	snap := c.engine.Snapshot()
	for i := range snap.Sessions.Len() {
		s := snap.Sessions.At(i)
		if !s.Is(model.SessionShared) {
			continue
		}
		all := []int32{snap.PID(s.Owner)}
		for _, p := range s.Sharers {
			all = append(all, snap.PID(p))
		}
		slices.Sort(all)
		pids = append(pids, slices.Compact(all))
	}
	return pids
}

// TestWaysToShare: however the second process came by the connection, though it
// is not selected, and whether the capture began before or after, all calls are captured and what was
// swapped is found.
func TestWaysToShare(t *testing.T) {
	const calls = 100
	for way, began := range map[string][]string{
		"dup": {"connect"}, "exec": {"connect"}, "scm": {"connect", "call"}, "pidfd": {"connect", "call"}, "stranger": {"share"},
	} {
		for _, when := range began {
			t.Run(way+", attached before "+when, func(t *testing.T) {
				t.Parallel()
				f := startPassed(t, 0, way, hostPort(t, serve(t, "tcp", "http")), calls, "0")
				check(t, f.captured(when), f)
			})
		}
	}
}

// captured is capturedFrom for passed.py.
func (f *fleet) captured(when string) *capture {
	f.t.Helper()
	var c *capture
	for _, step := range []string{"connect", "share", "call"} {
		if step == when {
			c = attach(f.t, live.Selector{PIDs: []int32{f.pid()}})
		}
		f.step(step)
	}
	c.end()
	return c
}

// check holds what was captured and found against what the processes know.
func check(t *testing.T, c *capture, f *fleet) {
	t.Helper()
	captured(t, c, f)
	compare(t, c, f)
	if got := c.sharers(); len(got) != 1 || len(got[0]) != 2 || !slices.Contains(got[0], f.pid()) {
		t.Errorf("sessions are shared by %v; want one, by %d and another", got, f.pid())
	}
	conns := map[uint64]bool{}
	for _, r := range c.told(record.Send, record.Recv) {
		conns[r.Cookie] = true
	}
	if len(conns) != 1 {
		t.Errorf("%d connections, want 1", len(conns))
	}
}

// TestAddressFamilies: connections over IPv6, and over IPv4 by an IPv6 socket,
// are seen like others, and have the names that ss gives them.
func TestAddressFamilies(t *testing.T) {
	for name, c := range map[string]struct {
		network, listen, dial string // dial: host; "" is the listener's
		peer                  func(port string) string
	}{
		"IPv4":   {"tcp4", "127.0.0.1:0", "", func(p string) string { return "127.0.0.1:" + p }},
		"IPv6":   {"tcp6", "[::1]:0", "", func(p string) string { return "[::1]:" + p }},
		"mapped": {"tcp4", "127.0.0.1:0", "::ffff:127.0.0.1", func(p string) string { return "127.0.0.1:" + p }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := serveAt(t, c.network, c.listen)
			host, port, _ := net.SplitHostPort(address)
			if c.dial != "" {
				host = c.dial
			}
			f := startPassed(t, 0, "fork", host+" "+port, 100, "0")
			got := f.captured("share")
			check(t, got, f)
			for _, r := range got.told(record.Send) {
				if r.Peer != c.peer(port) || !strings.HasPrefix(r.Local, c.peer("")) {
					t.Fatalf("%s → %s, want a peer of %s", r.Local, r.Peer, c.peer(port))
				}
			}
		})
	}
}

// TestNetworkNamespaces: two fleets with the same addresses and ports, each in
// a network of its own, are two sessions, and nothing of them is mixed up.
func TestNetworkNamespaces(t *testing.T) {
	t.Parallel()
	var fleets []*fleet
	var sel live.Selector
	for range 2 {
		f := startPassed(t, syscall.CLONE_NEWNET, "fork", "serve 127.0.0.1 8545", 200, "40000")
		fleets, sel.PIDs = append(fleets, f), append(sel.PIDs, f.pid())
	}
	c := attach(t, sel)
	for _, step := range []string{"connect", "share"} {
		for _, f := range fleets {
			f.step(step)
		}
	}
	for _, f := range fleets { // at the same time
		fmt.Fprintln(f.in, "call")
	}
	swapped := 0
	for _, f := range fleets {
		if !f.out.Scan() {
			t.Fatal("a fleet ended")
		}
		for _, r := range f.truth() {
			if r.swapped() {
				swapped++
			}
		}
	}
	c.end()
	ends := map[uint64]string{}
	for _, r := range c.told(record.Send) {
		ends[r.Cookie] = r.Local + " " + r.Peer
	}
	if len(ends) != 2 {
		t.Errorf("connections %v, want 2", ends)
	}
	for _, e := range ends {
		if e != "127.0.0.1:40000 127.0.0.1:8545" {
			t.Errorf("a connection is %s", e)
		}
	}
	if n := c.found()[model.SwappedReply]; n != swapped {
		t.Errorf("found %d swapped replies, there were %d", n, swapped)
	}
	for _, pids := range c.sharers() {
		if len(pids) != 2 || slices.Contains(pids, fleets[0].pid()) == slices.Contains(pids, fleets[1].pid()) {
			t.Errorf("%v share a session", pids)
		}
	}
}

// TestPIDNamespaces: a process in a container has the host's PID and its own.
func TestPIDNamespaces(t *testing.T) {
	t.Parallel()
	f := startPassed(t, syscall.CLONE_NEWPID, "fork", hostPort(t, serve(t, "tcp", "http")), 100, "0")
	c := f.captured("connect")
	inside := map[int]int{}
	for _, r := range c.told(record.Send, record.Recv) {
		inside[r.PID] = r.NSPID
	}
	if len(inside) != 2 || inside[int(f.pid())] != 1 {
		t.Errorf("PIDs, and those in the namespace: %v; want two, %d and 1 one of them", inside, f.pid())
	}
	own := map[string]int{} // the tokens are by the PIDs that the processes know
	for _, r := range c.told(record.Send) {
		pid, _, _ := strings.Cut(between(r.Msg, `"params":["`, `"`), "-")
		if pid != fmt.Sprint(r.NSPID) {
			t.Fatalf("%d (%d) sent a token of %s", r.PID, r.NSPID, pid)
		}
		own[pid]++
	}
	snap := c.engine.Snapshot()
	for i := range snap.Processes.Len() {
		if p := snap.Processes.At(i); p.Calls > 0 && int(p.Info.NSPID) != inside[int(p.Info.PID)] {
			t.Errorf("%+v; want %v", p.Info, inside)
		}
	}
	swapped := 0
	for _, r := range f.truth() {
		if r.swapped() {
			swapped++
		}
	}
	if n := c.found()[model.SwappedReply]; n != swapped {
		t.Errorf("found %d swapped replies, there were %d", n, swapped)
	}
}

// TestCandidatesInNamespaces: what is connected within other namespaces, or from
// there to here, is listed like the rest.
func TestCandidatesInNamespaces(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root reads the descriptors of other processes")
	}
	path := filepath.Join(t.TempDir(), "geth.ipc")
	for name, c := range map[string]struct{ address, peer string }{
		"TCP":                              {"serve 127.0.0.1 8545", "127.0.0.1:8545"},
		"Unix":                             {"serve " + path, path},
		"a Unix socket from another one's": {serve(t, "unix", "http"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if c.peer == "" {
				c.peer = c.address
			}
			f := startPassed(t, syscall.CLONE_NEWNET|syscall.CLONE_NEWPID, "fork", c.address, 1, "40000")
			f.step("connect")
			f.step("share")
			if got := candidate(t, f.pid()); got.NSPID != 1 || len(got.Sockets) != 1 || got.Sockets[0].Peer != c.peer || len(got.Sockets[0].PIDs) != 2 {
				t.Errorf("%+v", got)
			}
		})
	}
}
