package main

import (
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
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

func TestTheHelpBreaksNoWord(t *testing.T) {
	root := newRoot(&app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, getenv: func(string) string { return "" }})
	words := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	long, usage := words(root.Long), words(root.PersistentFlags().Lookup("verify").Usage)
	for _, width := range []int{80, 120, 100} {
		for _, cmd := range append([]*cobra.Command{root}, root.Commands()...) {
			fitTexts(cmd, width)
			names := nameWidth(cmd)
			check := func(text string, room int) {
				for line := range strings.Lines(text) {
					if w := ansi.StringWidth(strings.TrimSuffix(line, "\n")); w > room {
						t.Errorf("%s at %d: %d cells in %d: %q", cmd.Name(), width, w, room, line)
					}
				}
			}
			check(cmd.Long, width)
			eachFlag(cmd, func(f *pflag.Flag) { check(f.Usage, max(16, width-names)) })
		}
	}
	if words(root.Long) != long || words(root.PersistentFlags().Lookup("verify").Usage) != usage {
		t.Error("the words of the help changed")
	}
}

func TestCompletionTellsAFlagInOneLine(t *testing.T) {
	for arg, want := range map[string]bool{cobra.ShellCompRequestCmd: true, cobra.ShellCompNoDescRequestCmd: true, "logs": false} {
		if got := asksCompletion([]string{arg, "--"}); got != want {
			t.Errorf("%s: %v", arg, got)
		}
	}
}
