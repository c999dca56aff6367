package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sessiontop/sessiontop/collector/live"
)

// selectFlags say which running processes are watched.
type selectFlags struct {
	live.Selector
	ports []uint
}

func (s *selectFlags) addTo(f *pflag.FlagSet) {
	f.Int32SliceVar(&s.PIDs, "pid", nil, "these processes and their descendants")
	f.StringSliceVar(&s.Comms, "comm", nil, "processes of this name (ps -o comm)")
	f.StringArrayVar(&s.Exes, "exe", nil, "processes of the program at this path, or of this name")
	f.StringArrayVar(&s.Cgroups, "cgroup", nil, "processes in this cgroup, or one below it")
	f.StringSliceVar(&s.Containers, "container", nil, "processes of the container with this id: 12 digits or more")
	f.UintSliceVar(&s.ports, "port", nil, "connections to this port: of the processes selected, or of all")
	f.BoolVar(&s.All, "all", false, "every process that speaks JSON-RPC")
}

// onlyFlags is for commands whose processes are named by flags alone.
func onlyFlags(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	flag := "--comm"
	if _, err := strconv.Atoi(args[0]); err == nil {
		flag = "--pid"
	}
	return fmt.Errorf("%q stands alone; did you mean %s %s %s?", args[0], cmd.CommandPath(), flag, args[0])
}

// selectorHelp is what the commands with these flags say of them.
const selectorHelp = "Which processes, the flags say; those that name processes add up and --port narrows. Each may be given\n" +
	"more than once. What a selected process forks is watched too, and so is who uses a connection of one. Needs\n" +
	"Linux 6.3, or 5.17 where functions can be traced, and root, or CAP_BPF and CAP_PERFMON; --exe, and TLS that\na program brings along, need CAP_SYS_PTRACE as well. sessiontop ps lists what is there."

// selector is what the flags select.
func (s *selectFlags) selector() (live.Selector, error) {
	sel := s.Selector
	if len(sel.PIDs)+len(sel.Comms)+len(sel.Exes)+len(sel.Cgroups)+len(sel.Containers)+len(s.ports) == 0 && !sel.All {
		return sel, errors.New("no process is selected; choose with --pid, --comm, --exe, --cgroup, --container, --port or --all (sessiontop ps lists candidates)")
	}
	for _, pid := range sel.PIDs {
		if pid <= 0 {
			return sel, fmt.Errorf("--pid: %d is no PID; PIDs are positive", pid)
		}
	}
	for flag, values := range map[string][]string{
		"comm": sel.Comms, "exe": sel.Exes, "cgroup": sel.Cgroups, "container": sel.Containers,
	} {
		for _, v := range values {
			if v == "" {
				return sel, fmt.Errorf("--%s must not be empty", flag)
			}
		}
	}
	for _, p := range s.ports {
		if p == 0 || p > math.MaxUint16 {
			return sel, fmt.Errorf("--port: %d is no port; ports are from 1 to 65535", p)
		}
		sel.Ports = append(sel.Ports, uint16(p))
	}
	return sel, nil
}

// attachTo captures what opt selects. Of PIDs that are not there, it says so;
// that nothing else is selected either is an error.
func (a *app) attachTo(opt live.Options) (*live.Capture, error) {
	capture, err := live.Attach(opt)
	if err != nil {
		return nil, err
	}
	sel := opt.Select
	if !live.SeesPrograms() {
		note(a.stderr, "for want of CAP_SYS_PTRACE, --exe finds your own processes alone, and so is TLS read that a program brings along (Node.js, Go)")
	}
	var gone []error
	for _, pid := range sel.PIDs {
		if err := notThere(int(pid)); err != nil {
			gone = append(gone, err)
		}
	}
	if others := len(sel.Comms) + len(sel.Exes) + len(sel.Cgroups) + len(sel.Containers); len(gone) > 0 && len(gone) == len(sel.PIDs) && others == 0 && !sel.All {
		return nil, errors.Join(fmt.Errorf("%w; sessiontop ps lists candidates", gone[0]), capture.Close())
	}
	for _, err := range gone {
		note(a.stderr, "%v", err)
	}
	return capture, nil
}

// notThere says that no process has the PID, that it is a thread's, or that none
// is to be seen.
func notThere(pid int) error {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status") // also where /proc lists a thread nowhere
	if !errors.Is(err, os.ErrNotExist) {
		if _, rest, ok := strings.Cut(string(status), "\nTgid:"); ok {
			group, _, _ := strings.Cut(rest, "\n")
			if n, err := strconv.Atoi(strings.TrimSpace(group)); err == nil && n != pid {
				return fmt.Errorf("%d is a thread of the process %d, which --pid %d selects", pid, n, n)
			}
		}
		return nil
	}
	if p, err := os.FindProcess(pid); err == nil && errors.Is(p.Signal(syscall.Signal(0)), os.ErrPermission) {
		return fmt.Errorf("the process with the PID %d is hidden (hidepid of /proc), for want of CAP_SYS_PTRACE", pid)
	}
	return fmt.Errorf("no process has the PID %d", pid)
}
