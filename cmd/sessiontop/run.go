package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
)

// runFlags are the flags of run.
type runFlags struct {
	out      string
	headless bool
}

func newRun(a *app) *cobra.Command {
	var r runFlags
	cmd := &cobra.Command{
		Use:   "run [--out DIR] -- COMMAND [ARG…]",
		Short: "Start a program with the recorder in place and look at its sessions",
		Long: "Starts a program so that every Python and Node.js process of it, its children included, records the\n" +
			"JSON-RPC calls that it makes, and looks at the session logs. The program itself needs no change: the\n" +
			"recorders reach it by PYTHONPATH and NODE_OPTIONS, so python -I, -E and -S leave them out. Go programs\n" +
			"record themselves; see the package collector/record.\n\n" +
			"The screens take the terminal: what the program prints goes to stdout.txt and stderr.txt beside its logs,\n" +
			"it has nothing to read, and it is ended when you leave. With --headless it keeps the terminal, signals are\n" +
			"passed on to it, and at its end the findings are printed on standard error.\n\n" +
			"Exit status with --headless: the program's own if it failed, 128 plus the signal that ended it; else that\n" +
			"of check on the logs. 127 where COMMAND is not to be found, 126 where it cannot be started.",
		Example: "sessiontop run -- gunicorn -w 4 app:app\nsessiontop run --headless --out logs -- python3 indexer.py --from 17000000",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("run needs a command: sessiontop run -- gunicorn app:app")
			}
			return a.runProgram(cmd.Context(), &r, args)
		},
	}
	f := cmd.Flags()
	f.SetInterspersed(false) // the flags after COMMAND are its own
	f.StringVar(&r.out, "out", "", "folder for the session logs; logs that are in it count too (default a new one, ./sessiontop-logs-TIME)")
	f.BoolVar(&r.headless, "headless", false, "no screens: leave the program its terminal, then print the findings")
	return cmd
}

func (a *app) runProgram(ctx context.Context, r *runFlags, args []string) error {
	if !r.headless {
		if err := a.needTerminal("sessiontop run --headless -- COMMAND"); err != nil {
			return err
		}
	}
	path, err := exec.LookPath(args[0])
	if err != nil {
		return a.notStarted(args[0], err)
	}
	recorders, err := unpackRecorders()
	if err != nil {
		return err
	}
	dir, err := logFolder(r.out, time.Now())
	if err != nil {
		return err
	}
	if r.out == "" {
		defer os.Remove(dir) // which it only does while nothing is in it
	}
	program := exec.Command(path, args[1:]...)
	program.Args[0] = args[0]
	program.Env = recordingEnv(os.Environ(), dir, recorders)
	if r.headless {
		return a.runHeadless(ctx, program, dir)
	}
	return a.runWithUI(ctx, program, dir)
}

// logFolder makes the folder for the logs, for its owner alone, and returns
// where it is: the processes that write there may change theirs.
func logFolder(out string, now time.Time) (string, error) {
	if out != "" {
		if err := os.MkdirAll(out, 0o700); err != nil {
			return "", fmt.Errorf("--out: %w", err)
		}
		return filepath.Abs(out)
	}
	stem := "sessiontop-logs-" + now.Format("20060102-150405")
	for name, n := stem, 2; ; n++ {
		err := os.Mkdir(name, 0o700)
		if err == nil {
			return filepath.Abs(name)
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", fmt.Errorf("no folder for the logs (choose one with --out): %w", err)
		}
		name = fmt.Sprintf("%s-%d", stem, n)
	}
}

// notStarted says why a program did not start. The error is the exit status that
// shells give then.
func (a *app) notStarted(name string, err error) error {
	status := statusError(126)
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		status = 127
	}
	note(a.stderr, "%s: cannot be started: %v", name, errors.Unwrap(err))
	return status
}

// endOf is how a program ended, in words; "" if it did so as it should.
func endOf(err error) string {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		if err != nil {
			return err.Error()
		}
		return ""
	}
	return exit.String() // "exit status 3", "signal: killed"
}
