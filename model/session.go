package model

// SessionID is a session's slot in Snapshot.Sessions. NoSession is none. A slot
// is used again only when no call or finding that is still kept names it;
// Session.Serial is never used again.
type SessionID int32

// NoSession is the SessionID of no session.
const NoSession SessionID = -1

// SessionFlags are the yes-or-no facts of a Session.
type SessionFlags uint8

const (
	SessionShared    SessionFlags = 1 << iota // two or more processes used its one connection
	SessionInherited                          // a child holds it and has not used it, or a bare name stands in several processes
	SessionClosed
	SessionWire // its key names one connection, so wire order holds
)

// Session is what a client believes to be its own conversation with an
// endpoint.
type Session struct {
	Serial     uint64    // identity, from 1; 0 is an empty slot
	Conn       *ConnInfo // how it is known; immutable
	ID         SessionID
	Owner      ProcID   // the process that opened it
	Sharers    []ProcID // the others that used it, in order of first use; immutable
	Holders    []ProcID // children that hold it and have not used it; immutable
	Transport  Transport
	Flags      SessionFlags
	InFlight   uint32 // calls sent and neither answered nor given up
	Opened     int64  // Unix nanoseconds; 0: opened before the log began
	First      int64  // first and last event on it
	Last       int64
	Closed     int64
	Calls      uint64 // calls sent
	Errors     uint64 // RPC errors and failed calls, those too that could not be sent
	Mismatches uint64 // replies that were not their reader's
	Findings   uint64
	Lost       uint64 // events of it that its writers dropped, as far as they say how many
	LastMethod Sym
	LastCall   int64  // Seq of its newest row in Snapshot.Calls, -1: none kept
	P50        uint32 // latency of its calls in microseconds
	P95        uint32
	P99        uint32
	Max        uint32
	Rate       Rate
	ownerUsed  bool // its owner has sent or received on it
}

// Is says whether all of the flags f are set.
func (s *Session) Is(f SessionFlags) bool { return s.Flags&f == f }

// Wire says that the session is one connection on which replies come in the
// order of the requests.
func (s *Session) Wire() bool { return s.Is(SessionWire) && !s.Transport.Multiplexed() }
