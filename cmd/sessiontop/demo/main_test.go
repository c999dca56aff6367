package demo_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/sessiontop/sessiontop/cmd/sessiontop/demo"
)

// TestMain makes the test binary what the program is: the fleet's processes
// are this binary again.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == demo.Subcommand {
		err := refuseTheKnell()
		if err == nil {
			err = demo.Worker(context.Background())
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}
