package main

import (
	"os"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// Widths of the help: where the terminal's is not known, and at most.
const (
	usualWidth = 80
	mostWidth  = 120
)

// helpWidth is how wide the help may be.
func helpWidth() int {
	w, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil || w <= 0 {
		return usualWidth
	}
	return min(w, mostWidth)
}

// fitHelp breaks the texts of the help at blanks, so that its lines are at most
// width cells wide: what writes it would leave that to the terminal, which
// breaks words. The flags that all commands have are broken anew for each.
func fitHelp(root *cobra.Command, width int) {
	root.InitDefaultCompletionCmd() // otherwise it comes later
	for _, cmd := range root.Commands() {
		cmd.SetHelpFunc(func(cmd *cobra.Command, args []string) {
			fitTexts(cmd, width)
			root.HelpFunc()(cmd, args)
		})
	}
	fitTexts(root, width)
}

// asksCompletion says that the shell asks how a line may go on, which takes each
// text as one line.
func asksCompletion(args []string) bool {
	return len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd)
}

func fitTexts(cmd *cobra.Command, width int) {
	const margin, least = 4, 16
	paragraphs := strings.Split(cmd.Long, "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = fitText(p, "", width-margin)
	}
	cmd.Long = strings.Join(paragraphs, "\n\n")
	room := max(least, width-margin-nameWidth(cmd))
	for _, c := range cmd.Commands() {
		c.Short = fitText(c.Short, "", room)
	}
	eachFlag(cmd, func(f *pflag.Flag) {
		if f.Value.Type() == "duration" {
			f.DefValue = shortDuration(f.DefValue)
		}
		f.Usage = fitText(f.Usage, shownDefault(f), room)
	})
}

// shownDefault is what the help writes behind the text of a flag.
func shownDefault(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "false", "0", "[]":
		return ""
	}
	return " (" + f.DefValue + ")"
}

// shortDuration leaves the zeros out of a duration as Go writes it: 24h of 24h0m0s,
// and nothing of 0s, which means that there is none.
func shortDuration(s string) string {
	if s == "0s" {
		return ""
	}
	if minutes, ok := strings.CutSuffix(s, "m0s"); ok {
		s = minutes + "m"
	}
	if hours, ok := strings.CutSuffix(s, "h0m"); ok {
		s = hours + "h"
	}
	return s
}

// fitText breaks a text into lines of at most width cells, at blanks alone; its
// own line breaks are blanks. after is what will stand behind it.
func fitText(text, after string, width int) string {
	var fit strings.Builder
	words, used := strings.Fields(text), 0
	for i, word := range words {
		w := ansi.StringWidth(word)
		need := w
		if i == len(words)-1 {
			need += len(after)
		}
		switch {
		case i == 0:
		case used+1+need <= width:
			fit.WriteByte(' ')
			used++
		default:
			fit.WriteByte('\n')
			used = 0
		}
		fit.WriteString(word)
		used += w
	}
	return fit.String()
}

// nameWidth is how wide the column of the names is: of commands and flags.
func nameWidth(cmd *cobra.Command) int {
	const least, gap = 10, 2
	wide := least - gap
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			wide = max(wide, ansi.StringWidth(c.Use+" [--flags]"))
		}
	}
	eachFlag(cmd, func(f *pflag.Flag) {
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-h " + name
		}
		wide = max(wide, len(name))
	})
	return wide + gap
}

// eachFlag calls f for the flags that the help of the command shows.
func eachFlag(cmd *cobra.Command, f func(*pflag.Flag)) {
	cmd.InitDefaultHelpFlag()
	show := func(flag *pflag.Flag) {
		if !flag.Hidden {
			f(flag)
		}
	}
	cmd.LocalFlags().VisitAll(show)
	cmd.InheritedFlags().VisitAll(show)
}
