package live

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strings"

	"github.com/sessiontop/sessiontop/collector/record"
)

// sampleKind is what a record of the kernel's ring tells; the numbers are those
// of bpf/ring.h.
type sampleKind uint8

const (
	sampleSent sampleKind = iota + 1
	sampleReceived
	sampleConnection
	sampleClosed
	sampleProcess
	sampleForked
	sampleExeced
	sampleExited
	sampleEncrypted // TLS that no library is seen to read or write: the connection's first
	sampleJoined    // the TLS session named off is on this connection
	sampleTaken     // what the other end of a Unix socket has read of what was sent
)

// Flags.
const (
	hasOffset = 1 << iota // sample.off is known
	plaintext             // what a TLS library was handed, or returned
	unjoined              // sample.cookie names a TLS session, whose connection is not known yet
	first                 // none before these bytes is told in their direction
	guessed               // sample.off was counted when the call had ended: others may have come in between
	shared                // several processes may write to this Unix socket: what the other end reads of it is told
)

// sample is one record of the ring.
type sample struct {
	kind    sampleKind
	flags   uint8
	mono    int64 // CLOCK_MONOTONIC, nanoseconds
	cookie  uint64
	off     int64
	pid     int32
	tid     int32
	missing int    // bytes after data that could not be read
	lost    uint32 // records of the connection that found no room so far
	data    []byte // valid until the next record is read
}

const headerSize = 48

// parseSample reads a record; false where it is none.
func parseSample(b []byte) (sample, bool) {
	if len(b) < headerSize {
		return sample{}, false
	}
	le := binary.LittleEndian
	size := int(le.Uint32(b[4:]))
	if size > len(b)-headerSize {
		return sample{}, false
	}
	return sample{
		kind: sampleKind(b[0]), flags: b[1],
		mono: int64(le.Uint64(b[8:])), cookie: le.Uint64(b[16:]), off: int64(le.Uint64(b[24:])),
		pid: int32(le.Uint32(b[32:])), tid: int32(le.Uint32(b[36:])),
		missing: int(le.Uint32(b[40:])), lost: le.Uint32(b[44:]),
		data: b[headerSize : headerSize+size],
	}, true
}

const (
	afUnix  = 1
	afInet  = 2
	afInet6 = 10
)

// endpoints is what a connection sample tells of a socket.
type endpoints struct {
	conn      record.Conn
	opened    int64 // CLOCK_MONOTONIC, 0: not seen
	opener    int32 // 0: not seen
	localPort uint16
	peerPort  uint16
	unix      bool
	listens   bool
	server    bool // a Unix socket of the side that listens
}

const connectionSize = 280

// parseConnection reads the data of a connection sample.
func parseConnection(cookie uint64, b []byte) (endpoints, bool) {
	if len(b) < connectionSize {
		return endpoints{}, false
	}
	le := binary.LittleEndian
	family := le.Uint16(b[20:])
	e := endpoints{
		conn:   record.Conn{Cookie: cookie, Ino: le.Uint64(b)},
		opened: int64(le.Uint64(b[8:])), opener: int32(le.Uint32(b[16:])),
		localPort: le.Uint16(b[22:]), peerPort: le.Uint16(b[24:]),
		unix: family == afUnix, listens: le.Uint16(b[30:]) != 0,
	}
	switch family {
	case afInet, afInet6:
		e.conn.Local = address(family, b[32:48], e.localPort)
		e.conn.Peer = address(family, b[48:64], e.peerPort)
	case afUnix:
		e.conn.Local = unixPath(b[64:172], le.Uint16(b[26:]))
		e.conn.Peer = unixPath(b[172:280], le.Uint16(b[28:]))
		e.server = e.conn.Local != "" && e.conn.Peer == ""
	}
	return e, true
}

// address is ip:port; an IPv4 address mapped into IPv6 is written as what it is.
func address(family uint16, b []byte, port uint16) string {
	if family == afInet {
		b = b[:4]
	}
	ip, _ := netip.AddrFromSlice(b)
	return netip.AddrPortFrom(ip.Unmap(), port).String()
}

// unixPath is the path of a Unix socket; "@" stands for the zero byte that
// abstract names begin with.
func unixPath(b []byte, n uint16) string {
	b = b[:min(int(n), len(b))]
	if len(b) > 0 && b[0] == 0 {
		return "@" + strings.ReplaceAll(string(b[1:]), "\x00", "@")
	}
	b, _, _ = bytes.Cut(b, []byte{0})
	return string(b)
}

// origin is what a process sample tells.
type origin struct {
	start  uint64 // clock ticks since boot, as in /proc/PID/stat
	parent int32
	code   int // exit status, or minus the signal
	comm   string
}

const (
	processSize = 32
	tickNanos   = 1e9 / 100 // USER_HZ is 100 on every architecture that this runs on
)

// parseProcess reads the data of a process sample.
func parseProcess(b []byte) (origin, bool) {
	if len(b) < processSize {
		return origin{}, false
	}
	le := binary.LittleEndian
	comm, _, _ := bytes.Cut(b[16:32], []byte{0})
	return origin{
		start:  le.Uint64(b) / tickNanos,
		parent: int32(le.Uint32(b[8:])),
		code:   exitCode(le.Uint32(b[12:])),
		comm:   string(comm),
	}, true
}

// exitCode is a wait status (wait(2)) as the session log has it.
func exitCode(status uint32) int {
	if signal := status & 0x7f; signal != 0 {
		return -int(signal)
	}
	return int(status >> 8 & 0xff)
}
