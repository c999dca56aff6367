package model

// CallState is how far a call has come.
type CallState uint8

const (
	Pending  CallState = iota // no reply yet
	Answered                  // has its reply
	Failed                    // its client gave up on it
	Orphan                    // a row for a reply that answers no known call
	LostCall                  // its reply will not come
)

// CallFlags are the yes-or-no facts of a Call.
type CallFlags uint8

const (
	CallBatch      CallFlags = 1 << iota // an item of a batch
	CallError                            // its reply is an RPC error
	CallMismatched                       // its process took another call's reply for this one's
	CallSecret                           // its parameters carry secrets
	CallLate                             // came after the reorder window
)

// Call is one request with the reply that answers it, as far as the evidence
// goes. Where another process read that reply, Reader differs from Asker.
// Rows are kept in order of Seq, the oldest are let go first.
type Call struct {
	Asked   int64  // Unix nanoseconds; of an Orphan, when the reply was read
	Replied int64  // when the reply was read, or the call given up; 0: neither
	Ask     Origin // the request: of an Orphan, nowhere
	Reply   Origin // the reply that answers it; Len 0: none
	ID      ID
	Session SessionID
	Asker   ProcID // NoProc of an Orphan
	Reader  ProcID // who read Reply; NoProc where nobody did
	Method  Sym
	Err     Sym    // Failed: why
	Prev    uint32 // rows back to the previous call of the session, 0: none
	Finding uint32 // 1 + Finding.Seq (its low 32 bits) of the finding about this row, 0: none
	State   CallState
	Flags   CallFlags
	Mark    Mark // the kind of its finding, in a letter
}

// Latency is the time from request to reply in nanoseconds, -1 without one.
func (c *Call) Latency() int64 {
	if c.State != Answered || c.Replied < c.Asked {
		return -1
	}
	return c.Replied - c.Asked
}

// Is says whether all of the flags f are set.
func (c *Call) Is(f CallFlags) bool { return c.Flags&f == f }

// Calls is an immutable view of the calls that are kept: Seq in [First, End).
// It may be read from any goroutine.
type Calls struct {
	rows  Table[Call]
	first int64
}

// First is the Seq of the oldest call that is kept.
func (c Calls) First() int64 { return c.first }

// End is one more than the Seq of the newest call.
func (c Calls) End() int64 { return c.first + int64(c.rows.Len()) }

// Len is how many calls are kept.
func (c Calls) Len() int { return c.rows.Len() }

// At is the call of that Seq, nil where it is not kept. The caller must not
// write to it.
func (c Calls) At(seq int64) *Call {
	i := seq - c.first
	if i < 0 || i >= int64(c.Len()) {
		return nil
	}
	return c.rows.At(int(i))
}
