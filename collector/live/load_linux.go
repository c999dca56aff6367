//go:build amd64 || arm64

package live

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
	"github.com/cilium/ebpf/link"
	"golang.org/x/sys/unix"
)

// kernel is the programs in the kernel. They live in file descriptors alone:
// they are gone with this process, however it ends.
type kernel struct {
	*ebpf.Collection
	links      []link.Link
	skips      uint32 // changes of the map of connections that are passed over
	perfProbes bool   // uprobes are attached one by one
}

// load loads the programs for the selector, and attaches none of them yet.
func load(sel *Selector) (*kernel, error) {
	if err := mayLoad(); err != nil {
		return nil, err
	}
	types, err := kernelTypes()
	if err != nil {
		return nil, err
	}
	spec, err := loadCapture()
	if err != nil {
		return nil, fmt.Errorf("live capture: %w", err)
	}
	preemptible := kernelSince(7)
	offsets, err := choose(spec, types, preemptible)
	if err != nil {
		return nil, err
	}
	if len(sel.Ports) > 0 { // none of a Unix socket
		delete(spec.Programs, captureProgOnCopy)
		delete(spec.Programs, captureProgOnCopyAgain)
	}
	for name, value := range map[string]bool{
		captureVarAnyProcess:  sel.All || !sel.named(),
		captureVarByPort:      len(sel.Ports) > 0,
		captureVarByContent:   sel.All,
		captureVarWatchExec:   sel.changing(),
		captureVarSendOffsets: offsets,
		captureVarPreemptible: preemptible,
	} {
		if err := spec.Variables[name].Set(value); err != nil {
			return nil, fmt.Errorf("live capture: %w", err)
		}
	}
	for _, p := range spec.Programs {
		p.KernelVersion = 1 // not used for these kinds; without it, it is looked for where file capabilities may not look
	}
	perf := perfProbes(spec)
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return nil, whyNot(err)
	}
	return &kernel{Collection: coll, perfProbes: perf}, nil
}

// kernelTypes is the kernel's type information. That the tracepoints are there
// which every kernel with the others has is checked, too.
func kernelTypes() (*btf.Spec, error) {
	types, err := btf.LoadKernelSpec()
	if err != nil {
		return nil, &RequirementError{
			Missing: "the kernel's type information, /sys/kernel/btf/vmlinux", Err: err,
			Try: "use a kernel that is built with CONFIG_DEBUG_INFO_BTF, as those of the distributions are",
		}
	}
	for _, name := range []string{
		"tcp_rcv_space_adjust", "inet_sock_set_state", "skb_copy_datagram_iovec",
		"sched_process_fork", "sched_process_exec", "sched_process_exit",
	} {
		if !hasTracepoint(types, name) {
			return nil, tooOld("the tracepoint " + name)
		}
	}
	if !hasHelper(types, "BPF_FUNC_loop") {
		return nil, tooOld("the function bpf_loop")
	}
	return types, nil
}

// again is what the name of a program's second has at its end.
const again = "_again"

// kernelRelease is the kernel's, as in uname -r.
func kernelRelease() string {
	var name unix.Utsname
	_ = unix.Uname(&name) // fails for no address of ours
	return unix.ByteSliceToString(name.Release[:])
}

// kernelSince says whether the kernel is of a major release or a later one.
func kernelSince(major int) bool {
	var own int
	_, err := fmt.Sscanf(kernelRelease(), "%d.", &own)
	return err == nil && own >= major
}

// whyNot makes of a loader's error what a person can act on.
func whyNot(err error) error {
	switch {
	case !hostsRights():
		return &RequirementError{
			Missing: "rights over the kernel, which it has not got within a user namespace",
			Try:     "run it on the host, or in a container without user namespaces that has CAP_BPF and CAP_PERFMON",
		}
	case errors.Is(err, fs.ErrPermission):
		return &RequirementError{
			Missing: "the right to load programs into the kernel, beside CAP_BPF and CAP_PERFMON", Err: rootCause(err),
			Try: "look whether seccomp (as in containers), lockdown or a security module forbids bpf(2)",
		}
	}
	var verifier *ebpf.VerifierError
	if errors.As(err, &verifier) {
		return &RequirementError{
			Missing: "a kernel that accepts its programs", Err: err,
			Try: "record with a client's recorder and open its logs, and report this line with the kernel's version",
		}
	}
	return fmt.Errorf("live capture: %w", err)
}

// rootCause is the innermost error.
func rootCause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// attach makes the programs run, those of processes first, so that no child of
// a watched process is missed.
func (k *kernel) attach() error {
	for _, name := range []string{
		captureProgOnFork, captureProgOnExec, captureProgOnExit, captureProgOnState,
		captureProgOnSendLocked, captureProgAtSendLocked, captureProgOnRecvLocked, captureProgOnReady, captureProgAtReady, captureProgOnCopy,
		captureProgOnSend, captureProgAtInetSend, captureProgAtInet6Send, captureProgAtUnixSend,
		captureProgOnRecv, captureProgAtInetRecv, captureProgAtInet6Recv, captureProgAtUnixRecv,
	} {
		for _, p := range []*ebpf.Program{k.Programs[name], k.Programs[name+again]} {
			if p == nil {
				continue
			}
			l, err := link.AttachTracing(link.TracingOptions{Program: p})
			if err != nil {
				return whyNot(err)
			}
			k.links = append(k.links, l)
		}
	}
	return k.Variables[captureVarRecording].Set(uint32(1))
}

// detach ends the programs; the maps stay until close.
func (k *kernel) detach() error {
	errs := []error{k.Variables[captureVarRecording].Set(uint32(0))}
	for _, l := range k.links {
		errs = append(errs, l.Close())
	}
	k.links = nil
	return errors.Join(errs...)
}

func (k *kernel) close() error {
	err := k.detach()
	k.Collection.Close()
	return err
}
