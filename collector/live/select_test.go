//go:build linux && (amd64 || arm64)

package live_test

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
)

// ownProgram is this test binary under a name of its own.
func ownProgram(t *testing.T, name string) string {
	t.Helper()
	in, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	path := filepath.Join(t.TempDir(), name)
	out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSelectors: each selects the client, whether it runs already or starts
// later, and all of its calls are captured.
func TestSelectors(t *testing.T) {
	t.Parallel()
	const calls = 80
	selected, other, third := ownProgram(t, "st-live-selected"), ownProgram(t, "st-live-other"), ownProgram(t, "st-live-third")
	server := start(t, "server")
	address := server.line(t)
	port := netip.MustParseAddrPort(address).Port()
	for name, sel := range map[string]live.Selector{
		"comm":          {Comms: []string{"st-live-selected"}},
		"exe":           {Exes: []string{other}},
		"exe by name":   {Exes: []string{"st-live-third"}},
		"port":          {Ports: []uint16{port}},
		"comm and port": {Comms: []string{"st-live-selected"}, Ports: []uint16{port}},
		"all":           {All: true},
		"all and port":  {All: true, Ports: []uint16{port}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			program := map[string]string{"exe": other, "exe by name": third}[name]
			if program == "" {
				program = selected
			}
			before := startProgram(t, program, "client", address, "8", fmt.Sprint(calls), "0", "100")
			fmt.Fprintln(before.in, "go")
			before.line(t) // it is up
			c := attach(t, sel)
			after := startProgram(t, program, "client", address, "8", fmt.Sprint(calls), "0", "100")
			if len(sel.Exes) > 0 { // which the kernel does not know: somebody has to look
				until(t, "it is watched", func() bool { return c.Stats().Processes > 1 })
			}
			for _, h := range []*helper{before, after} {
				fmt.Fprintln(h.in, "go")
				h.line(t)
			}
			c.end()
			for which, h := range map[string]*helper{"that ran already": before, "that started later": after} {
				sent := 0
				for _, r := range c.told(record.Send) {
					if r.PID == int(h.pid()) {
						sent++
					}
				}
				if sent != calls {
					t.Errorf("of the client %s, %d calls of %d were captured", which, sent, calls)
				}
			}
		})
	}
}

// TestExeThatIsGone: a program is known by its path though its file has been
// replaced since, as by an upgrade.
func TestExeThatIsGone(t *testing.T) {
	t.Parallel()
	server := start(t, "server")
	program := ownProgram(t, "st-live-gone")
	client := startProgram(t, program, "client", server.line(t), "1", "10", "0", "100")
	fmt.Fprintln(client.in, "go")
	client.line(t) // it is up
	if err := os.Remove(program); err != nil {
		t.Fatal(err)
	}
	c := attach(t, live.Selector{Exes: []string{program}})
	fmt.Fprintln(client.in, "go")
	client.line(t)
	c.end()
	if n := len(c.told(record.Send)); n != 10 {
		t.Errorf("%d calls captured, want 10", n)
	}
}

func TestPortNarrows(t *testing.T) {
	t.Parallel()
	server := start(t, "server")
	client := start(t, "client", server.line(t), "1", "10", "0", "100")
	c := attach(t, live.Selector{PIDs: []int32{client.pid()}, Ports: []uint16{1}})
	fmt.Fprintln(client.in, "go")
	client.line(t)
	c.end()
	if n := len(c.told(record.Send)); n != 0 {
		t.Errorf("%d calls captured to a port that was not selected", n)
	}
}

func TestNothingSelected(t *testing.T) {
	for _, sel := range []live.Selector{{}, {Containers: []string{"abc"}}, {Containers: []string{"not hexadecimal"}}} {
		if c, err := live.Attach(live.Options{Select: sel}); err == nil {
			c.Close()
			t.Errorf("%+v is taken", sel)
		}
	}
}

// TestServerIsNoClient: of a server nothing is shown, and it is said why.
func TestServerIsNoClient(t *testing.T) {
	t.Parallel()
	server := start(t, "server")
	client := start(t, "client", server.line(t), "2", "50", "0", "100")
	c := attach(t, live.Selector{PIDs: []int32{server.pid()}})
	fmt.Fprintln(client.in, "go")
	client.line(t)
	c.end()
	if n := len(c.told(record.Send, record.Recv)); n != 0 || c.Stats().Servers != 2 {
		t.Errorf("%d messages of a server are shown; %+v", n, c.Stats())
	}
	if s := c.engine.Snapshot().Sources[0]; !strings.Contains(s.Err, "the server of 2 connections") {
		t.Errorf("it is not said why: %+v", s)
	}
}

// TestInheritedIsKnownAtOnce: before any byte flows, the session is there with
// all that hold it.
func TestInheritedIsKnownAtOnce(t *testing.T) {
	t.Parallel()
	f := startFleet(t, serve(t, "tcp", "http"), 3, 1, "http", "1")
	f.step("connect")
	f.step("fork")
	c := attach(t, live.Selector{PIDs: []int32{f.pid()}})
	var s *model.Session
	until(t, "the session is there", func() bool {
		snap := c.engine.Snapshot()
		for i := range snap.Sessions.Len() {
			if s = snap.Sessions.At(i); s.Serial != 0 && len(s.Holders) == 3 {
				return true
			}
		}
		return false
	})
	snap := c.engine.Snapshot()
	pid := func(id model.ProcID) int32 { return snap.Processes.At(int(id)).Info.PID }
	if pid(s.Owner) != f.pid() || !s.Is(model.SessionInherited|model.SessionWire) {
		t.Errorf("%+v, want an inherited session of %d", s, f.pid())
	}
	holders := []int32{}
	for _, h := range s.Holders {
		p := snap.Processes.At(int(h))
		holders = append(holders, p.Info.PID)
		if p.Info.PPID != f.pid() {
			t.Errorf("%+v is not said to be a child of %d", p, f.pid())
		}
	}
	slices.Sort(holders)
	if c.found()[model.InheritedSession] != 1 || len(slices.Compact(holders)) != 3 {
		t.Errorf("holders %v, found %v", holders, c.found())
	}
}

// TestCloseOfAUnixSocket: no tracepoint tells it, yet it is told.
func TestCloseOfAUnixSocket(t *testing.T) {
	address := serve(t, "unix", "lines")
	c := attach(t, live.Selector{PIDs: []int32{int32(os.Getpid())}})
	conn, err := net.Dial("unix", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintln(conn, `{"jsonrpc":"2.0","id":1,"method":"eth_call","params":["token"]}`)
	if _, err := conn.Read(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	until(t, "the reply is captured", func() bool { return len(c.told(record.Recv)) == 1 })
	conn.Close()
	until(t, "the close is told", func() bool { return len(c.told(record.Close)) == 1 })
	if r := c.told(record.Close)[0]; r.Peer != address || r.PID != os.Getpid() {
		t.Errorf("%+v", r)
	}
}

// TestAttachInMidCall: the reply to what was asked before is not taken for one
// that nobody asked for, and the next call is seen whole.
func TestAttachInMidCall(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			conn, err := net.Dial(network, serve(t, network, "http"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			request := func(id int) string {
				body := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"eth_call","params":["token"]}`, id)
				return fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
			}
			reply := make([]byte, 1000)
			fmt.Fprint(conn, request(1))
			c := attach(t, live.Selector{PIDs: []int32{int32(os.Getpid())}})
			if _, err := conn.Read(reply); err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(conn, request(2))
			if _, err := conn.Read(reply); err != nil {
				t.Fatal(err)
			}
			c.end()
			for _, r := range c.told(record.Send, record.Recv) {
				if between(append(r.Msg, ' '), `"id":`, ",") != "2" {
					t.Errorf("%s %s", r.Event, r.Msg)
				}
			}
			if n, f := len(c.told(record.Send, record.Recv)), c.found(); n != 2 || len(f) != 0 {
				t.Errorf("%d messages of one call, found %v", n, f)
			}
		})
	}
}

// TestPickedUpAtExec: a program that is selected by its name is known by it, and
// by when it began, from its first record on: here, that it forks.
func TestPickedUpAtExec(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	const name = "st-live-shell"
	program := filepath.Join(t.TempDir(), name)
	if err := os.Symlink(shell, program); err != nil {
		t.Fatal(err)
	}
	c := attach(t, live.Selector{Comms: []string{name}})
	cmd := exec.Command(program, "-c", "(exit 3); (exit 4)")
	if err := cmd.Run(); err == nil {
		t.Fatal("the shell did not do what it was told")
	}
	until(t, "both forks are told", func() bool { return len(c.told(record.Fork)) == 2 })
	c.end()
	for _, r := range c.told(record.Fork, record.Exit) {
		if r.Comm != name || r.Start == 0 || r.PPID == 0 {
			t.Errorf("%+v", r)
		}
	}
	if n := len(c.told(record.Exit)); n != 3 {
		t.Errorf("%d processes ended, want 3", n)
	}
}
