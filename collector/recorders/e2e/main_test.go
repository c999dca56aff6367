//go:build e2e

package e2e

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// scratch is the folder of this run; it goes with it.
var scratch string

// sessiontop is the program under test: the one that SESSIONTOP_BIN names, else
// what is built from the tree.
var sessiontop string

func TestMain(m *testing.M) {
	if url := os.Getenv(goClientURL); url != "" {
		if err := goClient(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	status, err := suite(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

func suite(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "sessiontop-e2e-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	scratch = dir
	if sessiontop = os.Getenv("SESSIONTOP_BIN"); sessiontop == "" {
		sessiontop = filepath.Join(dir, "sessiontop")
		build := exec.Command("go", "build", "-o", sessiontop, "github.com/sessiontop/sessiontop/cmd/sessiontop")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("%w: %s", err, out)
		}
	}
	defer func() {
		for _, n := range nodes {
			n.stop()
		}
	}()
	flag.Parse()
	if flag.Lookup("test.run").Value.String() == "" {
		fetch()
	}
	status := m.Run()
	fmt.Print(table())
	if short := shortfall(); short != "" {
		return 1, errors.New(short)
	}
	return status, nil
}
