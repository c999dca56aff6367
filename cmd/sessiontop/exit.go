package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// The exit statuses of check, and of whatever else gives a verdict.
const (
	exitClean    = 0
	exitFindings = 1   // findings of the severity asked for, or a worse one
	exitUnusable = 2   // the input or the command line could not be used
	exitSignal   = 128 // plus the signal that ended the program
)

// errFindings says that there are findings. They have been printed already.
var errFindings = errors.New("there are findings")

// statusError ends the program with this status, of which all has been said.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// complain prints the error, unless it only is a verdict, and gives the exit
// status.
func complain(w io.Writer, err error) int {
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, errFindings):
		return exitFindings
	}
	var status statusError
	if errors.As(err, &status) {
		return int(status)
	}
	var ended *ui.SignalError
	if errors.As(err, &ended) {
		if s, ok := ended.Signal.(syscall.Signal); ok {
			return exitSignal + int(s)
		}
	}
	for line := range strings.SplitSeq(strings.TrimSpace(err.Error()), "\n") {
		if !strings.HasPrefix(line, " ") { // the lines after it explain one
			line = "sessiontop: " + line
		}
		fmt.Fprintln(w, sanitize.Text(line))
	}
	return exitUnusable
}

// flagError names the flag of a value that it cannot have.
func flagError(_ *cobra.Command, err error) error {
	var bad *pflag.InvalidValueError
	if !errors.As(err, &bad) {
		return err
	}
	name, why := bad.GetFlag().Name, bad.Unwrap()
	var number *strconv.NumError
	if errors.As(why, &number) { // a list of numbers gives what strconv says
		why = notNumbers(name)
	}
	return valueError("--"+name, bad.GetValue(), why)
}

// notNumbers says which numbers the flag wants.
func notNumbers(flag string) error {
	switch flag {
	case "pid":
		return errors.New("is no PID; give a number such as 4120, or several with commas (sessiontop ps lists candidates)")
	case "port":
		return errors.New("is no port; ports are from 1 to 65535, several with commas")
	}
	return errors.New("is no whole number that fits")
}

// valueError says that the setting that stands at place cannot have the value.
func valueError(place, value string, err error) error {
	var filter *model.FilterError
	if errors.As(err, &filter) {
		return fmt.Errorf("%s: %w", place, err)
	}
	return fmt.Errorf("%s: %q %w", place, value, err)
}

// filterError is a filter's error with the place marked.
func filterError(text string, err error) error {
	var bad *model.FilterError
	if !errors.As(err, &bad) {
		return err
	}
	const most = 120 // a longer filter would not fit beside its mark
	if len(text) > most || sanitize.Text(text) != text {
		return err
	}
	return fmt.Errorf("%w\n  %s\n  %s%s\n  sessiontop filter lists what can be asked for", err, text,
		strings.Repeat(" ", sanitize.Width(text[:bad.Pos])),
		strings.Repeat("^", max(1, sanitize.Width(text[bad.Pos:bad.Pos+bad.Len]))))
}

// internalError makes one line of a panic: what, and where in the code.
func internalError(r any) error {
	where := "unknown place"
	pc := make([]uintptr, 32)
	frames := runtime.CallersFrames(pc[:runtime.Callers(3, pc)])
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") {
			where = fmt.Sprintf("%s:%d", f.Function, f.Line)
			break
		}
		if !more {
			break
		}
	}
	return fmt.Errorf("internal error: %v at %s; please report it", r, where)
}
