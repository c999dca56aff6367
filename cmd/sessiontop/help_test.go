package main

import (
	"io"
	"strings"
	"testing"
	"time"

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

// A default that is no value is not shown: where there is something to say of it,
// the text does.
func TestTheHelpShowsNoZeroAsADefault(t *testing.T) {
	root := newRoot(&app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, getenv: func(string) string { return "" }})
	shown := map[string]string{}
	for _, cmd := range append([]*cobra.Command{root}, root.Commands()...) {
		fitTexts(cmd, 80)
		eachFlag(cmd, func(f *pflag.Flag) {
			value := strings.Trim(shownDefault(f), " ()")
			if value != "" && (strings.Trim(value, "0hmsµn.MiB") == "" || strings.Contains(f.Usage, "(default")) {
				t.Errorf("%s --%s: %q with the default %q", cmd.CommandPath(), f.Name, f.Usage, value)
			}
			shown[f.Name] = value
		})
	}
	for name, want := range map[string]string{"generation": "30s", "max-age": "24h", "max-size": "128MiB", "max-total": "4GiB", "workers": "3"} {
		if shown[name] != want {
			t.Errorf("--%s: the default is shown as %q, want %q", name, shown[name], want)
		}
	}
}

func TestShortDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "", 30 * time.Second: "30s", 10 * time.Minute: "10m", 24 * time.Hour: "24h", 90 * time.Minute: "1h30m",
		time.Hour + time.Second: "1h0m1s", 15 * time.Microsecond: "15µs", 10 * time.Hour: "10h",
	} {
		if got := shortDuration(d.String()); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}

func TestCompletionTellsAFlagInOneLine(t *testing.T) {
	for arg, want := range map[string]bool{cobra.ShellCompRequestCmd: true, cobra.ShellCompNoDescRequestCmd: true, "logs": false} {
		if got := asksCompletion([]string{arg, "--"}); got != want {
			t.Errorf("%s: %v", arg, got)
		}
	}
}
