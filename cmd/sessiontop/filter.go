package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/sessiontop/sessiontop/model"
)

func newFilter(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "filter",
		Short: "List what a filter can ask for",
		Long: "Lists the fields of the filter language, which is the same for --filter and on every screen, and the\n" +
			"words that is: knows. Terms side by side must all hold; or, not (or a minus sign) and parentheses combine\n" +
			"them otherwise. * stands for any text, quotes keep a text together, bare words search everything.\n" +
			"Numbers, sizes, durations and times take >, <, >= and <=.",
		Example: "sessiontop filter\nsessiontop check --filter 'pid:4120 method:eth_get* lat>100ms -is:error' logs/",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return writeFilterTerms(a.stdout) },
	}
}

// writeFilterTerms lists the fields of a filter and the words that is: knows, as
// the screens complete them.
func writeFilterTerms(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, typed := range []string{"", "is:"} {
		for _, c := range model.Complete(typed, len(typed), nil) {
			fmt.Fprintf(out, "%s%s\t%s\n", typed, c.Text, c.Help)
		}
	}
	return out.Flush()
}
