//go:build amd64 || arm64

package live

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/btf"
	"github.com/cilium/ebpf/link"
)

// sendProgram is which program tells where in the TCP stream a write stands: that
// of the tracepoint (Linux 6.16), or else the one at the entry of the function
// that the tracepoint was put into; none where the kernel allows neither. Then
// the stamps tell.
func sendProgram(types *btf.Spec) string {
	const function = "tcp_sendmsg_locked"
	switch {
	case hasTracepoint(types, function):
		return captureProgOnSendLocked
	case mayTrace(function):
		return captureProgOnSendEntered
	}
	return ""
}

// mayTrace is whether a program can be attached to the entry of a function of
// the kernel. Where its text is locked down, that shows in the attempt only.
func mayTrace(function string) bool {
	p, err := ebpf.NewProgram(&ebpf.ProgramSpec{
		Type: ebpf.Tracing, AttachType: ebpf.AttachTraceFEntry, AttachTo: function, License: "GPL",
		Instructions:  asm.Instructions{asm.Mov.Imm(asm.R0, 0), asm.Return()},
		KernelVersion: 1, // as in load
	})
	if err != nil {
		return false
	}
	defer p.Close()
	l, err := link.AttachTracing(link.TracingOptions{Program: p})
	if err != nil {
		return false
	}
	return l.Close() == nil
}
