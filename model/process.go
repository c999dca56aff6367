package model

import "math"

// ProcID is a process's slot in Snapshot.Processes. NoProc is none. A slot is
// used again only when nothing that is still kept names the process.
type ProcID int32

// NoProc is the ProcID of no process.
const NoProc ProcID = -1

// NoCode stands for an exit status that is not known.
const NoCode = math.MinInt64

// Process is one run of a program on a host.
type Process struct {
	Info       ProcInfo // what its lines said, together
	ID         ProcID
	Parent     ProcID // by fork or PPID; NoProc where unknown
	First      int64  // Unix nanoseconds of its first and last event
	Last       int64
	Forked     int64  // when its parent forked it, 0: not seen
	Exited     int64  // when it ended, 0: not seen to
	Code       int64  // exit status, or minus the signal, or NoCode
	Children   uint32 // forks seen
	Owned      uint32 // sessions it opened
	Inherited  uint32 // sessions of another owner that it is on
	Calls      uint64
	Errors     uint64 // RPC errors and failed calls
	Mismatches uint64 // replies of another call that it read
	Findings   uint64 // findings with it as the reader
}

// Kept says that the row holds a process, and is not an empty slot.
func (p *Process) Kept() bool { return p.ID != NoProc }

// Alive says that the process has not been seen to end.
func (p *Process) Alive() bool { return p.Exited == 0 }
