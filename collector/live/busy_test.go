//go:build linux && (amd64 || arm64)

package live_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/collector/record"
)

// TestBusy: watching begins and ends while clients are at work. Nothing is found
// wrong with the calls at its edges.
func TestBusy(t *testing.T) {
	t.Parallel()
	server := start(t, "server")
	for name, args := range map[string][]string{
		"HTTP/1.1":          {"client", server.line(t), "8", "1000000", "0", "100"},
		"HTTP/1.1 over TLS": {"tls", serveTLS(t), "1000000", "h1"},
		"HTTP/2 over TLS":   {"tls", serveTLS(t), "1000000", "h2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := startProgram(t, os.Args[0], args[0], args[1:]...)
			fmt.Fprintln(client.in, "go")
			for range 3 {
				c := attach(t, live.Selector{PIDs: []int32{client.pid()}})
				until(t, "calls are captured", func() bool { return len(c.told(record.Recv)) > 200 })
				c.end()
				if n := c.found(); len(n) > 0 {
					t.Errorf("found %v in a process that does nothing wrong; %+v", n, c.Stats())
				}
			}
		})
	}
}
