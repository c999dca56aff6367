//go:build linux && (amd64 || arm64)

package live_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/cilium/ebpf"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/model"
)

// runWatcher captures a process, by PID, until SIGTERM.
func runWatcher() {
	pid, _ := strconv.Atoi(os.Args[1])
	c, err := live.Attach(live.Options{Select: live.Selector{PIDs: []int32{int32(pid)}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	fmt.Println("attached")
	if err := c.Run(ctx, model.NewEngine(model.Options{Live: true}, nil)); err != nil {
		fmt.Println(err)
	}
}

// programs are those in the kernel that a process holds.
func programs(pid int32) []ebpf.ProgramID {
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fdinfo/*", pid))
	var ids []ebpf.ProgramID
	for _, name := range files {
		b, _ := os.ReadFile(name) // it may be closed by now
		if id, err := strconv.Atoi(strings.TrimSpace(between(b, "prog_id:", "\n"))); err == nil {
			ids = append(ids, ebpf.ProgramID(id))
		}
	}
	return ids
}

// isInKernel says whether there still is such a program.
func isInKernel(id ebpf.ProgramID) bool {
	p, err := ebpf.NewProgramFromID(id)
	if err != nil {
		return !errors.Is(err, os.ErrNotExist)
	}
	p.Close()
	return true
}

// TestNoTrace: however the capture ends, nothing stays in the kernel, and the
// watched process goes on.
func TestNoTrace(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may ask what is in the kernel")
	}
	server := start(t, "server")
	client := start(t, "client", server.line(t), "4", "4000", "4000", "100")
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		t.Run(sig.String(), func(t *testing.T) {
			watcher := start(t, "watcher", fmt.Sprint(client.pid()))
			if said := watcher.line(t); said != "attached" {
				t.Skip(said)
			}
			fmt.Fprintln(client.in, "go")
			ours := programs(watcher.pid())
			if !slices.ContainsFunc(ours, isInKernel) {
				t.Fatal("nothing is in the kernel while it captures")
			}
			watcher.cmd.Process.Signal(sig)
			watcher.cmd.Wait()
			until(t, "nothing is left in the kernel", func() bool { return !slices.ContainsFunc(ours, isInKernel) })
			if said := client.line(t); said[:5] != "4000 " {
				t.Errorf("the client said %q", said)
			}
		})
	}
}
