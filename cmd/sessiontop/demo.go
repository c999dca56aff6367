package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sessiontop/sessiontop/cmd/sessiontop/demo"
)

// demoFlags are the flags of demo.
type demoFlags struct {
	headless   bool
	duration   time.Duration
	out        string
	workers    int
	rate       float64
	seed       uint64
	generation time.Duration
	simulate   bool
	preset     string
	calls      int
	jitter     time.Duration
}

// headlessFor is how long demo --headless watches where it is not told.
const headlessFor = 10 * time.Second

func newDemo(a *app) *cobra.Command {
	var d demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Watch the bug happen: a real node and a fleet that shares its sockets",
		Long: "Starts an Ethereum node and a fleet of worker processes on this machine, which share a connection as\n" +
			"forked clients do, and looks at their session logs. Nothing is staged: which process reads whose\n" +
			"reply is up to the kernel. It all ends when you leave.\n\n" +
			"With --simulate there is neither node nor fleet: their traffic is simulated, with the truth about every\n" +
			"reply, and --headless prints how much of it was found.",
		Example: "sessiontop demo\nsessiontop demo --headless --duration 20s\nsessiontop demo --out /tmp/demo-logs --workers 8 --rate 200\n" +
			"sessiontop demo --simulate --headless --seed 7",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := d.misplaced(cmd.Flags()); err != nil {
				return err
			}
			return a.demo(cmd.Context(), &d)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&d.headless, "headless", false, "no screens: watch for --duration, then print the findings")
	f.DurationVar(&d.duration, "duration", 0, "how long the fleet runs (default until you leave; headless 10s)")
	f.StringVar(&d.out, "out", "", "folder to keep the session logs in (default a temporary one)")
	f.IntVar(&d.workers, "workers", 3, "processes that share one connection")
	f.Float64Var(&d.rate, "rate", 40, "calls per second of the whole fleet, about")
	f.Uint64Var(&d.seed, "seed", 1, "what the accounts and the workload are made from")
	f.DurationVar(&d.generation, "generation", 30*time.Second, "how long workers live before new ones replace them")
	f.BoolVar(&d.simulate, "simulate", false, "simulate the traffic instead: the same logs on every machine")
	f.StringVar(&d.preset, "preset", "shared", "with --simulate, what: "+strings.Join(presetNames(), ", "))
	f.IntVar(&d.calls, "calls", 0, "with --simulate, how many each process makes (default the preset's)")
	f.DurationVar(&d.jitter, "jitter", 0, "with --simulate, by how much stamps are off, sigma (default the preset's)")
	if err := cmd.RegisterFlagCompletionFunc("preset", cobra.FixedCompletions(presetNames(), cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // the flag is not declared
	}
	return cmd
}

// misplaced refuses flags of the fleet for the simulation, and its for the fleet.
func (d *demoFlags) misplaced(f *pflag.FlagSet) error {
	for _, name := range []string{"preset", "calls", "jitter"} {
		if !d.simulate && f.Changed(name) {
			return fmt.Errorf("--%s needs --simulate", name)
		}
	}
	for _, name := range []string{"duration", "workers", "rate", "generation"} {
		if d.simulate && f.Changed(name) {
			return fmt.Errorf("--%s is the fleet's; with --simulate there is none", name)
		}
	}
	return nil
}

// newDemoWorker is the fleet's processes: this program again.
func newDemoWorker() *cobra.Command {
	return &cobra.Command{
		Use:               demo.Subcommand,
		Short:             "A process of the demo's fleet",
		Hidden:            true,
		Args:              cobra.NoArgs,
		PersistentPreRunE: func(*cobra.Command, []string) error { return nil },
		RunE: func(cmd *cobra.Command, _ []string) error {
			return demo.Worker(cmd.Context())
		},
	}
}

func (a *app) demo(ctx context.Context, d *demoFlags) (err error) {
	switch {
	case d.workers < 1 || d.workers > 1000:
		return errors.New("--workers must be from 1 to 1000")
	case !(d.rate > 0 && d.rate <= 1e6):
		return errors.New("--rate must be more than 0 and at most 1000000")
	case d.calls < 0 || d.calls > 1e6 || d.jitter < 0 || d.jitter > time.Second:
		return errors.New("--calls must be at most 1000000, and --jitter at most 1s")
	case d.duration < 0 || d.generation <= 0:
		return errors.New("--duration and --generation must be times that pass, for example 30s")
	}
	if !d.headless {
		if err := a.needTerminal("sessiontop demo --headless"); err != nil {
			return err
		}
	}
	dir := d.out
	if dir == "" {
		if dir, err = os.MkdirTemp("", "sessiontop-demo-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	if d.simulate {
		return a.simulate(ctx, d, dir)
	}
	return a.fleet(ctx, d, dir)
}

// fleet runs the node and the fleet with its logs in dir.
func (a *app) fleet(ctx context.Context, d *demoFlags, dir string) error {
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	if d.headless {
		d.duration = cmp.Or(d.duration, headlessFor)
	}
	if d.duration > 0 {
		running, cancel = context.WithTimeout(ctx, d.duration)
		defer cancel()
	}
	fleet, err := demo.Start(running, demo.Config{
		Dir: dir, Workers: d.workers, Seed: d.seed, Rate: d.rate, Generation: d.generation,
	})
	if err != nil {
		return err
	}
	if d.headless {
		return a.demoHeadless(ctx, running, fleet)
	}
	err = a.runUI(ctx, []string{dir}, "demo: "+fleet.URL)
	fleet.Stop()
	return errors.Join(err, fleet.Wait())
}

// demoHeadless waits for the fleet's end and prints what its logs show. That
// there are findings is what the demo is for, so they are no failure.
func (a *app) demoHeadless(ctx, running context.Context, fleet *demo.Fleet) error {
	note(a.stderr, "the fleet is at work, its logs are in %s", fleet.Dir)
	<-running.Done()
	fleet.Stop()
	if err := fleet.Wait(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	err := a.check(ctx, []string{fleet.Dir}, checkOptions{})
	if errors.Is(err, errFindings) {
		return nil
	}
	return err
}
