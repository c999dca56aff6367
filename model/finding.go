package model

// FindingKind is what went wrong. The words and their meaning are fixed.
type FindingKind uint8

const (
	NoFinding FindingKind = iota
	SharedSession
	InheritedSession
	SwappedReply
	WrongID
	WrongType
	WrongEcho
	StaleReply
	DuplicateID
	DuplicateReply
	UnsolicitedReply
	LostReply
	TornMessage
	BadMessage
	BatchMismatch
	findingKinds // how many there are
)

// FindingKinds lists every kind, in the order of their table.
func FindingKinds() []FindingKind {
	all := make([]FindingKind, 0, findingKinds-1)
	for k := SharedSession; k < findingKinds; k++ {
		all = append(all, k)
	}
	return all
}

func (k FindingKind) String() string {
	return [...]string{"none", "shared-session", "inherited-session", "swapped-reply", "wrong-id",
		"wrong-type", "wrong-echo", "stale-reply", "duplicate-id", "duplicate-reply",
		"unsolicited-reply", "lost-reply", "torn-message", "bad-message", "batch-mismatch"}[k]
}

// Severity of the kind.
func (k FindingKind) Severity() Severity {
	switch k {
	case NoFinding:
		return SeverityNone
	case InheritedSession, DuplicateID:
		return Warning
	}
	return Error
}

// Mark is the kind in one letter, for a column; ' ' is none.
func (k FindingKind) Mark() Mark {
	return [...]Mark{' ', 'S', 's', 'R', 'I', 'T', 'E', 'A', 'd', 'D', 'O', 'L', 'X', 'B', 'b'}[k]
}

// Mark is a FindingKind in one letter.
type Mark byte

// Severity is how bad a finding is.
type Severity uint8

const (
	SeverityNone Severity = iota
	Warning
	Error
)

func (s Severity) String() string { return [...]string{"none", "warning", "error"}[s] }

// Certainty is how sure a finding is of what it says.
type Certainty uint8

const (
	Possible Certainty = iota // several assignments are consistent
	Inferred                  // exactly one consistent assignment
	Proven                    // byte order of the wire, or id and echo leave one owner
)

func (c Certainty) String() string { return [...]string{"possible", "inferred", "proven"}[c] }

// Evidence is a set of reasons.
type Evidence uint8

const (
	EvidenceWire Evidence = 1 << iota
	EvidenceID
	EvidenceType
	EvidenceEcho
)

// Names lists the reasons of the set in their fixed order.
func (e Evidence) Names() []string {
	var names []string
	for i, n := range [...]string{"wire", "id", "type", "echo"} {
		if e&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return names
}

// CallRef is what a finding keeps of a call, so that it outlives the call.
type CallRef struct {
	Seq    int64 // of its row in Snapshot.Calls; -1: there is no call
	Time   int64 // when it was sent
	Origin Origin
	ID     ID
	Proc   ProcID
	Method Sym
}

// Known says that there is such a call.
func (c *CallRef) Known() bool { return c.Seq >= 0 }

// Finding is something wrong, with its evidence. Exactly one stands for each
// mismatched reply; shared-session and inherited-session are one per session.
type Finding struct {
	Seq       uint64  // identity, from 0; a revised finding keeps it
	Time      int64   // when the reply was read, or the sharing seen
	Call      CallRef // the call that the reader took the reply for
	Owner     CallRef // the call that the reply answers
	Reply     Origin
	ReplyID   ID // as the reply names it
	Session   SessionID
	Reader    ProcID
	Other     ProcID // lost-reply: who swallowed it; torn-message: who read the rest; shared and inherited session: the first sharer or holder; else NoProc
	Count     uint32 // how often it was seen: replies of a shared session that went astray; else 1
	Last      int64  // last time it was seen
	Detail    Why    // bad-message, torn-message: what is wrong
	Lag       int32  // stale-reply: how many calls late
	Code      int32  // torn-message: the server's error code
	Kind      FindingKind
	Certainty Certainty
	Evidence  Evidence
	Cause     FindingKind // the kind of finding that caused it: SharedSession, StaleReply, NoFinding …
	Void      bool        // revised away: no finding after all
}

// Severity of the finding: of its kind.
func (f *Finding) Severity() Severity { return f.Kind.Severity() }

// Misread says that findings of the kind are about one reply that was not its
// reader's, or no proper reply.
func (k FindingKind) Misread() bool {
	switch k {
	case NoFinding, SharedSession, InheritedSession, DuplicateID, LostReply:
		return false
	}
	return true
}
