package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// recordFlags are the flags of record.
type recordFlags struct {
	selectFlags
	out string
}

func newRecord(a *app) *cobra.Command {
	var f recordFlags
	cmd := &cobra.Command{
		Use:   "record SELECTOR --out DIR",
		Short: "Write session logs of running processes, without restarting them",
		Long: "Captures what attach would show and writes it as session logs, one file per process, until interrupted\n" +
			"(SIGINT or SIGTERM). Logs that are in DIR already are appended to. Secrets are redacted before anything\n" +
			"is written.\n\n" + selectorHelp + "\n\n" +
			"Exit status: 0, or 2 if events could not be written. What the kernel lost is said, and stands in the logs.",
		Example: "sudo sessiontop record --comm gunicorn --out logs\nsudo sessiontop record --all --port 8545 --out /var/log/sessions",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.record(cmd.Context(), &f) },
	}
	f.addTo(cmd.Flags())
	cmd.Flags().StringVar(&f.out, "out", "", "folder for the session logs; it is made if it is not there")
	return cmd
}

func (a *app) record(ctx context.Context, f *recordFlags) (err error) {
	sel, err := f.selector()
	if err != nil {
		return err
	}
	if f.out == "" {
		return errors.New("no folder for the session logs; name one with --out DIR")
	}
	logs, err := newRecordLogs(f.out)
	if err != nil {
		return err
	}
	capture, err := a.attachTo(live.Options{
		Select: sel, Source: 1, Redact: ethereum.Redact, Record: logs.write,
		Keep: recordKeep,
	})
	if err != nil {
		return err
	}
	note(a.stderr, "recording into %s: %s", f.out, sel.String())
	var seen recordTotals
	err = capture.Run(ctx, &seen)
	logs.close()
	return errors.Join(err, capture.Close(), a.recorded(logs, &seen.stat))
}

// recordKeep is how many bytes of messages the capture keeps to be read again:
// nobody will.
const recordKeep = 1 << 20

// recorded says what was recorded. The error is that some could not be written.
func (a *app) recorded(logs *recordLogs, st *model.SourceStat) error {
	dropped, why := logs.dropped()
	note(a.stderr, "%s in %s in %s; %s lost in the kernel or incomplete", counted(logs.events-dropped, "event"),
		counted(logs.files, "session log"), logs.dir, thousands(st.Lost))
	if st.Err != "" {
		note(a.stderr, "%s", st.Err)
	}
	if dropped > 0 {
		return fmt.Errorf("%s could not be written: %w", counted(dropped, "event"), why)
	}
	return nil
}

// recordTotals is a Sink that keeps nothing but how much was captured and lost.
type recordTotals struct{ stat model.SourceStat }

// Emit is of collector.Sink.
func (t *recordTotals) Emit(b *model.Batch) error {
	for i := range b.Sources {
		t.stat = b.Sources[i]
	}
	return nil
}

// Advance is of collector.Sink.
func (*recordTotals) Advance(int64) {}
