//go:build e2e

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// ownTestsLimit is for the recorder's own tests, on a busy machine.
const ownTestsLimit = 15 * time.Minute

// TestPythonRecorder runs the recorder's own tests where all libraries are.
func TestPythonRecorder(t *testing.T) {
	t.Parallel()
	ownTests(t, filepath.Join("..", "python", "tests"), nil, python(t, fleetReleases[1]), "-m", "unittest", "discover", "-v")
}

// TestNodeRecorder likewise, and those of ethers once more, with the other one.
func TestNodeRecorder(t *testing.T) {
	for _, of := range []struct {
		modules *install
		tests   string
	}{{npmClients, "."}, {npmEthers5, "ethers 5"}} {
		t.Run(of.modules.folder, func(t *testing.T) {
			t.Parallel()
			env := []string{"SESSIONTOP_TEST_MODULES=" + of.modules.dir(t), "SESSIONTOP_BIN=" + sessiontop}
			ownTests(t, filepath.Join("..", "node"), env, "node", "--test", "--test-name-pattern", of.tests)
		})
	}
}

var skipped = regexp.MustCompile(`(?m)^.*(# SKIP .|\.\.\. skipped ).*$`)

// ownTests runs a test runner in a folder, fails with what it says, and passes
// on what it skipped.
func ownTests(t *testing.T, dir string, env []string, words ...string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), ownTestsLimit)
	defer stop()
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1"), env...)
	endWithUs(cmd)
	cmd.WaitDelay = time.Second
	start := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, tail(string(out)))
	}
	t.Logf("passed in %.0f s", time.Since(start).Seconds())
	for _, line := range skipped.FindAllString(string(out), -1) {
		t.Log(line)
	}
}
