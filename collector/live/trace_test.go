//go:build linux && (amd64 || arm64)

package live_test

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
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

// inKernel is how many programs and maps there are in the kernel by the names
// of ours.
func inKernel(t *testing.T) int {
	t.Helper()
	n := 0
	for id := ebpf.ProgramID(0); ; {
		next, err := ebpf.ProgramGetNextID(id)
		if err != nil {
			return n
		}
		id = next
		p, err := ebpf.NewProgramFromID(id)
		if err != nil {
			continue // gone meanwhile
		}
		if info, err := p.Info(); err == nil && (info.Name == "on_send" || info.Name == "on_recv" || info.Name == "holders") {
			n++
		}
		p.Close()
	}
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
			before := inKernel(t)
			watcher := start(t, "watcher", fmt.Sprint(client.pid()))
			if said := watcher.line(t); said != "attached" {
				t.Skip(said)
			}
			fmt.Fprintln(client.in, "go")
			if inKernel(t) <= before {
				t.Fatal("nothing is in the kernel while it captures")
			}
			watcher.cmd.Process.Signal(sig)
			watcher.cmd.Wait()
			until(t, "nothing is left in the kernel", func() bool { return inKernel(t) <= before })
			if said := client.line(t); said[:5] != "4000 " {
				t.Errorf("the client said %q", said)
			}
		})
	}
}
