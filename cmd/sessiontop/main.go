// Command sessiontop shows which process read which RPC reply.
//
//	paths ─► collector.Files ─► model.Engine ─► Snapshot ─┬─► ui.Run        sessiontop
//	                                                      └─► text or JSON  sessiontop check
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"charm.land/fang/v2"
)

func main() { os.Exit(run()) }

// run is the program up to its exit status.
func run() (status int) {
	defer func() {
		if r := recover(); r != nil {
			status = complain(os.Stderr, internalError(r))
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv}
	root := newRoot(a)
	if !asksCompletion(os.Args[1:]) {
		fitHelp(root, helpWidth())
	}
	err := fang.Execute(ctx, root,
		fang.WithVersion(version()),
		fang.WithoutManpage(),
		fang.WithErrorHandler(func(io.Writer, fang.Styles, error) {}))
	if err == nil {
		err = a.err
	}
	if stopped := a.stopProfiles(); err == nil {
		err = stopped
	}
	return complain(os.Stderr, err)
}
