package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// attachFlags are the flags of attach.
type attachFlags struct {
	selectFlags
	headless bool
	duration time.Duration
}

func newAttach(a *app) *cobra.Command {
	var f attachFlags
	cmd := &cobra.Command{
		Use:   "attach SELECTOR",
		Short: "Look at the sessions of running processes, without restarting them",
		Long: "Shows the JSON-RPC sessions of processes that are running already: the kernel tells what they write to\n" +
			"and read from their connections. They need no change and notice nothing. TLS is read where it is\n" +
			"OpenSSL's, Node.js's or Go's.\n\n" + selectorHelp + "\n\n" +
			"Exit status with --headless: that of check on what was seen; 2 if no JSON-RPC was seen.",
		Example: "sudo sessiontop attach --pid 4120\nsudo sessiontop attach --comm gunicorn --port 8545\nsudo sessiontop attach --all --headless --duration 30s",
		Args:    onlyFlags,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.attach(cmd.Context(), &f) },
	}
	f.addTo(cmd.Flags())
	cmd.Flags().BoolVar(&f.headless, "headless", false, "no screens: watch for --duration or until interrupted, then print the findings")
	cmd.Flags().DurationVar(&f.duration, "duration", 0, "with --headless, how long to watch (default until interrupted)")
	return cmd
}

func (a *app) attach(ctx context.Context, f *attachFlags) error {
	sel, err := f.selector()
	switch {
	case err != nil:
		return err
	case f.duration < 0:
		return errors.New("--duration must be a time that passes, for example 30s")
	case f.duration > 0 && !f.headless:
		return errors.New("--duration needs --headless")
	}
	if !f.headless {
		if err := a.needTerminal("sessiontop attach --headless"); err != nil {
			return err
		}
	}
	r, err := a.watch(sel)
	if err != nil {
		return err
	}
	defer r.close()
	if f.headless {
		return a.attachHeadless(ctx, r, f.duration, sel.String())
	}
	cfg := a.uiConfig(r, sel.String())
	cfg.Attached = true
	return a.show(ctx, r, cfg)
}

// watch begins to capture what the selected processes do.
func (a *app) watch(sel live.Selector) (*reader, error) {
	dialect, err := a.dialect()
	if err != nil {
		return nil, err
	}
	engine := model.NewEngine(model.Options{Memory: int64(a.memory), Live: true}, nil)
	capture, err := a.attachTo(live.Options{
		Select: sel, Source: 1, Strings: engine.Strings(), Dialect: dialect, Redact: ethereum.Redact,
	})
	if err != nil {
		return nil, err
	}
	return &reader{engine, capture}, nil
}

// attachHeadless watches for a while and prints what was seen.
func (a *app) attachHeadless(ctx context.Context, r *reader, d time.Duration, what string) error {
	running, cancel := ctx, context.CancelFunc(func() {})
	if d > 0 {
		running, cancel = context.WithTimeout(ctx, d)
	}
	defer cancel()
	note(a.stderr, "watching: %s", what)
	if err := r.run(running); err != nil {
		return err
	}
	// The signal that ended the watching is no wish to do without its findings.
	ctx, stop := signal.NotifyContext(context.WithoutCancel(ctx), os.Interrupt, syscall.SIGTERM)
	defer stop()
	rep, err := newReport(ctx, newRecords(r.engine.Snapshot(), r.source), a.filter)
	if err != nil {
		return err
	}
	unasked := a.verifyReport(ctx, rep, 0)
	if err := a.writeText(rep); err != nil {
		return err
	}
	verdict := a.verdict(rep, nil)
	switch {
	case unasked != nil:
		return unasked
	case verdict != errFindings && slices.ContainsFunc(rep.snap.Sources, func(s model.SourceStat) bool { return s.Waiting }):
		return fmt.Errorf("no process is selected by this (%s); see sessiontop ps", what)
	case verdict != errFindings && nothingSeen(rep.snap):
		return fmt.Errorf("no JSON-RPC was seen (%s); watch for longer, or see sessiontop ps", what)
	}
	return verdict
}
