//go:build amd64 || arm64

package live

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/features"
	"github.com/cilium/ebpf/link"
)

// perfProbes makes the programs for uprobes such as are attached one by one, to
// perf events (Linux 5.15), and returns true, where the kernel has no links for
// many at once (6.6).
func perfProbes(spec *ebpf.CollectionSpec) bool {
	if features.HaveBPFLinkUprobeMulti() == nil {
		return false
	}
	for _, p := range spec.Programs {
		if p.AttachType == ebpf.AttachTraceUprobeMulti {
			p.AttachType = ebpf.AttachNone
		}
	}
	return true
}

// probe attaches a program to places in a file: to returns from there, if it is
// the one for those of C functions.
func (k *kernel) probe(ex *link.Executable, program string, at *points) error {
	p, returns := k.Programs[program], program == captureProgOnTlsReturn
	if k.perfProbes {
		return k.probeEach(ex, p, returns, at)
	}
	attach := ex.UprobeMulti
	if returns {
		attach = ex.UretprobeMulti
	}
	l, err := attach(nil, p, &link.UprobeMultiOptions{Addresses: at.addresses, Cookies: at.cookies})
	if err == nil {
		k.links = append(k.links, l)
	}
	return err
}

func (k *kernel) probeEach(ex *link.Executable, p *ebpf.Program, returns bool, at *points) error {
	attach := ex.Uprobe
	if returns {
		attach = ex.Uretprobe
	}
	for i, address := range at.addresses {
		l, err := attach("", p, &link.UprobeOptions{Address: address, Cookie: at.cookies[i]})
		if err != nil {
			return err
		}
		k.links = append(k.links, l)
	}
	return nil
}
