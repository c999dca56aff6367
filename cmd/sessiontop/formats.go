package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/model"
)

// inputFormat is the name of what logs are of, "" for what they show themselves.
type inputFormat string

func (f *inputFormat) Set(s string) error {
	if s != "" && !slices.Contains(formatNames(), s) {
		return errors.New("is unknown; one of " + strings.Join(formatNames(), ", "))
	}
	*f = inputFormat(s)
	return nil
}

func (f *inputFormat) String() string { return string(*f) }
func (*inputFormat) Type() string     { return "name" }

// formatNames are the values that it may have.
func formatNames() []string {
	names := []string{collector.SessionLog}
	for _, f := range collector.Formats() {
		names = append(names, f.Name)
	}
	return names
}

// otherFormat is the name of the format that the source is of, "" for a session
// log. The collector has it at the end of the source's name.
func otherFormat(s *model.SourceStat) string {
	for _, f := range collector.Formats() {
		if strings.HasSuffix(s.Name, " ("+f.Name+")") {
			return f.Name
		}
	}
	return ""
}

// formatsText says what each of the other programs' formats is, for a help
// text.
func formatsText() string {
	var all []string
	for _, f := range collector.Formats() {
		all = append(all, f.Name+" ("+f.What+")")
	}
	return strings.Join(all, ", ")
}
