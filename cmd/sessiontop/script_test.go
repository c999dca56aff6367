package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/sessiontop/sessiontop/cmd/sessiontop/demo"
)

var update = flag.Bool("update", false, "write what the commands print into the scripts")

// TestMain makes the test binary the program itself where it is called by the
// program's name, so that the scripts run what is built here; or as a process
// of the demo's fleet, which goes by its role's name.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == demo.Subcommand {
		main()
	}
	testscript.Main(m, map[string]func(){
		"sessiontop":        main,
		"sessiontop-panics": panicking,
	})
}

// TestScripts runs testdata/*.txtar: commands, what they print, and their exit
// statuses.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			foreign, err := filepath.Abs("../../collector/foreign")
			if err != nil {
				return err
			}
			e.Setenv("FOREIGN", foreign) // logs of other programs, in each one's testdata
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_CONFIG_HOME", e.WorkDir+"/config")
			e.Values[nodeKey{}] = new(*fakeNode)
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, errors.New("unknown condition " + cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": cmdStatus, "node": cmdNode, "asked": cmdAsked, "mode": cmdMode, "har": cmdHAR, "touch": cmdTouch,
		},
	})
}

// cmdStatus runs a command that must end with the given exit status:
//
//	status 1 sessiontop check logs
func cmdStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status code program [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// cmdTouch sets when a file was last written:
//
//	touch 2026-11-23 node.log
func cmdTouch(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: touch date file")
	}
	day, err := time.Parse(time.DateOnly, args[0])
	ts.Check(err)
	ts.Check(os.Chtimes(ts.MkAbs(args[1]), day, day))
}

// cmdMode checks the permissions of a file:
//
//	mode 600 out.har
func cmdMode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode octal file")
	}
	st, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := strconv.FormatUint(uint64(st.Mode().Perm()), 8); got != args[0] {
		ts.Fatalf("%s has mode %s, want %s", args[1], got, args[0])
	}
}
