package model

// Snapshot is the model at one moment. It is immutable and may be read from any
// goroutine.
type Snapshot struct {
	Generation uint64 // grows with every snapshot that differs from the one before
	Now        int64  // the time of the newest event, Unix nanoseconds
	Live       bool   // its sources go on: ages are to be told by the wall clock
	Sessions   Table[Session]
	Processes  Table[Process]
	Calls      Calls
	Findings   Table[Finding] // in order of discovery; slot of Seq s is s - FirstFinding
	Methods    []Method       // by Sym, only those called
	Sources    []SourceStat   // by ID
	Totals     Totals
	names      []string
	first      uint64 // Seq of Findings' slot 0
}

// Name is the text of s.
func (s *Snapshot) Name(sym Sym) string {
	if int(sym) < len(s.names) {
		return s.names[sym]
	}
	return "(other)"
}

// Session is the session at id, nil where there is none (any more).
func (s *Snapshot) Session(id SessionID) *Session {
	if id < 0 || int(id) >= s.Sessions.Len() || s.Sessions.At(int(id)).Serial == 0 {
		return nil
	}
	return s.Sessions.At(int(id))
}

// Process is the process at id, nil where there is none (any more).
func (s *Snapshot) Process(id ProcID) *Process {
	if id < 0 || int(id) >= s.Processes.Len() || !s.Processes.At(int(id)).Kept() {
		return nil
	}
	return s.Processes.At(int(id))
}

// PID is the PID of the process at id, 0 where there is none.
func (s *Snapshot) PID(id ProcID) int32 {
	if p := s.Process(id); p != nil {
		return p.Info.PID
	}
	return 0
}

// Finding is the finding of that Seq, nil where it is void or not kept.
func (s *Snapshot) Finding(seq uint64) *Finding {
	i := seq - s.first
	if i >= uint64(s.Findings.Len()) {
		return nil
	}
	if f := s.Findings.At(int(i)); !f.Void {
		return f
	}
	return nil
}

// FindingOf is the finding that call c is marked with, nil if none.
func (s *Snapshot) FindingOf(c *Call) *Finding {
	if c.Finding == 0 {
		return nil
	}
	low := c.Finding - 1
	return s.Finding(s.first + uint64(low-uint32(s.first)))
}

// Totals are the sums over everything since the start, including what has been
// let go.
type Totals struct {
	Processes  uint64
	Sessions   uint64
	Live       uint64 // sessions that are not closed
	Events     uint64
	Calls      uint64
	Replies    uint64
	Errors     uint64 // RPC error replies
	Failed     uint64
	InFlight   uint64
	Findings   [findingKinds]uint64
	ErrorKinds uint64 // findings of severity error
	Warnings   uint64
	Lines      uint64
	Malformed  uint64
	Lost       uint64
	Late       uint64
	Bytes      int64 // read so far, and to be read
	Size       int64
	Rate       float64 // calls per second over the last seconds
	LetGo      LetGo
	Memory     int64 // bytes, estimated
}

// LetGo counts what the memory cap let go of.
type LetGo struct {
	Calls     uint64
	Sessions  uint64
	Processes uint64
	Findings  uint64
	Names     uint64 // strings that were not kept
}

// Of is the number of findings of kind k.
func (t *Totals) Of(k FindingKind) uint64 { return t.Findings[k] }

// Method is what is known of the calls of one method.
type Method struct {
	Sym        Sym
	Calls      uint64
	Errors     uint64
	Mismatches uint64
	Latency    Hist // of answered calls, in microseconds
	Last       int64
}
