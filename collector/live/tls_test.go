//go:build linux && (amd64 || arm64)

package live_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
)

// serveTLS answers JSON-RPC over HTTPS with the token that is the first
// parameter, in HTTP/1.1 or HTTP/2.
func serveTLS(t testing.TB) string {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		time.Sleep(rand.N(200 * time.Microsecond))
		id, _, _ := strings.Cut(between(body, `"id":`, "}"), ",")
		_, params, _ := strings.Cut(string(body), `"params"`)
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":"%s"}`, strings.TrimSpace(id), strings.Split(params, `"`)[1])
	}))
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // a shared connection breaks
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// runTLSClient makes calls with net/http: ADDRESS CALLS PROTOCOL. On each line
// of standard input it makes CALLS calls, four at a time, and prints the tokens
// that it read, in one line.
func runTLSClient() {
	address, protocol := os.Args[1], os.Args[3]
	var calls int
	fmt.Sscan(os.Args[2], &calls)
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: protocol == "h2",
		MaxIdleConnsPerHost: 4,
	}
	client := &http.Client{Transport: transport}
	lines, id := bufio.NewScanner(os.Stdin), 0
	for lines.Scan() {
		read := make([]string, calls)
		for i := 0; i < calls; i += 4 {
			var wg sync.WaitGroup
			for k := i; k < min(i+4, calls); k++ {
				id++
				body := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"eth_call","params":["%d-%d"]}`, id, os.Getpid(), id)
				wg.Go(func() { read[k] = post(client, address, body) })
			}
			wg.Wait()
		}
		fmt.Println(strings.Join(read, " "))
	}
}

func post(c *http.Client, address, body string) string {
	reply, err := c.Post("https://"+address+"/", "application/json", strings.NewReader(body))
	if err != nil {
		return err.Error()
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		return err.Error()
	}
	return between(text, `"result":"`, `"`)
}

// compareTokens holds the replies that were captured against those that the
// processes read, and the calls against the replies.
func compareTokens(t *testing.T, c *capture, want map[string]int) {
	t.Helper()
	got, asked := map[string]int{}, 0
	for _, r := range c.told(record.Recv) {
		if token := between(r.Msg, `"result":"`, `"`); token != "" {
			got[fmt.Sprint(r.PID, " ", token)]++
		}
	}
	for _, r := range c.told(record.Send) {
		asked++
		if !strings.HasPrefix(r.URL, "https://") && !strings.HasPrefix(r.URL, "h2://") || !strings.Contains(string(r.Msg), "eth_call") {
			t.Fatalf("%+v", r)
		}
	}
	if !maps.Equal(got, want) || asked != len(want) {
		t.Errorf("captured %d calls and %d replies; the processes know of %d, or of others; %+v", asked, len(got), len(want), c.Stats())
	}
	found := c.found()
	delete(found, model.InheritedSession) // a child has what its parent opened
	if len(found) > 0 {
		t.Errorf("found %v in processes that do nothing wrong", found)
	}
}

// TestTLSClients: of programs that make calls over TLS everything is captured,
// whether they are connected already or start later.
func TestTLSClients(t *testing.T) {
	const calls = "40"
	const own = `mount -t tmpfs none /mnt && cp "$0" /mnt/client && exec /mnt/client "$@"`
	for name, command := range map[string][]string{
		"Go HTTP/1.1":             {os.Args[0], "ADDRESS", calls, "h1"},
		"Go HTTP/2":               {os.Args[0], "ADDRESS", calls, "h2"},
		"Go in a mount namespace": {"unshare", "-m", "sh", "-c", own, os.Args[0], "ADDRESS", calls, "h1"},
		"Node.js":                 {"node", "testdata/tls.mjs", "ADDRESS", calls},
	} {
		for _, when := range []string{"connected already", "started later"} {
			if command[0] == "unshare" && when == "started later" {
				continue // of a file that is new, the first milliseconds are missed
			}
			t.Run(name+", "+when, func(t *testing.T) {
				args := slices.Clone(command)
				args[slices.Index(args, "ADDRESS")] = serveTLS(t)
				if _, err := exec.LookPath(args[0]); err != nil {
					t.Skip(err)
				}
				if args[0] == "unshare" && exec.Command("unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt").Run() != nil {
					t.Skip("mount namespaces can't be made here")
				}
				captureTLSClient(t, when, args[0], args[1:]...)
			})
		}
	}
}

// captureTLSClient captures a program that makes calls over TLS on each line of
// its standard input, and prints the tokens that it read.
func captureTLSClient(t *testing.T, when, program string, args ...string) {
	t.Helper()
	var c *capture
	if when == "started later" { // than another process of the same program
		startProgram(t, program, "tls", args...)
		c = attach(t, live.Selector{PIDs: []int32{int32(os.Getpid())}})
	}
	h := startProgram(t, program, "tls", args...)
	if c == nil {
		fmt.Fprintln(h.in, "go")
		h.line(t)
		c = attach(t, live.Selector{PIDs: []int32{h.pid()}})
	}
	fmt.Fprintln(h.in, "go")
	want := map[string]int{}
	for _, token := range strings.Fields(h.line(t)) {
		want[fmt.Sprint(h.pid(), " ", token)]++
	}
	if len(want) == 0 {
		t.Fatal("the client read nothing")
	}
	c.end()
	compareTokens(t, c, want)
	if n := c.Stats().Incomplete; n > 0 { // of the server, which is watched as well
		t.Errorf("%d messages count as lost", n)
	}
}

// TestTLSForked: forked Python processes, each with a connection of its own.
func TestTLSForked(t *testing.T) {
	t.Parallel()
	for _, each := range [][2]string{{"http.client", "connect"}, {"http.client", "call"}, {"asyncio", "fork"}, {"httpx", "connect"}} {
		how, when := each[0], each[1]
		t.Run(how+", attached before "+when, func(t *testing.T) {
			t.Parallel()
			if how == "httpx" && exec.Command("python3", "-c", "import httpx, h2").Run() != nil {
				t.Skip("httpx[http2] is not installed")
			}
			f := startScript(t, "testdata/tls.py", serveTLS(t), "2", "100", how)
			c := f.capturedFrom(when)
			want := map[string]int{}
			if when == "connect" {
				want[fmt.Sprint(f.pid(), " first")] = 1
			}
			for _, r := range f.truth() {
				want[fmt.Sprint(r.pid, " ", r.told)]++
			}
			compareTokens(t, c, want)
		})
	}
}

// TestTLSShortLived: of programs that are selected by their name and run for
// some ten milliseconds, everything is captured.
func TestTLSShortLived(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip(err)
	}
	address := serveTLS(t)
	c := attach(t, live.Selector{Comms: []string{"curl"}})
	for i := range 10 {
		cmd := exec.Command("curl", "-sk", "--data", fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"eth_call","params":["token-%d"]}`, i), "https://"+address)
		out, err := cmd.Output()
		if err != nil || between(out, `"result":"`, `"`) != fmt.Sprintf("token-%d", i) {
			t.Fatalf("%v: %s", err, out)
		}
		until(t, "call and reply are captured", func() bool {
			return slices.ContainsFunc(c.told(record.Recv), func(r record.Record) bool {
				return r.PID == cmd.Process.Pid && r.Comm == "curl" && r.Start > 0 && between(r.Msg, `"result":"`, `"`) == fmt.Sprintf("token-%d", i)
			})
		})
	}
	c.end()
	if n := c.found(); len(n) > 0 {
		t.Errorf("found %v in processes that do nothing wrong", n)
	}
}

// TestTLSLibraryLoadedLate: a library of which no running process has ever had a
// copy is watched from the first connection on at which it is seen to be there.
func TestTLSLibraryLoadedLate(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip(err)
	}
	loaded, err := exec.Command(python, "-c", "import ssl; print(*{l.split()[-1] for l in open('/proc/self/maps') if 'libssl' in l})").Output()
	if library := strings.TrimSpace(string(loaded)); err != nil || library == "" {
		t.Skip("python3 has no libssl of its own")
	} else {
		t.Setenv("LD_LIBRARY_PATH", filepath.Dir(copyOf(t, library)))
	}
	h := startProgram(t, python, "", "testdata/late.py", serveTLS(t))
	c := attach(t, live.Selector{PIDs: []int32{h.pid()}})
	until(t, "a call is captured", func() bool {
		fmt.Fprintln(h.in, "token")
		if said := h.line(t); said != "token" {
			t.Fatalf("the process read %q", said)
		}
		return len(c.told(record.Recv)) > 0
	})
	c.end()
	if n := c.found(); len(n) > 0 {
		t.Errorf("found %v in a process that does nothing wrong", n)
	}
}

// copyOf is a copy of a file, under its own name.
func copyOf(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := os.WriteFile(copied, b, 0o755); err != nil {
		t.Fatal(err)
	}
	return copied
}

// TestTLSShared: a TLS connection that two processes use breaks, since both go on
// counting records where their parent was. Until it does, a reply may be swapped:
// either can decrypt it. Said is that both used it, and which reply went astray.
func TestTLSShared(t *testing.T) {
	t.Parallel()
	f := startScript(t, "testdata/tls.py", serveTLS(t), "2", "100", "shared")
	c := f.capturedFrom("connect")
	swapped, broken := 0, 0
	for _, r := range f.truth() {
		if r.swapped() {
			swapped++
		}
		if r.told == "-" {
			broken++
		}
	}
	found := c.found()
	t.Logf("%d replies swapped, %d processes cut off; found %v", swapped, broken, found)
	if found[model.SharedSession] != 1 || found[model.SwappedReply] != swapped {
		t.Errorf("found %v, but %d replies were swapped", found, swapped)
	}
}
