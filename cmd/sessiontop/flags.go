package main

import (
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui"
)

// addFlags declares the global flags.
func (a *app) addFlags(f *pflag.FlagSet) {
	a.memory = model.DefaultMemory
	a.failOn = severityFlag(model.Error)
	f.StringVar(&a.config, "config", "", "configuration file (default config.toml in $XDG_CONFIG_HOME/sessiontop)")
	f.Var(&a.memory, "memory", "what the model may hold; the oldest calls are let go first")
	f.Var((*filterFlag)(&a.filter), "filter", "show only what matches, for example 'pid:4120 is:mismatch lat>100ms'")
	f.Var((*themeFlag)(&a.theme), "theme", "colours: "+strings.Join(ui.Themes(), ", "))
	f.BoolVar(&a.noColor, "no-color", false, "no colour")
	f.BoolVar(&a.ascii, "ascii", false, "nothing but ASCII; so are the screens where the locale is not of UTF-8")
	f.BoolVar(&a.noMouse, "no-mouse", false, "leave the mouse to the terminal")
	f.Var(&a.failOn, "fail-on", "least severity that makes check exit with 1: warning or error")
	f.StringVar(&a.openrpc, "openrpc", "", "the OpenRPC document that says what the methods of another protocol return; Ethereum's stay known")
	f.StringVar(&a.verify, "verify", "", "the URL of the node to ask again: check does so about its findings, the screens on v (default the session's own)")
	f.Var(&a.format, "format", "what the logs are of: "+strings.Join(formatNames(), ", ")+" (default told by each log's beginning)")
	f.StringVar(&a.profiles.cpu, "cpu-profile", "", "write a CPU profile to this file")
	f.StringVar(&a.profiles.mem, "mem-profile", "", "write a memory profile to this file")
	for _, name := range []string{"cpu-profile", "mem-profile"} {
		f.Lookup(name).Hidden = true
	}
}

// addCompletions completes the values of the global flags in a shell.
func (a *app) addCompletions(root *cobra.Command) {
	words := func(words ...string) cobra.CompletionFunc {
		return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
	}
	filter := func(_ *cobra.Command, _ []string, text string) ([]string, cobra.ShellCompDirective) {
		var all []string
		for _, c := range model.Complete(text, len(text), nil) {
			all = append(all, text[:c.From]+c.Text)
		}
		return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	for flag, f := range map[string]cobra.CompletionFunc{
		"theme":   words(ui.Themes()...),
		"fail-on": words("warning", "error"),
		"format":  words(formatNames()...),
		"filter":  filter,
	} {
		if err := root.RegisterFlagCompletionFunc(flag, f); err != nil {
			panic(err) // the flag is not declared
		}
	}
}

// byteSize is a number of bytes: 536870912, 512MiB, 2G.
type byteSize int64

// minMemory is the least that the model can work in.
const minMemory = 1 << 20

var byteUnits = []struct {
	unit string
	size int64
}{{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9},
	{"k", 1 << 10}, {"m", 1 << 20}, {"g", 1 << 30}, {"b", 1}, {"", 1}}

func (b *byteSize) Set(s string) error {
	text := strings.ToLower(strings.TrimSpace(s))
	for _, u := range byteUnits {
		digits, ok := strings.CutSuffix(text, u.unit)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		switch {
		case err != nil || n < 0 || n > (1<<62)/u.size:
			return errors.New("is no size; write bytes, or for example 512MiB")
		case n*u.size < minMemory:
			return errors.New("is less than the least, 1MiB")
		}
		*b = byteSize(n * u.size)
		return nil
	}
	return nil
}

func (b *byteSize) String() string {
	switch n := int64(*b); {
	case n > 0 && n%(1<<30) == 0:
		return strconv.FormatInt(n>>30, 10) + "GiB"
	case n%(1<<20) == 0:
		return strconv.FormatInt(n>>20, 10) + "MiB"
	default:
		return strconv.FormatInt(n, 10)
	}
}

func (*byteSize) Type() string { return "bytes" }

// severityFlag is a severity that a finding may have.
type severityFlag model.Severity

func (f *severityFlag) Set(s string) error {
	for _, v := range []model.Severity{model.Warning, model.Error} {
		if s == v.String() {
			*f = severityFlag(v)
			return nil
		}
	}
	return errors.New("is neither warning nor error")
}

func (f *severityFlag) String() string { return model.Severity(*f).String() }
func (*severityFlag) Type() string     { return "severity" }

// filterFlag is the text of a filter that parses.
type filterFlag string

func (f *filterFlag) Set(s string) error {
	if _, err := model.ParseFilter(s); err != nil {
		return filterError(s, err)
	}
	*f = filterFlag(s)
	return nil
}

func (f *filterFlag) String() string { return string(*f) }
func (*filterFlag) Type() string     { return "expression" }

// themeFlag is the name of a theme.
type themeFlag string

func (f *themeFlag) Set(s string) error {
	name, err := ui.ParseTheme(s)
	if err != nil {
		return errors.New("is unknown; one of " + strings.Join(ui.Themes(), ", "))
	}
	*f = themeFlag(name)
	return nil
}

func (f *themeFlag) String() string { return string(*f) }
func (*themeFlag) Type() string     { return "name" }
