package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// recordFlags are the flags of record.
type recordFlags struct {
	selectFlags
	out      string
	maxSize  sizeLimit
	maxAge   time.Duration
	keep     int
	maxTotal sizeLimit
}

func newRecord(a *app) *cobra.Command {
	f := recordFlags{maxSize: 128 << 20, maxTotal: 4 << 30}
	cmd := &cobra.Command{
		Use:   "record SELECTOR --out DIR",
		Short: "Write session logs of running processes, without restarting them",
		Long: "Captures what attach would show and writes it as session logs, one file per process that has a\n" +
			"connection and one for what the others do, until interrupted (SIGINT or SIGTERM). Logs that are in DIR\n" +
			"already are appended to. Secrets are redacted before anything is written.\n\n" +
			"A log that reaches --max-size or --max-age is rotated: NAME.jsonl becomes NAME.jsonl.1, and that, packed,\n" +
			"NAME.jsonl.2.gz. Who follows DIR loses nothing by it. DIR is for this alone: with --max-total all session\n" +
			"logs in it count, and those written longest ago are removed.\n\n" + selectorHelp + "\n\n" +
			"Exit status: 0, or 2 if events could not be written. What the kernel lost is said, and stands in the logs.",
		Example: "sudo sessiontop record --comm gunicorn --out logs\nsudo sessiontop record --all --port 8545 --out /var/log/sessions",
		Args:    onlyFlags,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.record(cmd.Context(), &f) },
	}
	f.addTo(cmd.Flags())
	flags := cmd.Flags()
	flags.StringVar(&f.out, "out", "", "folder for the session logs; it is made if it is not there")
	flags.Var(&f.maxSize, "max-size", "rotate a log of this size; 0 is no limit")
	flags.DurationVar(&f.maxAge, "max-age", 24*time.Hour, "rotate a log whose first line is this old; 0 is no limit")
	flags.IntVar(&f.keep, "keep", 5, "how many rotated files to keep of each process's log")
	flags.Var(&f.maxTotal, "max-total", "size of all logs, past which the oldest are removed; 0 is no limit")
	return cmd
}

func (a *app) record(ctx context.Context, f *recordFlags) (err error) {
	sel, err := f.selector()
	if err != nil {
		return err
	}
	switch {
	case f.out == "":
		return errors.New("no folder for the session logs; name one with --out DIR")
	case f.maxAge < 0:
		return errors.New("--max-age must be a time that passes, for example 24h, or 0")
	case f.keep < 0:
		return errors.New("--keep must be a number of files, or 0")
	}
	limits := record.Limits{Size: int64(f.maxSize), Age: f.maxAge, Keep: f.keep, Total: int64(f.maxTotal)}
	logs, err := newRecordLogs(f.out, limits)
	if err != nil {
		return err
	}
	capture, err := a.attachTo(live.Options{
		Select: sel, Source: 1, Redact: ethereum.Redact, Record: logs.write,
		Keep: recordKeep,
	})
	if err != nil {
		return errors.Join(err, logs.close())
	}
	note(a.stderr, "recording into %s: %s", f.out, sel.String())
	var seen recordTotals
	err = capture.Run(ctx, &seen)
	err = errors.Join(err, logs.close(), capture.Close())
	return errors.Join(err, a.recorded(logs, &seen.stat))
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

// sizeLimit is a byteSize, or 0 for no limit.
type sizeLimit byteSize

func (s *sizeLimit) Set(text string) error {
	if text == "0" {
		*s = 0
		return nil
	}
	return (*byteSize)(s).Set(text)
}

func (s *sizeLimit) String() string { return (*byteSize)(s).String() }
func (*sizeLimit) Type() string     { return "bytes" }
