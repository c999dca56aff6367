//go:build amd64 || arm64

package live

import (
	"fmt"
	"slices"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/btf"
	"github.com/cilium/ebpf/link"
)

// hook is a place in the kernel that not every kernel has as a tracepoint.
type hook struct {
	tracepoint string
	program    string   // for it
	instead    []string // programs for the functions that do what it tells of
}

func hooks() []hook {
	return []hook{
		{"sock_send_length", captureProgOnSend, []string{captureProgAtInetSend, captureProgAtInet6Send, captureProgAtUnixSend}},
		{"sock_recv_length", captureProgOnRecv, []string{captureProgAtInetRecv, captureProgAtInet6Recv, captureProgAtUnixRecv}},
		{"sk_data_ready", captureProgOnReady, []string{captureProgAtReady}},
		{sendsLocked, captureProgOnSendLocked, []string{captureProgAtSendLocked}},
	}
}

// sendsLocked tells where in the TCP stream a write stands; without it, its stamp
// does.
const sendsLocked = "tcp_sendmsg_locked"

// choose leaves the programs that the kernel has use for, and returns whether
// sendsLocked is among them. Where tracepoints are preemptible, those for bytes
// have a second; of those that may do their work twice it is a copy.
func choose(spec *ebpf.CollectionSpec, types *btf.Spec, preemptible bool) (offsets bool, err error) {
	for _, h := range hooks() {
		offsets = h.choose(spec, types)
		if !offsets && h.tracepoint != sendsLocked {
			return false, tooOld("the tracepoint " + h.tracepoint)
		}
	}
	if !preemptible {
		delete(spec.Programs, captureProgOnSendAgain)
		delete(spec.Programs, captureProgOnRecvAgain)
		delete(spec.Programs, captureProgOnCopyAgain)
		return offsets, nil
	}
	for _, name := range []string{captureProgOnSendLocked, captureProgOnRecvLocked, captureProgOnReady} {
		if p := spec.Programs[name]; p != nil {
			spec.Programs[name+again] = p.Copy()
		}
	}
	return offsets, nil
}

// choose leaves of the hook's programs the one for the tracepoint, or those
// instead of it, and returns whether the kernel takes either.
func (h *hook) choose(spec *ebpf.CollectionSpec, types *btf.Spec) bool {
	traced := hasTracepoint(types, h.tracepoint)
	if !traced {
		delete(spec.Programs, h.program)
	}
	instead := !traced && !slices.ContainsFunc(h.instead, func(name string) bool { return !mayTrace(spec.Programs[name]) })
	if !instead {
		for _, name := range h.instead {
			delete(spec.Programs, name)
		}
	}
	return traced || instead
}

// hasTracepoint is whether the kernel has the tracepoint.
func hasTracepoint(types *btf.Spec, name string) bool {
	_, err := types.AnyTypeByName("btf_trace_" + name)
	return err == nil
}

// mayTrace is whether a program can be attached where p would be. Where the
// kernel's text is locked down, that shows in the attempt only.
func mayTrace(p *ebpf.ProgramSpec) bool {
	probe := p.Copy()
	probe.Instructions = asm.Instructions{asm.Mov.Imm(asm.R0, 0), asm.Return()}
	probe.KernelVersion = 1 // as in load
	loaded, err := ebpf.NewProgram(probe)
	if err != nil {
		return false
	}
	defer loaded.Close()
	l, err := link.AttachTracing(link.TracingOptions{Program: loaded})
	return err == nil && l.Close() == nil
}

// hasHelper is whether programs may call the function of that number's name.
func hasHelper(types *btf.Spec, name string) bool {
	var numbers *btf.Enum
	return types.TypeByName("bpf_func_id", &numbers) == nil &&
		slices.ContainsFunc(numbers.Values, func(v btf.EnumValue) bool { return v.Name == name })
}

// tooOld says what a kernel would need that does not have what is named.
func tooOld(what string) error {
	return &RequirementError{
		Missing: "Linux 6.3 or newer, or one from 5.17 on (arm64: 6.4) that lets its functions be traced",
		Err:     fmt.Errorf("this is %s, without %s", kernelRelease(), what),
		Try:     "use such a kernel, or record with a client's recorder and open its logs",
	}
}
