package live

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// grant is how the program gets what it needs without being root.
const grant = `run it with sudo, or once: sudo setcap cap_bpf,cap_perfmon,cap_sys_ptrace,cap_dac_read_search=ep "$(command -v sessiontop)"`

// capabilities is a set of capabilities(7), by their numbers.
type capabilities uint64

// ownCapabilities is those in effect, all if the system does not tell.
func ownCapabilities() capabilities {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if unix.Capget(&header, &data[0]) != nil {
		return ^capabilities(0)
	}
	return capabilities(data[0].Effective) | capabilities(data[1].Effective)<<32
}

func (c capabilities) has(number int) bool { return c>>number&1 != 0 }

// mayLoad says what is missing to load programs into the kernel. The kernel
// itself says so at different places, and in words that mislead.
func mayLoad() error {
	if !hostsPIDs() {
		return &RequirementError{
			Missing: "the PIDs of the host, which this PID namespace has not got",
			Try:     "run it on the host, or in a container that shares them (docker run --pid=host)",
		}
	}
	own := ownCapabilities()
	if own.has(unix.CAP_SYS_ADMIN) {
		return nil
	}
	var missing []string
	if !own.has(unix.CAP_BPF) {
		missing = append(missing, "CAP_BPF")
	}
	if !own.has(unix.CAP_PERFMON) {
		missing = append(missing, "CAP_PERFMON")
	}
	if len(missing) == 0 {
		return nil
	}
	return &RequirementError{Missing: strings.Join(missing, " and "), Try: grant}
}

// hostsRights says whether capabilities count for the kernel itself, and not
// merely within a user namespace (user_namespaces(7)).
func hostsRights() bool {
	b, err := os.ReadFile("/proc/self/uid_map")
	f := strings.Fields(string(b))
	return err != nil || len(f) == 3 && f[0] == "0" && f[1] == "0" && f[2] == "4294967295"
}

// hostsPIDs says whether PIDs here are those that the kernel counts by. The
// first PID namespace has a fixed number (PROC_PID_INIT_INO of the kernel).
func hostsPIDs() bool {
	ns, err := os.Readlink("/proc/self/ns/pid")
	return err != nil || ns == "pid:[4026531836]"
}

// SeesPrograms says whether it can be seen what programs and libraries the
// processes of other users run. Without it, Selector.Exes finds those of the own
// user alone, and of others only the TLS of the system's libraries is read.
func SeesPrograms() bool { return ownCapabilities().has(unix.CAP_SYS_PTRACE) }

// SeesDescriptors says whether it can be seen what processes of other users
// have open. Without it, Candidates lists those of the own user alone.
func SeesDescriptors() bool {
	own := ownCapabilities()
	return own.has(unix.CAP_SYS_PTRACE) && (own.has(unix.CAP_DAC_READ_SEARCH) || own.has(unix.CAP_DAC_OVERRIDE))
}
