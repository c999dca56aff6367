package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// unprivileged is a copy of the program that anybody may run.
func unprivileged(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can run it as somebody else")
	}
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	path, err := exec.LookPath("sessiontop")
	if err != nil {
		t.Fatal(err)
	}
	from, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(filepath.Join(dir, "sessiontop"), os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return to.Name()
}

// withRights runs a program as nobody with these capabilities.
func withRights(t *testing.T, path string, rights []uintptr, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var o, e strings.Builder
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = &o, &e
	cmd.Dir, cmd.Env = "/", []string{"HOME=/nonexistent", "PATH=" + os.Getenv("PATH")}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential:  &syscall.Credential{Uid: 65534, Gid: 65534},
		AmbientCaps: rights,
	}
	var exit *exec.ExitError
	if err := cmd.Run(); errors.Is(err, syscall.EPERM) {
		t.Skipf("the capabilities are not ours to give: %v", err)
	} else if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

// TestRights: what a user can do who is not root, and what he is told of what
// he cannot, is as README.md has it.
func TestRights(t *testing.T) {
	pid := forkedFleet(t)
	path := unprivileged(t)
	status, _, stderr := output(t, "attach", "--pid", pid, "--headless", "--duration", "1ms")
	skipWithoutCapture(t, stderr)
	if status == exitUnusable && !strings.Contains(stderr, "no JSON-RPC was seen") {
		t.Fatal(stderr)
	}
	attach := []string{"attach", "--pid", pid, "--headless", "--duration", "1s"}
	const bpf, perfmon, ptrace, read = unix.CAP_BPF, unix.CAP_PERFMON, unix.CAP_SYS_PTRACE, unix.CAP_DAC_READ_SEARCH
	for _, c := range []struct {
		rights []uintptr
		args   []string
		status int
		says   string // in standard output or error
	}{
		{nil, attach, exitUnusable, "sessiontop: live capture needs CAP_BPF and CAP_PERFMON; run it with sudo, or once: sudo setcap "},
		{[]uintptr{bpf, ptrace, read}, attach, exitUnusable, "sessiontop: live capture needs CAP_PERFMON; run it with sudo"},
		{[]uintptr{perfmon}, attach, exitUnusable, "sessiontop: live capture needs CAP_BPF; run it with sudo"},
		{[]uintptr{bpf, perfmon}, attach, exitFindings, "swapped-reply"},
		{[]uintptr{bpf, perfmon}, []string{"attach", "--exe", "/bin/none", "--headless", "--duration", "1ms"}, exitUnusable, "sessiontop: for want of CAP_SYS_PTRACE, --exe finds your own processes alone, "},
		{[]uintptr{bpf, perfmon, ptrace}, []string{"ps"}, exitClean, "other users' processes are left out, for want of CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH;"},
		{[]uintptr{ptrace, read}, []string{"ps"}, exitClean, "\n" + pid + " "},
	} {
		status, stdout, stderr := withRights(t, path, c.rights, c.args...)
		if status != c.status || !strings.Contains(stderr+stdout, c.says) {
			t.Errorf("%s with %v: exit status %d, want %d and %q:\n%s%s", c.args, c.rights, status, c.status, c.says, stderr, stdout)
		}
		if status == exitUnusable && strings.Count(stderr, "live capture") > 1 {
			t.Errorf("more than one line: %s", stderr)
		}
	}
}

// TestSetcap: the line of README.md is enough for anybody.
func TestSetcap(t *testing.T) {
	pid := forkedFleet(t)
	path := unprivileged(t)
	attach := []string{"attach", "--pid", pid, "--headless", "--duration", "1s"}
	_, _, stderr := output(t, attach...)
	skipWithoutCapture(t, stderr)
	var fs unix.Statfs_t
	if err := unix.Statfs(path, &fs); err != nil || fs.Flags&unix.ST_NOSUID != 0 {
		t.Skipf("programs get no rights where temporary files are (nosuid): %v", err)
	}
	out, err := exec.Command("setcap", "cap_bpf,cap_perfmon,cap_sys_ptrace,cap_dac_read_search=ep", path).CombinedOutput()
	if err != nil {
		t.Skipf("setcap: %v: %s", err, out)
	}
	if status, stdout, stderr := withRights(t, path, nil, attach...); status != exitFindings || !strings.Contains(stdout, "swapped-reply") {
		t.Errorf("attach: exit status %d\n%s%s", status, stdout, stderr)
	}
	if status, stdout, stderr := withRights(t, path, nil, "ps"); status != exitClean || !strings.Contains(stdout, "\n"+pid+" ") {
		t.Errorf("ps: exit status %d\n%s%s", status, stdout, stderr)
	}
}

// TestUserNamespace: its rights are worth nothing to the kernel, and it is said.
func TestUserNamespace(t *testing.T) {
	cmd := exec.Command("sessiontop", "attach", "--all", "--headless", "--duration", "1ms")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Skipf("no user namespace: %v", err)
	}
	if want := "sessiontop: live capture needs rights over the kernel, which it has not got within a user namespace; run it on the host"; !strings.HasPrefix(string(out), want) {
		t.Errorf("%s\nwant %s", out, want)
	}
}

// TestHiddenProcess: /proc does not show it, yet it is there.
func TestHiddenProcess(t *testing.T) {
	path := unprivileged(t)
	unshare, err := exec.LookPath("unshare")
	if err != nil {
		t.Skip("there is no unshare")
	}
	pid := fmt.Sprint(os.Getpid())
	script := `mount -t proc -o hidepid=invisible proc /proc && exec setpriv --reuid 65534 --regid 65534 --clear-groups ` +
		`--inh-caps +bpf,+perfmon --ambient-caps +bpf,+perfmon "$0" attach --pid "$1" --headless --duration 1ms`
	cmd := exec.Command(unshare, "--mount", "sh", "-c", script, path, pid)
	cmd.Env = append(os.Environ(), "HOME=/nonexistent", "XDG_CONFIG_HOME=")
	out, _ := cmd.CombinedOutput()
	skipWithoutCapture(t, string(out))
	if !strings.Contains(string(out), "sessiontop: ") {
		t.Skipf("/proc cannot be mounted so: %s", out)
	}
	if want := "the process with the PID " + pid + " is hidden (hidepid of /proc), for want of CAP_SYS_PTRACE"; !strings.Contains(string(out), want) {
		t.Errorf("%s\nwant %s", out, want)
	}
}

// TestOtherKernels: of a kernel without type information, or without a tracepoint
// that is needed, one line says so.
func TestOtherKernels(t *testing.T) {
	const types = "/sys/kernel/btf/vmlinux"
	own, err := os.ReadFile(types)
	if err != nil || os.Geteuid() != 0 {
		t.Skipf("what the kernel tells of its types cannot be replaced: %v", err)
	}
	for name, c := range map[string]struct {
		types []byte
		says  string
	}{
		"none":    {nil, "live capture needs the kernel's type information, " + types + " ("},
		"damaged": {own[:1000], "live capture needs the kernel's type information, " + types + " ("},
		"old":     {bytes.ReplaceAll(own, []byte("btf_trace_tcp_rcv_space_adjust"), []byte("btf_trace_tcp_rcv_space_adjusX")), "live capture needs Linux 6.3 or newer, or one "},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "vmlinux")
			hide := "mount -t tmpfs none /sys/kernel/btf"
			if c.types != nil {
				if err := os.WriteFile(file, c.types, 0o600); err != nil {
					t.Fatal(err)
				}
				hide = `mount --bind "$0" ` + types
			}
			out, err := exec.Command("unshare", "--mount", "sh", "-c", hide+" && exec sessiontop attach --all --headless --duration 1ms", file).CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || !strings.HasPrefix(string(out), "sessiontop: ") {
				t.Skipf("%v: %s", err, out)
			}
			if exit.ExitCode() != exitUnusable || !strings.HasPrefix(string(out), "sessiontop: "+c.says) || strings.Count(string(out), "\n") != 1 {
				t.Errorf("exit status %d, want %d and one line %q:\n%s", exit.ExitCode(), exitUnusable, c.says, out)
			}
		})
	}
}
