package live

// Candidate is a running process that may be worth watching.
type Candidate struct {
	PID     int32
	PPID    int32
	NSPID   int32  // as the process itself counts it, where that differs; else 0
	Start   uint64 // clock ticks since boot
	Comm    string
	Command string   // its arguments, as far as they can be read
	Sockets []Socket // its connections as a client, in the order of their inodes
}

// Socket is a connection that a process holds.
type Socket struct {
	Ino    uint64
	Local  string  // ip:port, or the path of a Unix socket; "" where it has none
	Peer   string  // ip:port, or the path of the Unix socket that it is connected to
	PIDs   []int32 // all processes that hold it, ascending
	Likely bool    // the peer has a port or a path that JSON-RPC servers use
}

// Shared says whether several processes hold the socket.
func (s *Socket) Shared() bool { return len(s.PIDs) > 1 }
