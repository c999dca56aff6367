//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func unixDialer(path string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}
}

// The libraries of Node.js, and the programs of the recorder's own tests.
var (
	npmClients = npm("clients-ethers-6.17.0-viem-2.57.20-web3-4.16.0-undici-7", "ethers@6.17.0", "viem@2.57.20", "web3@4.16.0", "undici@7")
	npmEthers5 = npm("clients-ethers-5.8.0", "ethers@5.8.0")
)

var libraries = []struct {
	name, program string
	from          *install
}{
	{"ethers 5.8.0", "ethers5.js", npmEthers5},
	{"ethers 6.17.0", "ethers6.js", npmClients},
	{"viem 2.57.20", "viem.js", npmClients},
	{"web3.js 4.16.0", "web3.js", npmClients},
}

// TestNodeLibraries holds that healthy clients are silent: each process has
// its own connections, and what it prints is what the node says.
func TestNodeLibraries(t *testing.T) {
	for _, lib := range libraries {
		for _, how := range []string{"http", "batch", "websocket"} {
			t.Run(lib.name+"/"+how, func(t *testing.T) {
				row := parallel(t, lib.name, how, newestGeth().name+", "+anvil.name+", "+ganache.name)
				modules := lib.from.dir(t)
				program, err := filepath.Abs(filepath.Join("..", "node", "testkit", "programs", lib.program))
				if err != nil {
					t.Fatal(err)
				}
				total := &score{}
				for _, n := range []*node{newestGeth(), anvil, ganache} {
					p := newProxy(t, n.start(t))
					r := record(t, p, []string{"SESSIONTOP_TEST_MODULES=" + modules}, "node", program, how, p.url)
					r.wait(t)
					isWhatTheNodeSays(t, n.url, r.said.String())
					r.silent(t, total)
				}
				row.fill(t, total, false)
			})
		}
	}
}

// isWhatTheNodeSays compares the last line of a program, the results of its
// last calls, with what the node answers here.
func isWhatTheNodeSays(t *testing.T, url, said string) {
	t.Helper()
	var line string
	for text := range strings.Lines(said) {
		if strings.HasPrefix(text, "[") {
			line = text
		}
	}
	var got, want []any
	if err := json.Unmarshal([]byte(line), &got); err != nil {
		t.Fatalf("%v: %s", err, tail(said))
	}
	for _, method := range []string{"eth_chainId", "eth_accounts", "eth_syncing", "eth_blockNumber", "eth_gasPrice"} {
		var result any
		if err := ask(url, method, &result); err != nil {
			t.Fatal(err)
		}
		want = append(want, result)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) && !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, the node says %v", got, want)
	}
}

// silent holds that the logs of a healthy program show its calls and nothing
// else.
func (r *recording) silent(t *testing.T, total *score) {
	t.Helper()
	findings, sum, err := check(r.logs)
	if err != nil {
		t.Fatal(err)
	}
	if sum.Malformed+sum.Lost > 0 {
		t.Errorf("%d malformed lines, %d lost ones", sum.Malformed, sum.Lost)
	}
	if sum.Calls == 0 || sum.Replies != sum.Calls {
		t.Errorf("%d calls, %d replies in the logs", sum.Calls, sum.Replies)
	}
	total.calls += int(sum.Calls)
	for _, f := range findings {
		total.wrong = append(total.wrong, f.Finding+": "+f.Message)
	}
	if len(total.wrong) > 0 {
		r.keep(t)
	}
}
