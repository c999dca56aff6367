package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/sessiontop/sessiontop/model"
)

// checkOptions are the flags of check.
type checkOptions struct {
	json      bool
	verifyAll int
}

func newCheck(a *app) *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check PATH…",
		Short: "Print the findings of session logs, for people, scripts and CI",
		Long: "Reads session logs to their end and prints what is wrong: as text, or as JSON Lines in order of time\n" +
			"with one summary line at the end. A filter chooses what is printed and what counts.\n\n" +
			"With --verify URL the calls behind the findings are held against that node: what can be computed is\n" +
			"computed, and requests that only read and whose answer is fixed (a block by its number, a balance at\n" +
			"one) are sent once more. Nothing that changes state is ever sent.\n\n" +
			"Exit status: 0 no finding of severity error, 1 some, 2 the input, the command line or the node could not be used,\n" +
			"or no call and no reply was in the input.",
		Example: "sessiontop check logs/\nsessiontop check --json logs/*.jsonl\nsessiontop check --filter 'session:51234 certainty:proven' logs/",
		RunE: func(cmd *cobra.Command, args []string) error {
			paths := a.paths(args)
			if len(paths) == 0 {
				return errors.New("no PATH to check; name log files or folders, - for standard input, or set SESSIONTOP_LOG_DIR")
			}
			return a.check(cmd.Context(), paths, o)
		},
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON Lines instead of text")
	cmd.Flags().IntVar(&o.verifyAll, "verify-all", 0, "with --verify, ask again about this many healthy calls as well, spread over the log")
	return cmd
}

func (a *app) check(ctx context.Context, paths []string, o checkOptions) error {
	switch {
	case o.verifyAll < 0:
		return errors.New("--verify-all must be a number of calls")
	case o.verifyAll > 0 && a.verify == "":
		return errors.New("--verify-all needs --verify URL")
	}
	r, snap, err := a.readAll(ctx, paths)
	if err != nil {
		return err
	}
	defer r.close()
	rep, err := newReport(ctx, newRecords(snap, r.source), a.filter)
	if err != nil {
		return err
	}
	unasked := a.verifyReport(ctx, rep, o.verifyAll)
	write := a.writeText
	if o.json {
		write = a.writeJSON
	}
	if err := write(rep); err != nil {
		return err
	}
	if verdict := a.verdict(rep, paths); unasked == nil {
		return verdict
	}
	return unasked
}

// writeJSON prints the report as JSON Lines.
func (a *app) writeJSON(rep *report) error { return printJSON(a.stdout, rep) }

// verdict is what the exit status is to say: findings first, for they are
// certain; then what could not be read.
func (a *app) verdict(rep *report, paths []string) error {
	unread := reportSources(a.stderr, paths, rep.snap)
	if rep.worst() >= model.Severity(a.failOn) {
		return errFindings
	}
	return unread
}

// report is the findings to print.
type report struct {
	*records
	filter   *model.Filter
	findings []*model.Finding // in order of time
	counts   map[model.FindingKind]uint64

	node     string // that was asked again, "" if none
	verified map[*model.Finding][]verification
	sample   []verification
}

// newReport selects the findings that the filter matches.
func newReport(ctx context.Context, rec *records, filter string) (*report, error) {
	f, err := model.ParseFilter(filter)
	if err != nil {
		return nil, err
	}
	q := model.NewQuery(model.ScreenFindings)
	q.Filter, q.Sort = f, "time"
	rows, err := rec.snap.Run(ctx, q)
	if err != nil {
		return nil, err
	}
	rep := reportOf(rec, f, rows)
	if f.All() { // those that were let go as well
		for _, k := range model.FindingKinds() {
			rep.counts[k] = rec.snap.Totals.Of(k)
		}
	}
	return rep, nil
}

// reportOf is the report of these findings.
func reportOf(rec *records, filter *model.Filter, rows model.Rows) *report {
	rep := &report{records: rec, filter: filter, counts: make(map[model.FindingKind]uint64)}
	for i := range rows.Len() {
		if f := rec.snap.Finding(uint64(rows.At(i))); f != nil {
			rep.findings = append(rep.findings, f)
			rep.counts[f.Kind]++
		}
	}
	return rep
}

// count is the number of findings of severity s.
func (r *report) count(s model.Severity) (n uint64) {
	for k, c := range r.counts {
		if k.Severity() == s {
			n += c
		}
	}
	return n
}

// worst is the highest severity of all findings.
func (r *report) worst() model.Severity {
	for s := model.Error; s > model.SeverityNone; s-- {
		if r.count(s) > 0 {
			return s
		}
	}
	return model.SeverityNone
}
