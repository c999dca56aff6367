package live

import "github.com/sessiontop/sessiontop/collector/record"

// insidePIDs are the PIDs that processes have in their own PID namespaces, by
// the host's.
type insidePIDs map[int]insideRun

// insideRun is a run of a PID: there may be another one later.
type insideRun struct {
	start uint64
	pid   int
}

// of is the PID of the process in its own namespace; 0 where that is the host's
// or nothing tells, as when it has ended already.
func (m *insidePIDs) of(p *record.Process) int {
	if run, ok := (*m)[p.PID]; ok && run.start == p.Start {
		return run.pid
	}
	if *m == nil || len(*m) >= maxInside {
		*m = insidePIDs{}
	}
	run := insideRun{p.Start, insidePID(p.PID)}
	(*m)[p.PID] = run
	return run.pid
}

// maxInside bounds what is remembered, should ends not be told.
const maxInside = 1 << 16
