package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui"
)

// exportOptions are the flags of export.
type exportOptions struct {
	format formatFlag
	out    string
	force  bool
}

func newExport(a *app) *cobra.Command {
	o := exportOptions{format: formatJSON}
	cmd := &cobra.Command{
		Use:   "export PATH…",
		Short: "Write the calls that a filter selects, as JSON Lines or HAR",
		Long: "Reads session logs to their end and writes the calls that --filter selects, in order of time, with both\n" +
			"messages, their secrets removed, and the finding about each. json is one object a line, har is HTTP\n" +
			"Archive 1.2 as browsers read it, in which _pid, _readerPid, _session, _finding … say what HAR cannot.",
		Example: "sessiontop export logs/ --filter is:mismatch\nsessiontop export logs/ --format har -o calls.har",
		RunE: func(cmd *cobra.Command, args []string) error {
			paths := a.paths(args)
			if len(paths) == 0 {
				return errors.New("no PATH to export from; name log files or folders, - for standard input, or set SESSIONTOP_LOG_DIR")
			}
			return a.export(cmd.Context(), paths, o)
		},
	}
	f := cmd.Flags()
	f.Var(&o.format, "format", "what to write: json or har")
	f.Var(&a.format, "from", "what the logs are of, as --format says it elsewhere: "+strings.Join(formatNames(), ", "))
	f.StringVarP(&o.out, "out", "o", "", "file to write, readable by its owner alone (default standard output)")
	f.BoolVar(&o.force, "force", false, "replace the file if it is there")
	for flag, words := range map[string][]string{"format": {formatJSON, formatHAR}, "from": formatNames()} {
		if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)); err != nil {
			panic(err) // the flag is not declared
		}
	}
	return cmd
}

func (a *app) export(ctx context.Context, paths []string, o exportOptions) error {
	r, snap, err := a.readAll(ctx, paths)
	if err != nil {
		return err
	}
	defer r.close()
	q := model.NewQuery(model.ScreenCalls)
	if q.Filter, err = model.ParseFilter(a.filter); err != nil {
		return err
	}
	rows, err := snap.Run(ctx, q)
	if err != nil {
		return err
	}
	rec := newRecords(snap, r.source)
	write := func(w io.Writer) error { return rec.writeRows(ctx, w, model.ScreenCalls, rows) }
	if o.format == formatHAR {
		write = func(w io.Writer) error { return rec.writeHAR(ctx, w, rows) }
	}
	if o.out == "" {
		err = write(a.stdout)
	} else if err = writeFile(o.out, o.force, write); err == nil {
		note(a.stderr, "wrote %s to %s", counted(uint64(rows.Len()), "call"), o.out)
	}
	if rec.gone > 0 {
		note(a.stderr, "%s could not be read back; the first: %v", counted(rec.gone, "message"), rec.goneWhy)
	}
	if err != nil {
		return err
	}
	return reportSources(a.stderr, paths, snap)
}

// exportRows is the screens' way to export: what a list shows goes to a file in
// the current folder.
func exportRows(ctx context.Context, bodies model.Bodies, e ui.Export, now time.Time) (string, error) {
	rec := newRecords(e.Snapshot, bodies)
	path := fmt.Sprintf("sessiontop-%s-%s.jsonl", screenNames[e.Query.Screen], now.Format("20060102-150405.000"))
	return path, writeFile(path, false, func(w io.Writer) error {
		if e.Query.Screen == model.ScreenFindings {
			return printJSON(w, reportOf(rec, e.Query.Filter, e.Rows))
		}
		return rec.writeRows(ctx, w, e.Query.Screen, e.Rows)
	})
}

var screenNames = [...]string{model.ScreenSessions: "sessions", model.ScreenCalls: "calls",
	model.ScreenProcesses: "processes", model.ScreenFindings: "findings", model.ScreenMethods: "methods"}

// writeRows writes a line a row.
func (r *records) writeRows(ctx context.Context, w io.Writer, screen model.Screen, rows model.Rows) error {
	out := bufio.NewWriter(w)
	enc := newJSONEncoder(out)
	for i := range rows.Len() {
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
		if row := r.record(screen, rows.At(i)); row != nil {
			if err := enc.Encode(row); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

// writeHAR writes the calls as one HTTP Archive.
func (r *records) writeHAR(ctx context.Context, w io.Writer, rows model.Rows) error {
	out := bufio.NewWriter(w)
	by, err := json.Marshal(version())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, harBefore, by)
	between := ""
	for i := range rows.Len() {
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
		c := r.snap.Calls.At(rows.At(i))
		if c == nil {
			continue
		}
		entry, err := json.Marshal(r.harEntry(r.callRecord(c)))
		if err != nil {
			return err
		}
		out.WriteString(between)
		if _, err := (inertJSON{out}).Write(entry); err != nil {
			return err
		}
		between = ",\n"
	}
	out.WriteString(harAfter)
	return out.Flush()
}
