package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/sessiontop/sessiontop/model"
)

func newCheck(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check PATH…",
		Short: "Print the findings of session logs, for people, scripts and CI",
		Long: "Reads session logs to their end and prints what is wrong: as text, or as JSON Lines in order of time\n" +
			"with one summary line at the end. A filter chooses what is printed and what counts.\n\n" +
			"Exit status: 0 no finding of severity error, 1 some, 2 the input or the command line could not be used.",
		Example: "sessiontop check logs/\nsessiontop check --json logs/*.jsonl\nsessiontop check --filter 'session:51234 certainty:proven' logs/",
		RunE: func(cmd *cobra.Command, args []string) error {
			paths := a.paths(args)
			if len(paths) == 0 {
				return errors.New("no PATH to check; name log files or folders, - for standard input, or set SESSIONTOP_LOG_DIR")
			}
			return a.check(cmd.Context(), paths, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON Lines instead of text")
	return cmd
}

func (a *app) check(ctx context.Context, paths []string, asJSON bool) error {
	r, snap, err := a.readAll(ctx, paths)
	if err != nil {
		return err
	}
	defer r.close()
	rep, err := newReport(ctx, snap, a.filter)
	if err != nil {
		return err
	}
	rep.bodies = r.files
	write := a.writeText
	if asJSON {
		write = a.writeJSON
	}
	if err := write(rep); err != nil {
		return err
	}
	return a.verdict(rep)
}

// writeJSON prints the report as JSON Lines.
func (a *app) writeJSON(rep *report) error { return printJSON(a.stdout, rep) }

// verdict is what the exit status is to say: findings first, for they are
// certain; then what could not be read.
func (a *app) verdict(rep *report) error {
	unread := reportSources(a.stderr, rep.snap)
	if rep.worst() >= model.Severity(a.failOn) {
		return errFindings
	}
	return unread
}

// report is the findings to print.
type report struct {
	snap     *model.Snapshot
	bodies   model.Bodies
	filtered bool
	findings []*model.Finding  // in order of time
	files    map[uint32]string // names of the sources
	counts   map[model.FindingKind]uint64
}

// newReport selects the findings that the filter matches.
func newReport(ctx context.Context, snap *model.Snapshot, filter string) (*report, error) {
	f, err := model.ParseFilter(filter)
	if err != nil {
		return nil, err
	}
	q := model.NewQuery(model.ScreenFindings)
	q.Filter = f
	rows, err := snap.Run(ctx, q)
	if err != nil {
		return nil, err
	}
	rep := &report{snap: snap, filtered: !f.All(), counts: make(map[model.FindingKind]uint64), files: make(map[uint32]string)}
	for i := range snap.Sources {
		rep.files[snap.Sources[i].ID] = snap.Sources[i].Name
	}
	for i := range rows.Len() {
		if f := snap.Finding(uint64(rows.At(i))); f != nil {
			rep.findings = append(rep.findings, f)
			rep.counts[f.Kind]++
		}
	}
	if !rep.filtered { // those that were let go as well
		for _, k := range model.FindingKinds() {
			rep.counts[k] = snap.Totals.Of(k)
		}
	}
	return rep, nil
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
