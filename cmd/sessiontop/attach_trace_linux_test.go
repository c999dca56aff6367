package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// kernelObjects are what a process has in the kernel, by their ids.
type kernelObjects struct {
	programs []ebpf.ProgramID
	maps     []ebpf.MapID
	links    []link.ID
}

// objectsOf is what the process has open; proc_pid_fdinfo(5) tells the ids.
func objectsOf(t *testing.T, pid int) (o kernelObjects) {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/fdinfo/*", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // closed meanwhile
		}
		for line := range strings.Lines(string(text)) {
			var id uint32
			if n, _ := fmt.Sscanf(line, "prog_id: %d", &id); n == 1 {
				o.programs = append(o.programs, ebpf.ProgramID(id))
			} else if n, _ := fmt.Sscanf(line, "map_id: %d", &id); n == 1 {
				o.maps = append(o.maps, ebpf.MapID(id))
			} else if n, _ := fmt.Sscanf(line, "link_id: %d", &id); n == 1 {
				o.links = append(o.links, link.ID(id))
			}
		}
	}
	return o
}

// left is which of them the kernel still has.
func (o *kernelObjects) left() (ids []string) {
	for _, id := range o.programs {
		if p, err := ebpf.NewProgramFromID(id); err == nil {
			ids = append(ids, fmt.Sprint("program ", id))
			p.Close()
		}
	}
	for _, id := range o.maps {
		if m, err := ebpf.NewMapFromID(id); err == nil {
			ids = append(ids, fmt.Sprint("map ", id))
			m.Close()
		}
	}
	for _, id := range o.links {
		if l, err := link.NewFromID(id); err == nil {
			ids = append(ids, fmt.Sprint("link ", id))
			l.Close()
		}
	}
	return ids
}

// pinned are the objects that are pinned.
func pinned() (all []string) {
	_ = filepath.WalkDir("/sys/fs/bpf", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, path)
		}
		return nil
	})
	return all
}

// turns is how often the processes of a fleet have waited for something, by
// their PIDs.
func turns(t *testing.T, parent string) map[string]string {
	t.Helper()
	children, err := os.ReadFile("/proc/" + parent + "/task/" + parent + "/children")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, pid := range strings.Fields(string(children)) {
		status, err := os.ReadFile("/proc/" + pid + "/status")
		if err != nil {
			t.Fatal(err)
		}
		_, n, _ := strings.Cut(string(status), "\nvoluntary_ctxt_switches:")
		n, _, _ = strings.Cut(n, "\n")
		all[pid] = strings.TrimSpace(n)
	}
	return all
}

// TestAttachLeavesNothing: however it ends, the kernel has nothing of it any
// more, and the processes go on with what they do.
func TestAttachLeavesNothing(t *testing.T) {
	fleet := forkedFleet(t)
	_, _, stderr := output(t, "attach", "--pid", fleet, "--headless", "--duration", "1ms")
	skipWithoutCapture(t, stderr)
	for name, end := range map[string]func(s *session){
		"q":       func(s *session) { s.press("q") },
		"SIGTERM": func(s *session) { _ = s.cmd.Process.Signal(syscall.SIGTERM) },
		"SIGKILL": func(s *session) { _ = s.cmd.Process.Kill() },
	} {
		t.Run(name, func(t *testing.T) {
			before := pinned()
			s := start(t, "sessiontop", "attach", "--pid", fleet)
			var objects kernelObjects
			eventually(t, "it has links in the kernel", func() bool {
				objects = objectsOf(t, s.cmd.Process.Pid)
				return len(objects.links) >= 7 && len(objects.programs) > 0 && len(objects.maps) > 0
			})
			if n := len(objects.left()); n == 0 {
				t.Fatal("what it has cannot be looked up")
			}
			if all := pinned(); !slices.Equal(all, before) {
				t.Errorf("pinned are %v, before there were %v", all, before)
			}
			s.see("pid " + fleet)
			end(s)
			_ = s.cmd.Wait()
			eventually(t, "nothing of it is left", func() bool { return len(objects.left()) == 0 })
			then := turns(t, fleet)
			if len(then) != 4 {
				t.Fatalf("%d processes are left, want the server and three workers", len(then))
			}
			eventually(t, "all processes go on", func() bool {
				now := turns(t, fleet)
				for pid := range then {
					if now[pid] == then[pid] || now[pid] == "" {
						return false
					}
				}
				return true
			})
		})
	}
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !cond(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}
