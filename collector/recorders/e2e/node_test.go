//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"
)

// The newest geth whose modules are all to be had, and the last line that has
// the personal namespace. It links to names of the runtime that Go has closed
// since, hence the flag.
var (
	geth     = goTool("github.com/ethereum/go-ethereum/cmd/geth", "v1.17.8")
	oldGeth  = goTool("github.com/ethereum/go-ethereum/cmd/geth", "v1.13.15", "-ldflags=-checklinkname=0")
	npmNodes = npm("nodes-anvil-1.7.1-ganache-7.9.2", "@foundry-rs/anvil@1.7.1", "ganache@7.9.2")
)

// A node is a process that serves JSON-RPC on loopback, HTTP and WebSocket on
// one port, for as long as the suite runs.
type node struct {
	name    string
	from    *install
	prepare func(data string) error // nil: nothing
	command func(dir, data string, port int) []string

	once    sync.Once
	url     string
	process *exec.Cmd
	err     error
}

var (
	currentGeth = &node{name: "geth 1.17.8", from: geth, command: func(dir, data string, port int) []string {
		return append(gethCommand(dir, data, port), "--http.api", "eth,net,web3")
	}}
	personalGeth = &node{name: "geth 1.13.15", from: oldGeth, prepare: storeAccount, command: func(dir, data string, port int) []string {
		return append(gethCommand(dir, data, port), "--http.api", "eth,net,web3,personal",
			"--rpc.enabledeprecatedpersonal", "--allow-insecure-unlock")
	}}
	anvil = &node{name: "anvil 1.7.1", from: npmNodes, command: func(dir, _ string, port int) []string {
		return []string{anvilIn(dir), "--port", strconv.Itoa(port), "--silent"}
	}}
	ganache = &node{name: "ganache 7.9.2", from: npmNodes, command: func(dir, _ string, port int) []string {
		return []string{"node", filepath.Join(dir, "node_modules", "ganache", "dist", "node", "cli.js"),
			"--server.port", strconv.Itoa(port), "--logging.quiet"}
	}}
	nodes = []*node{currentGeth, personalGeth, anvil, ganache}
)

// newestGeth is the newest geth, and the old one where time is short: to build
// one from nothing takes minutes.
func newestGeth() *node {
	if testing.Short() {
		return personalGeth
	}
	return currentGeth
}

func gethCommand(dir, data string, port int) []string {
	p := strconv.Itoa(port)
	return []string{filepath.Join(dir, "geth"), "--dev", "--datadir", data, "--ipcdisable", "--authrpc.port", "0",
		"--http", "--http.port", p, "--ws", "--ws.port", p, "--ws.api", "eth,net,web3"}
}

// storeAccount puts an account into geth's keystore: that of the private key 1,
// with the passphrase "", which takes a millisecond or two to verify. One of
// geth's own takes all cores for a second when some workers unlock it at once.
func storeAccount(data string) error {
	return os.CopyFS(filepath.Join(data, "keystore"), os.DirFS("testdata"))
}

// anvilIn is the binary inside the npm package of this platform.
func anvilIn(dir string) string {
	found, _ := filepath.Glob(filepath.Join(dir, "node_modules", "@foundry-rs", "anvil-*", "bin", "anvil"))
	if len(found) == 0 {
		return "anvil"
	}
	return found[0]
}

// start returns the node's URL; the first call starts it. Without its program
// the test is skipped.
func (n *node) start(t testing.TB) string {
	t.Helper()
	dir := n.from.dir(t)
	n.once.Do(func() {
		for range 3 { // another process may take the port first
			if n.err = n.launch(dir); n.err == nil {
				return
			}
		}
	})
	if n.err != nil {
		t.Fatalf("%s: %v", n.name, n.err)
	}
	return n.url
}

func (n *node) launch(dir string) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	data, err := os.MkdirTemp(scratch, "node-")
	if err != nil {
		return err
	}
	if n.prepare != nil {
		if err := n.prepare(data); err != nil {
			return err
		}
	}
	words := n.command(dir, data, port)
	n.process = exec.Command(words[0], words[1:]...)
	var said bytes.Buffer
	n.process.Stdout, n.process.Stderr = &said, &said
	endWithUs(n.process)
	if err := n.process.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- n.process.Wait() }()
	n.url = fmt.Sprintf("http://127.0.0.1:%d", port)
	deadline := time.After(time.Minute)
	for {
		if ask(n.url, "eth_blockNumber", nil) == nil {
			return nil
		}
		select {
		case <-ended:
			return fmt.Errorf("ended: %s", lastLine(said.String()))
		case <-deadline:
			n.stop()
			return fmt.Errorf("does not answer: %s", lastLine(said.String()))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (n *node) stop() {
	if n.process != nil && n.process.Process != nil {
		_ = n.process.Process.Kill() // an error: it has ended
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// ask makes one call and decodes its result, where one is wanted.
func ask(url, method string, result any) error {
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	body := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":[]}`, method)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var reply struct {
		Result json.RawMessage
		Error  *struct{ Message string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&reply); err != nil {
		return err
	}
	if reply.Error != nil {
		return fmt.Errorf("%s: %s", method, reply.Error.Message)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(reply.Result, result)
}
