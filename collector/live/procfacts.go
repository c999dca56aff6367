package live

import "github.com/sessiontop/sessiontop/collector/record"

// procFacts completes what is told of processes by what /proc says of them. It
// belongs to one goroutine.
type procFacts map[int]record.Process

// complete fills in the PID that the process has in its own namespace, and all
// of a process of which nothing was told but its PID, as of the parent of one
// that is watched. What has ended already stays as it is.
func (m *procFacts) complete(p *record.Process) {
	known, ok := (*m)[p.PID]
	if !ok || p.Start != 0 && known.Start != p.Start {
		if *m == nil || len(*m) >= maxFacts {
			*m = procFacts{}
		}
		known = *p
		readFacts(&known)
		(*m)[p.PID] = known
	}
	if p.NSPID = known.NSPID; p.Start == 0 && p.Comm == "" {
		*p = known
	}
}

// ended forgets a process: its PID may be used again.
func (m *procFacts) ended(pid int) { delete(*m, pid) }

// maxFacts bounds what is remembered, should ends not be told.
const maxFacts = 1 << 16
