package wire

import "iter"

// Proto is how a connection frames its messages.
type Proto uint8

const (
	Unknown    Proto = iota
	HTTP1            // HTTP/1.0, HTTP/1.1
	HTTP2            // HTTP/2
	WebSocket        // RFC 6455
	JSONStream       // JSON values one after another, as on a node's IPC socket
	LSP              // Content-Length header, blank line, body
)

// String is the protocol's name.
func (p Proto) String() string {
	names := [...]string{"unknown", "HTTP/1.1", "HTTP/2", "WebSocket", "JSON", "Content-Length"}
	if int(p) >= len(names) {
		p = Unknown
	}
	return names[p]
}

// Flags are the yes-or-no facts of a Message.
type Flags uint8

const (
	RPC       Flags = 1 << iota // part of a JSON-RPC conversation: a request that says so, its reply, or what follows on that connection
	NotJSON                     // Body is no JSON value
	Malformed                   // the framing is broken; Body is the bytes as they are
	Undecoded                   // Body is still compressed: an encoding not known here, damaged, or its context lost
	Truncated                   // bytes of the body are missing: see Missing
	Gap                         // bytes of this direction were lost within the message
	Cut                         // the connection ended before the message did
)

// Stamp is when something happened.
type Stamp struct {
	Time int64 // wall clock, Unix nanoseconds
	Mono int64 // CLOCK_MONOTONIC nanoseconds, 0: not known
}

// Piece is a part of a message that one thread moved.
type Piece struct {
	First Stamp // of the write or read with the piece's first byte
	Last  Stamp // … with its last byte
	Off   int64 // offset of the piece's first byte, counted as in Message.Off
	Len   int64 // bytes, those of the framing included; not those that others wrote in between
	PID   int32
	TID   int32
}

// Message is one message of a connection: its framing taken off, its encoding
// removed. Body and Pieces are valid until emit returns.
type Message struct {
	Conn    uint64
	Off     int64   // offset of the first byte, that of the header included
	End     int64   // offset after the last byte
	BodyOff int64   // offset of Body's first byte where Body stands in the stream as it is, else -1
	Missing int64   // bytes of the body, as framed, that are missing after Body
	Body    []byte  // decoded
	Pieces  []Piece // in the order of the stream; what nobody was seen to move is in none
	First   Stamp   // of the write or read with the first byte
	Last    Stamp   // … with the last byte
	Agent   string  // client library and version, as HTTP/1 requests on the connection say: "web3.py/6.15.1"
	Status  int     // HTTP status of a reply, 0: not known
	Stream  uint32  // HTTP/2 stream
	Dir     Dir
	Proto   Proto
	Flags   Flags
	HasOff  bool // Off is the connection's own; else it counts the bytes seen here
}

// Parts are the message's pieces, those in a row of one process as one.
func (m *Message) Parts() iter.Seq[Piece] {
	return func(yield func(Piece) bool) {
		for i := 0; i < len(m.Pieces); {
			p := m.Pieces[i]
			for i++; i < len(m.Pieces) && m.Pieces[i].PID == p.PID; i++ {
				next := &m.Pieces[i]
				p.Last, p.TID, p.Len = next.Last, next.TID, next.Off+next.Len-p.Off
			}
			if !yield(p) {
				return
			}
		}
	}
}

// Torn is whether more than one process moved parts of the message.
func (m *Message) Torn() bool {
	for i := 1; i < len(m.Pieces); i++ {
		if m.Pieces[i].PID != m.Pieces[0].PID {
			return true
		}
	}
	return false
}
