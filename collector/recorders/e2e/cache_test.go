//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// An install makes a folder of the cache, once: what it needs is in the name,
// so that another version is another folder.
type install struct {
	folder string
	needs  []string // programs
	make   [][]string

	once sync.Once
	why  string // it is not to be had
}

// installLimit is for one command of an install, on a slow machine.
const installLimit = 10 * time.Minute

// dir returns the folder, or skips the test and says why there is none.
func (in *install) dir(t testing.TB) string {
	t.Helper()
	in.once.Do(in.fill)
	if in.why != "" {
		t.Skip(in.why)
	}
	return in.path()
}

// fetch starts to fill the cache with all that is needed: what the Go module
// proxy, PyPI and npm give comes side by side.
func fetch() {
	var pythons []*install
	for _, version := range releases() {
		pythons = append(pythons, web3pyVenvs[version])
	}
	geths := []*install{personalGeth.from}
	if n := newestGeth(); n != personalGeth {
		geths = append(geths, n.from)
	}
	for _, some := range [][]*install{geths, pythons, {npmNodes, npmClients, npmEthers5}} {
		go func() {
			for _, in := range some {
				in.once.Do(in.fill)
			}
		}()
	}
}

func (in *install) path() string { return filepath.Join(cacheDir(), in.folder) }

func (in *install) fill() {
	done := filepath.Join(in.path(), ".installed")
	if _, err := os.Stat(done); err == nil {
		return
	}
	for _, program := range in.needs {
		if _, err := exec.LookPath(program); err != nil {
			in.why = fmt.Sprintf("%s: %s is not installed here", in.folder, program)
			return
		}
	}
	if err := os.RemoveAll(in.path()); err != nil {
		in.why = err.Error()
		return
	}
	start := time.Now()
	for _, command := range in.make {
		if err := in.command(command); err != nil {
			in.why = fmt.Sprintf("%s cannot be installed: %v", in.folder, err)
			return
		}
	}
	if err := os.WriteFile(done, nil, 0o600); err != nil {
		in.why = err.Error()
		return
	}
	fmt.Printf("installed %s in %.0f s\n", in.folder, time.Since(start).Seconds())
}

// command runs one command in the folder. {} in a word stands for the folder.
func (in *install) command(words []string) error {
	if err := os.MkdirAll(in.path(), 0o700); err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(context.Background(), installLimit)
	defer stop()
	var args []string
	for _, w := range words {
		args = append(args, strings.ReplaceAll(w, "{}", in.path()))
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = in.path()
	cmd.Env = append(os.Environ(), "GOBIN="+in.path(), "CGO_ENABLED=0")
	cmd.WaitDelay = time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(words, " "), err, lastLine(out.String()))
	}
	return nil
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndex(s, "\n")+1:]
}

func cacheDir() string {
	if dir := os.Getenv("SESSIONTOP_E2E_CACHE"); dir != "" {
		return dir
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "sessiontop-e2e")
}

// goTool is a program built from a Go module.
func goTool(path, version string, flags ...string) *install {
	command := append(append([]string{"go", "install"}, flags...), path+"@"+version)
	return &install{folder: filepath.Base(path) + "-" + version, needs: []string{"go"}, make: [][]string{command}}
}

// venv is a Python environment with some packages.
func venv(name string, packages ...string) *install {
	return &install{folder: name, needs: []string{"python3"}, make: [][]string{{"python3", "-m", "venv", "{}"}, pip(packages...)}}
}

func pip(packages ...string) []string {
	return append([]string{"{}/bin/python", "-m", "pip", "install", "-q", "--no-compile", "--disable-pip-version-check"}, packages...)
}

// npm is a folder with some packages in its node_modules.
func npm(name string, packages ...string) *install {
	add := append([]string{"npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--prefix", "{}"}, packages...)
	return &install{folder: name, needs: []string{"node", "npm"}, make: [][]string{add}}
}
