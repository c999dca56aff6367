package synth

// Truth is what really happened.
type Truth struct {
	Lines    uint64    `json:"lines"`
	Calls    uint64    `json:"calls"`
	Served   uint64    `json:"served"`
	Read     uint64    `json:"read"`    // replies, also those whose line is not in the log
	Notices  uint64    `json:"notices"` // notifications that were read
	Replies  []Reply   `json:"replies"`
	Lost     []Lost    `json:"lost"`
	Repeated []*Call   `json:"repeated"` // that were sent with an id that was in flight
	Sessions []Session `json:"sessions"`
}

// Line is where a line stands: its file, its offset and its length in bytes.
// The Offset of a line that is not in the log is -1.
type Line struct {
	File   string `json:"file"`
	Offset int64  `json:"offset"`
	Len    int    `json:"len"`
}

// Call is one request, or a batch.
type Call struct {
	Line
	Host   string `json:"host,omitempty"`
	PID    int    `json:"pid"`
	ID     int64  `json:"id"`
	Method string `json:"method"`
}

// Reply is one line with which a process read a reply.
type Reply struct {
	Line
	Host  string `json:"host,omitempty"`
	PID   int    `json:"pid"`
	Took  *Call  `json:"took"`           // the call that the reader took it for, nil: none
	Owner *Call  `json:"owner"`          // the call that it answers, nil: none
	Kind  string `json:"kind,omitempty"` // of the finding that is due, "": none
	// Twin says that the reply which the reader should have got has the same
	// bytes: no one who looks at messages alone can know of the exchange.
	Twin bool `json:"twin,omitempty"`
}

// Astray says that the reply answers another call than its reader's.
func (r *Reply) Astray() bool { return r.Took != r.Owner }

// Lost is a call whose reply its process will never read.
type Lost struct {
	Call  *Call `json:"call"`
	Thief int   `json:"thief,omitempty"` // PID that read it, or swallowed it
}

// Session is one connection, or what a process calls its session.
type Session struct {
	Host   string `json:"host,omitempty"`
	Local  string `json:"local,omitempty"`
	Cookie uint64 `json:"cookie,omitempty"`
	Name   string `json:"name,omitempty"`
	URL    string `json:"url"`
	Opener int    `json:"opener"`
	Users  []int  `json:"users"`          // that sent or received on it, in order of first use
	Held   []int  `json:"holders"`        // that held it at any time and did not use it
	Kind   string `json:"kind,omitempty"` // of the finding that is due
}
