package main

import (
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The help writes the first word of a flag's text with one capital, which suits
// neither URL nor OpenRPC: they stand further back.
func TestFlagTextsBeginWithAPlainWord(t *testing.T) {
	root := newRoot(&app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, getenv: func(string) string { return "" }})
	for _, cmd := range append([]*cobra.Command{root}, root.Commands()...) {
		check := func(f *pflag.Flag) {
			first, _, _ := strings.Cut(f.Usage, " ")
			if first != strings.ToLower(first) || first == formatJSON || first == formatHAR {
				t.Errorf("%s --%s: %q begins with a name", cmd.CommandPath(), f.Name, f.Usage)
			}
		}
		cmd.Flags().VisitAll(check)
		cmd.PersistentFlags().VisitAll(check)
	}
}
