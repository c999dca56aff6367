//go:build linux && (amd64 || arm64)

package live_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/collector/record"
)

// container is the id of one that does not exist.
const container = "4f0c2b7e91d35a68c04be1d2f7a3960b5c8de4172a6b3f9055d1c0e8ab74f321"

// newCgroup makes the cgroup of a container, as systemd and Docker name it, and
// gives its folder and its name in /proc/PID/cgroup.
func newCgroup(t *testing.T) (folder, name string) {
	t.Helper()
	name = fmt.Sprintf("/st-live-%d/docker-%s.scope", os.Getpid(), container)
	for _, root := range []string{"/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"} {
		folder := filepath.Join(root, name)
		if os.MkdirAll(folder, 0o755) != nil {
			continue
		}
		t.Cleanup(func() {
			os.Remove(folder) // once the processes in it have ended
			os.Remove(filepath.Dir(folder))
		})
		if _, err := os.Stat(filepath.Join(folder, "cgroup.procs")); err == nil {
			return folder, name
		}
	}
	t.Skip("no cgroup can be made")
	return "", ""
}

// startInCgroup starts a client in the cgroup.
func startInCgroup(t *testing.T, folder string, args ...string) *helper {
	t.Helper()
	script := `echo $$ >"$0" && exec "$@"`
	return startProgram(t, "/bin/sh", "client",
		append([]string{"-c", script, filepath.Join(folder, "cgroup.procs"), os.Args[0]}, args...)...)
}

// TestCgroupSelectors: by its cgroup, or the id of its container, a client is
// selected, whether it runs already or starts later, and no other.
func TestCgroupSelectors(t *testing.T) {
	t.Parallel()
	const calls = 40
	if _, err := exec.LookPath("/bin/sh"); err != nil {
		t.Skip(err)
	}
	folder, name := newCgroup(t)
	server := start(t, "server")
	address := server.line(t)
	outside := start(t, "client", address, "1", fmt.Sprint(calls), "0", "100")
	for what, sel := range map[string]live.Selector{
		"cgroup":              {Cgroups: []string{name}},
		"a cgroup above":      {Cgroups: []string{filepath.Dir(name)}},
		"container":           {Containers: []string{container}},
		"container, short id": {Containers: []string{strings.ToUpper(container[:12])}},
	} {
		t.Run(what, func(t *testing.T) {
			before := startInCgroup(t, folder, address, "4", fmt.Sprint(calls), "0", "100")
			fmt.Fprintln(before.in, "go")
			before.line(t) // it is up
			c := attach(t, sel)
			after := startInCgroup(t, folder, address, "4", fmt.Sprint(calls), "0", "100")
			until(t, "it is watched", func() bool { return c.Stats().Processes > 1 })
			sent := map[int]int{}
			for _, h := range []*helper{before, after, outside} {
				fmt.Fprintln(h.in, "go")
				h.line(t)
			}
			c.end()
			for _, r := range c.told(record.Send) {
				sent[r.PID]++
			}
			if sent[int(before.pid())] != calls || sent[int(after.pid())] != calls || len(sent) != 2 {
				t.Errorf("calls by PID: %v; want %d each of %d and %d", sent, calls, before.pid(), after.pid())
			}
		})
	}
	for _, other := range []live.Selector{{Cgroups: []string{name[:len(name)-1]}}, {Containers: []string{container[1:20]}}} {
		c := attach(t, other)
		inside := startInCgroup(t, folder, address, "1", "5", "0", "100")
		fmt.Fprintln(inside.in, "go")
		inside.line(t)
		c.end()
		if n := len(c.told(record.Send)); n != 0 {
			t.Errorf("%+v: %d calls captured", other, n)
		}
	}
}

// TestDescendants: with a process all that descend from it are watched, at
// whatever depth, and its siblings are not.
func TestDescendants(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("/bin/sh"); err != nil {
		t.Skip(err)
	}
	const calls = 20
	server := start(t, "server")
	address := server.line(t)
	client := []string{os.Args[0], address, "1", fmt.Sprint(calls), "0", "100"}
	script := `sh -c '"$@"; true' sh "$@"; true`
	h := startProgram(t, "/bin/sh", "client", append([]string{"-c", script, "sh"}, client...)...)
	sibling := startProgram(t, client[0], "client", client[1:]...)
	fmt.Fprintln(h.in, "go")
	h.line(t)
	c := attach(t, live.Selector{PIDs: []int32{h.pid()}})
	for _, each := range []*helper{h, sibling} {
		fmt.Fprintln(each.in, "go")
		each.line(t)
	}
	c.end()
	sent := map[int]int{}
	for _, r := range c.told(record.Send) {
		sent[r.PID]++
		if r.PID == int(h.pid()) || r.PID == int(sibling.pid()) {
			t.Fatalf("a call of %d is captured", r.PID)
		}
	}
	if len(sent) != 1 {
		t.Errorf("calls by PID: %v; want those of one grandchild", sent)
	}
}
