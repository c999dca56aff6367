//go:build linux && (amd64 || arm64)

package live_test

import (
	"os"
	"slices"
	"testing"

	"github.com/sessiontop/sessiontop/collector/live"
)

// candidate is what is told of a process that is running.
func candidate(t *testing.T, pid int32) live.Candidate {
	t.Helper()
	all, err := live.Candidates()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(c live.Candidate) bool { return c.PID == pid })
	if i < 0 {
		t.Fatalf("%d is not among %+v", pid, all)
	}
	return all[i]
}

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
			c := candidate(t, f.pid())
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
