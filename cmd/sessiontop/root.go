package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui"
)

// app is what the commands share: the outside, and the global flags.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	getenv func(string) string

	config   string
	memory   byteSize
	filter   string
	theme    string
	noColor  bool
	ascii    bool
	noMouse  bool
	failOn   severityFlag
	openrpc  string
	verify   string
	format   inputFormat
	profiles profiles

	err error // what the command failed with
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "sessiontop [PATH…]",
		Short: "Which process read which RPC reply",
		Long: "Shows the RPC sessions of a fleet of processes side by side: which are live, who owns each,\n" +
			"who else is on it, and which replies went to the wrong reader.\n\n" +
			"PATH is a session log, a folder of them, a glob, or - for standard input; without any,\n" +
			"$SESSIONTOP_LOG_DIR is looked at. A log of another program is known by how it begins, or named\n" +
			"with --format: " + formatsText() + ".",
		Example: "# look at the logs of a fleet while they grow\n" +
			"sessiontop logs/\n\n" +
			"# print the findings, for scripts and CI\n" +
			"sessiontop check logs/\n\n" +
			"# watch the bug happen on a fleet of this machine\n" +
			"sessiontop demo",
		Args: cobra.ArbitraryArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.configure(cmd); err != nil {
				return err
			}
			return a.startProfiles()
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			paths := a.paths(args)
			if len(paths) == 0 {
				return cmd.Help()
			}
			if err := mistyped(cmd, args); err != nil {
				return err
			}
			return a.runUI(cmd.Context(), paths, title(paths))
		},
	}
	root.SuggestionsMinimumDistance = 2 // for mistyped
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(flagError)
	a.addFlags(root.PersistentFlags())
	a.addCompletions(root)
	root.AddCommand(newCheck(a), newExport(a), newDemo(a), newDemoWorker(), newRun(a), newAttach(a), newPS(a), newRecord(a), newFilter(a), newVersion(a))
	a.keepErrors(root)
	return root
}

// mistyped is the error for a first argument that looks like a command's name and
// is no file's: as a path, which it is to cobra, it would be waited for.
func mistyped(root *cobra.Command, args []string) error {
	if len(args) == 0 || args[0] == "-" || strings.ContainsAny(args[0], `/\*?[.`) {
		return nil
	}
	if _, err := os.Lstat(args[0]); err == nil {
		return nil
	}
	near := root.SuggestionsFor(args[0])
	if len(near) == 0 {
		return nil
	}
	return fmt.Errorf("there is no command or file %q; did you mean %s? (./%[1]s waits for it to appear)", args[0], strings.Join(near, " or "))
}

// keepErrors has what the commands fail with kept in a.err, and cobra told of
// nothing: fang would ask the terminal for its background before it hands an
// error on, and the terminal's answer would be left to the shell.
func (a *app) keepErrors(root *cobra.Command) {
	for _, cmd := range append(root.Commands(), root) {
		run := cmd.RunE
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			a.err = run(cmd, args)
			return nil
		}
	}
}

// paths is what to read: the arguments, else the folder that recorders write
// to.
func (a *app) paths(args []string) []string {
	if dir := a.getenv("SESSIONTOP_LOG_DIR"); len(args) == 0 && dir != "" {
		return []string{dir}
	}
	return args
}

// needTerminal refuses to draw on what is no terminal, or one whose cursor cannot
// be moved, and names what to use instead.
func (a *app) needTerminal(instead string) error {
	f, ok := a.stdout.(*os.File)
	switch {
	case !ok || !term.IsTerminal(int(f.Fd())):
		return errors.New("standard output is no terminal, which the screens need; without one use: " + instead)
	case a.getenv("TERM") == "dumb":
		return errors.New("this terminal cannot show the screens (TERM=dumb); without them use: " + instead)
	}
	return nil
}

// runUI follows the paths on the screen until the user leaves.
func (a *app) runUI(ctx context.Context, paths []string, title string) error {
	if err := a.needTerminal("sessiontop check PATH…"); err != nil {
		return err
	}
	r, err := a.open(paths, true)
	if err != nil {
		return err
	}
	defer r.close()
	cfg := a.uiConfig(r, title)
	cfg.Stream = len(paths) == 1 && paths[0] == "-"
	return a.show(ctx, r, cfg)
}

// show shows on the screen what r reads until the user leaves.
func (a *app) show(ctx context.Context, r *reader, cfg ui.Config) error {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // ui.Run has its own way with signals
	defer cancel()
	done := make(chan error, 1)
	go func() {
		err := r.run(ctx)
		if err != nil {
			cancel()
		}
		done <- err
	}()
	err := ui.Run(ctx, cfg)
	cancel()
	if broken := <-done; broken != nil {
		return broken
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (a *app) uiConfig(r *reader, title string) ui.Config {
	return ui.Config{
		Source:  r.engine.Snapshot,
		Bodies:  r.source,
		Title:   title,
		Theme:   a.theme,
		NoColor: a.colourless(),
		ASCII:   a.ascii || !a.unicode(),
		Mouse:   !a.noMouse,
		Filter:  a.filter,
		Verify: func(ctx context.Context, s *model.Snapshot, c *model.Call) (string, error) {
			return a.verifyCall(ctx, r.source, s, c)
		},
		Export: func(ctx context.Context, e ui.Export) (string, error) {
			return exportRows(ctx, r.source, e, time.Now())
		},
	}
}

// colourless says that no colour is wanted (no-color.org).
func (a *app) colourless() bool { return a.noColor || a.getenv("NO_COLOR") != "" }

// unicode says that the terminal shows it: a locale that is set (POSIX, 8.2) and
// is not of UTF-8 says that it does not.
func (a *app) unicode() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(a.getenv(name)); locale != "" {
			return strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
		}
	}
	return true
}

func title(paths []string) string {
	switch {
	case len(paths) > 1:
		return fmt.Sprintf("%s and %d more", paths[0], len(paths)-1)
	case paths[0] == "-":
		return "standard input"
	}
	return paths[0]
}
