package demo

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"
)

const (
	// Subcommand is the hidden subcommand that main leads to Worker.
	Subcommand = "demo-worker"

	taskVariable = "SESSIONTOP_DEMO_TASK" // JSON of a task
	goodbye      = 5 * time.Second        // how long a worker may take to end; its last call may wait for a reply
)

// task is what a process is started for.
type task struct {
	Role       role
	URL        string // of the node
	Dir        string // of the session logs
	Seed       uint64
	Rate       float64       // calls a second of this process, with its children
	Children   int           // web: how many share the connection
	Generation time.Duration // web: how long they live
	Timeout    time.Duration // for a reply
	Number     int           // of this child
	NextID     uint64        // a child's first request id
	Opener     int           // PID that opened a child's connection
}

// process is a worker that was started here.
type process struct {
	comm     string
	pid      int
	lifeline io.WriteCloser // the worker ends when it is closed
	done     chan struct{}  // closed when it has ended; err is set then
	err      error
	cmd      *exec.Cmd
}

// spawn starts this program as a worker, which then waits to be released. It
// inherits file as descriptor 3, if there is one.
func spawn(t task, stderr io.Writer, file *os.File) (*process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	config, err := json.Marshal(t)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	cmd := exec.Command(exe, Subcommand)
	cmd.Args[0] = t.Role.comm()
	cmd.Env = append(os.Environ(), taskVariable+"="+string(config))
	cmd.Stderr = stderr
	cmd.SysProcAttr = dieWithParent()
	if file != nil {
		cmd.ExtraFiles = []*os.File{file}
	}
	lifeline, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	p := &process{comm: cmd.Args[0], lifeline: lifeline, cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel takes the end of the thread that started a process for
		// its parent's end.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	p.pid = cmd.Process.Pid
	return p, nil
}

// release lets the worker begin.
func (p *process) release() {
	// A worker that is gone already is noticed by who waits for it.
	_, _ = p.lifeline.Write([]byte{'\n'})
}

// endAll ends workers, those that do not end in time the hard way, and waits.
func endAll(workers []*process) {
	for _, p := range workers {
		_ = p.lifeline.Close()
	}
	late := time.After(goodbye)
	for _, p := range workers {
		select {
		case <-p.done:
		case <-late:
			for _, p := range workers {
				_ = p.cmd.Process.Kill() // an error says that it has ended
			}
			<-p.done
		}
	}
}
