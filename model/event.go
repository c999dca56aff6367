package model

// EventKind is what a process did.
type EventKind uint8

const (
	Send  EventKind = iota + 1 // wrote a message
	Recv                       // read a message
	Fail                       // gave up on a call
	Open                       // opened a connection
	Close                      // closed a connection
	Fork                       // has a child
	Exec                       // became another program
	Exit                       // ended
	Lost                       // its writer dropped events here
)

// EventFlags are the yes-or-no facts of an Event.
type EventFlags uint16

const (
	Partial   EventFlags = 1 << iota // only some of the message's bytes
	IsBatch                          // the message is a JSON-RPC batch
	NotJSON                          // the body was no JSON (logged as "raw")
	HasOff                           // Off is known
	Rest                             // … and the first of its bytes are not among them (Partial)
	Late                             // came after the reorder window had passed it
	Gapped                           // lines of its file are missing just before it
	Before                           // Open, Fork: it was before the log began, nobody knows when
	OffAtMost                        // Off is not known, but is not greater than this; Size is known
)

// Origin is where something was read: a source, an offset in it, a length, the
// last two in bytes of the decompressed source. Len 0 is nowhere.
type Origin struct {
	Offset int64
	Source uint32
	Len    uint32
}

// Event is one line of a session log in memory. Its bodies stay where they
// were read; what matching needs of them stands in the Messages.
type Event struct {
	Time   int64     // wall clock, Unix nanoseconds
	Mono   int64     // CLOCK_MONOTONIC nanoseconds, 0: not said
	Off    int64     // offset of the message in that direction of the connection (HasOff, OffAtMost)
	Size   int64     // bytes that it takes there, 0: not said
	Origin Origin    // the whole line
	Proc   *ProcInfo // who; never nil
	Conn   *ConnInfo // on which session; never nil for Send, Recv, Fail, Open, Close
	N      int64     // Fork: the child's PID; Exit: the status, minus the signal, or NoCode; Lost: how many, 0: not known
	Msg    uint32    // first of this event's messages in Batch.Messages
	NMsg   uint32    // how many: 1, or the items of a batch; Fail: 1 (the id), or 0
	TID    int32     // native thread id, 0: not said
	Seq    uint32    // the line's number in its file, modulo 2^32, 0: not said
	Err    Sym       // Fail: why
	Status uint16    // Recv: HTTP status, 0: not said
	Kind   EventKind
	Flags  EventFlags
}

// MsgKind is what a JSON-RPC 2.0 message is.
type MsgKind uint8

const (
	Invalid      MsgKind = iota // no JSON-RPC 2.0 message; Message.Why says why
	Request                     // a call: method and id
	Notification                // a method without an id
	Result                      // a reply with a result
	ErrorReply                  // a reply with an error
)

// Why says what is wrong with an Invalid message.
type Why uint8

const (
	WhyNotJSON    Why = iota + 1 // the bytes are no JSON
	WhyNotObject                 // JSON, but no object
	WhyBoth                      // both result and error
	WhyNeither                   // neither method, result nor error
	WhyNullResult                // a result whose id is null or absent
	WhyEmptyBatch                // [] is no batch
	WhyBadID                     // the id is no string, number or null
	WhyPartial                   // only part of a message was read
	WhyHTTP                      // an HTTP error status with a body that is no JSON-RPC
)

// Text is the reason in words.
func (w Why) Text() string {
	return [...]string{"", "not JSON", "not an object", "both result and error",
		"neither a method nor a result nor an error", "a result with no id", "an empty batch",
		"an id that is no string, number or null", "part of a message", "an HTTP error"}[w]
}

// Message is one JSON-RPC message, or one item of a batch.
type Message struct {
	ID     ID
	Print  Fingerprint // Request: what its reply must be; Result: what it is
	At     uint32      // where the message's JSON starts, in bytes from the line's start
	Len    uint32      // its length in bytes
	Code   int32       // ErrorReply: error.code
	Method Sym         // Request, Notification
	Kind   MsgKind
	Why    Why // Invalid
}

// Batch is what a source hands over at once: events in the order in which they
// are to be applied, their messages, and news of the sources themselves. The
// model keeps none of the slices.
type Batch struct {
	Events   []Event
	Messages []Message
	Sources  []SourceStat // those that changed; whole, not differences
}

// SourceStat is how far one source has been read and what could not be. It is
// kept by the collector and shown by the UI.
type SourceStat struct {
	ID        uint32
	Name      string // short, for a screen
	Path      string
	Size      int64  // bytes there are, 0: unknown
	Read      int64  // bytes read
	Lines     uint64 // lines read, malformed ones included
	Malformed uint64 // lines that could not be used
	Lost      uint64 // lines missing by "seq" or reported by the writer
	Late      uint64 // events applied after the reorder window had passed them
	BadOffset int64  // where the first unusable line starts
	BadReason string // and why it is one; "" if there is none
	Err       string // why the source can't be read now; "" if it can
	Done      bool   // nothing more will come
	Waiting   bool   // there is nothing yet; it is read when it appears. With Read > 0: it is not known yet whose log it is
	Gone      bool   // there is nothing to say of it any more: the row is dropped
}
