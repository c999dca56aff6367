//go:build linux && (amd64 || arm64)

package live_test

import (
	"os"
	"slices"
	"testing"

	"github.com/sessiontop/sessiontop/collector/live"
)

func TestCandidates(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root reads the descriptors of other processes")
	}
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			address := serve(t, network, "http")
			f := startFleet(t, address, 2, 1, "http", "1")
			f.step("connect")
			f.step("fork")
			all, err := live.Candidates()
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(all, func(c live.Candidate) bool { return c.PID == f.pid() })
			if i < 0 {
				t.Fatalf("%d is not among %+v", f.pid(), all)
			}
			c := all[i]
			if c.Comm != "python3" || c.Start == 0 || c.PPID != int32(os.Getpid()) || len(c.Sockets) != 1 {
				t.Fatalf("%+v", c)
			}
			s := c.Sockets[0]
			if s.Peer != address || !s.Shared() || len(s.PIDs) != 3 || !slices.Contains(s.PIDs, f.pid()) || s.Likely != (network == "unix") {
				t.Errorf("%+v, want a connection to %s of three processes", s, address)
			}
		})
	}
}
