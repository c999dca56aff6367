//go:build linux && (amd64 || arm64)

package live_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Programs that the tests watch are this test binary itself, under a role that
// the environment names.
const roleVar = "SESSIONTOP_LIVE_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVar) {
	case "server":
		runServer()
	case "client":
		runClient()
	case "tls":
		runTLSClient()
	case "watcher":
		runWatcher()
	default:
		os.Exit(m.Run())
	}
}

// helper is a process in a role.
type helper struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func start(t testing.TB, role string, args ...string) *helper {
	t.Helper()
	return startProgram(t, os.Args[0], role, args...)
}

func startProgram(t testing.TB, program, role string, args ...string) *helper {
	t.Helper()
	h := &helper{cmd: exec.Command(program, args...)}
	h.cmd.Env = append(os.Environ(), roleVar+"="+role, "GOMAXPROCS=2")
	h.cmd.Stderr = os.Stderr
	var err error
	if h.in, err = h.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	h.out = bufio.NewReader(out)
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.in.Close()
		h.cmd.Process.Kill()
		h.cmd.Wait()
	})
	return h
}

func (h *helper) pid() int32 { return int32(h.cmd.Process.Pid) }

// line is the next line that the process prints.
func (h *helper) line(t testing.TB) string {
	t.Helper()
	s, err := h.out.ReadString('\n')
	if err != nil {
		t.Fatalf("a helper ended: %v", err)
	}
	return strings.TrimSpace(s)
}

// runServer answers each POST with the id of its request and as many bytes as
// its path says. It ends with standard input.
func runServer() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(l.Addr())
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var req struct{ ID json.RawMessage }
		if json.NewDecoder(r.Body).Decode(&req) != nil {
			return
		}
		size, _ := strconv.Atoi(r.URL.Path[1:])
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":"0x%s"}`, req.ID, strings.Repeat("0", size))
	}))
	io.Copy(io.Discard, os.Stdin)
}

// runClient makes calls: ADDRESS CONNECTIONS CALLS RATE SIZE. Each connection
// makes its share of the calls, at its share of RATE calls a second (0: as fast
// as it can). It begins on a line of standard input, prints how many calls had
// their reply and in how many nanoseconds, and ends with standard input.
func runClient() {
	address := os.Args[1]
	var n [4]int
	for i := range n {
		n[i], _ = strconv.Atoi(os.Args[i+2])
	}
	conns, calls, rate, size := n[0], n[1], n[2], n[3]
	in := bufio.NewReader(os.Stdin)
	for {
		if _, err := in.ReadString('\n'); err != nil {
			return
		}
		begin := time.Now()
		var wg sync.WaitGroup
		for c := range conns {
			wg.Go(func() { callOn(address, calls/conns, rate/conns, size, c) })
		}
		wg.Wait()
		fmt.Println(calls/conns*conns, time.Since(begin).Nanoseconds())
	}
}

func callOn(address string, calls, rate, size, number int) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		panic(err)
	}
	defer c.Close()
	r := bufio.NewReader(c)
	pad := strings.Repeat("0", size)
	begin := time.Now()
	for i := range calls {
		if rate > 0 {
			if ahead := time.Duration(i)*time.Second/time.Duration(rate) - time.Since(begin); ahead > time.Millisecond {
				time.Sleep(ahead)
			}
		}
		body := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"eth_call","params":["0x%s"]}`, number<<32+i, pad)
		if _, err := fmt.Fprintf(c, "POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", size, len(body), body); err != nil {
			panic(err)
		}
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			panic(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
}
