package main

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui"
)

// panicking is the program with screens whose source fails after a while.
func panicking() {
	var calls int
	snap := model.NewEngine(model.Options{}, nil).Snapshot()
	err := ui.Run(context.Background(), ui.Config{Source: func() *model.Snapshot {
		if calls++; calls > 3 {
			panic("the source is broken")
		}
		return snap
	}})
	os.Exit(complain(os.Stderr, err))
}

// TestInternalErrorNamesThePlace makes one line of a panic.
func TestInternalErrorNamesThePlace(t *testing.T) {
	var err error
	func() {
		defer func() { err = internalError(recover()) }()
		var none *report
		none.findings = nil
	}()
	for _, want := range []string{"nil pointer", "TestInternalErrorNamesThePlace", "report"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
}
