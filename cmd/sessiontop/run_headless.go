package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// runHeadless runs the program on our own terminal to its end and prints what
// its logs show.
func (a *app) runHeadless(ctx context.Context, program *exec.Cmd, dir string) error {
	program.Stdin, program.Stdout, program.Stderr = a.stdin, a.stdout, a.stderr
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, forwarded...)
	if err := program.Start(); err != nil {
		signal.Stop(signals)
		return a.notStarted(program.Args[0], err)
	}
	done := make(chan struct{})
	go func() {
		for {
			select {
			case s := <-signals:
				if !fromKeyboard(s) { // the terminal gave it to the program as well
					_ = program.Process.Signal(s) // an error: it has just ended
				}
			case <-done:
				return
			}
		}
	}()
	if end := endOf(program.Wait()); end != "" {
		note(a.stderr, "%s ended: %s", program.Args[0], end)
	}
	close(done)
	signal.Stop(signals)
	// The signals that ended the program are no wish to end this as well.
	ctx, stop := signal.NotifyContext(context.WithoutCancel(ctx), os.Interrupt, syscall.SIGTERM)
	defer stop()
	verdict := a.checkProgram(ctx, program.Args[0], dir)
	status := statusOf(program.ProcessState)
	if status == exitClean {
		return verdict
	}
	complain(a.stderr, verdict)
	return statusError(status)
}

// statusOf is the exit status that a shell gives for how a program ended.
func statusOf(p *os.ProcessState) int {
	if ws, ok := p.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return exitSignal + int(ws.Signal())
	}
	return p.ExitCode()
}

// checkProgram prints the findings on standard error: standard output is the
// program's.
func (a *app) checkProgram(ctx context.Context, name, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return errors.New(name + " wrote no session log: no Python or Node.js process of it made a JSON-RPC call")
	}
	note(a.stderr, "the session logs are in %s", dir)
	quiet := *a
	quiet.stdout = a.stderr
	return quiet.check(ctx, []string{dir}, checkOptions{})
}
