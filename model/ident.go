package model

import (
	"strconv"
	"strings"
)

// ProcInfo is what one line says of the process that wrote it. It is immutable
// once it stands in an Event; a decoder shares one among many events.
type ProcInfo struct {
	Host  string // machine; "" is this one
	Comm  string // process name; "" where the line does not say
	PID   int32  // as the kernel counts
	PPID  int32  // 0: not said
	NSPID int32  // as the process itself counts it, in a PID namespace of its own; 0: not said
	Start uint64 // start time in clock ticks since boot; 0: not said
}

// ConnInfo is what one line says of its session. It is immutable once it
// stands in an Event; a decoder shares one among many events.
type ConnInfo struct {
	Key    SessionKey // which session this is (see Identify)
	Alias  SessionKey // a weaker name for the same connection, zero if none
	Cookie uint64     // socket cookie, 0: not said
	Ino    uint64     // socket inode, 0: not said
	Local  string     // ip:port of the client's end, or a Unix socket's path
	Peer   string     // ip:port of the server's end, or a Unix socket's path
	URL    string     // endpoint, secrets redacted
	Name   string     // the client's own name of its session ("sess")
	Client string     // library and version where the recorder knows it ("web3.py/6.15.1")
	Opener int32      // PID that opened the connection, 0: not said
}

// SessionKey names a session: how it is known, and a digest of that name. The
// zero key is no session.
type SessionKey struct {
	By     KeyBy
	Digest uint64
}

// KeyBy is what a session is known by, strongest first (session log, "Which
// session a line belongs to").
type KeyBy uint8

const (
	ByNothing  KeyBy = iota
	ByCookie         // socket cookie: never used again
	ByInode          // inode and local address
	ByAddrs          // local and peer address
	ByName           // the client's own name: no proof of one connection
	ByEndpoint       // PID and URL: one session per process and endpoint
)

// Wire says whether the key names one connection, so that wire order holds.
func (b KeyBy) Wire() bool { return b == ByCookie || b == ByInode || b == ByAddrs }

// Identify sets Key and Alias from the other fields, the host and the PID, by
// the session log's rule: the first of cookie; inode with local; local with
// peer; the client's own name; else PID and URL.
func (c *ConnInfo) Identify(host string, pid int32) {
	addrs := SessionKey{}
	if c.Local != "" && c.Peer != "" {
		addrs = SessionKey{ByAddrs, digest(host, c.Local, c.Peer)}
	}
	inode := SessionKey{}
	if c.Ino != 0 && c.Local != "" {
		inode = SessionKey{ByInode, digest(host, c.Local, strconv.FormatUint(c.Ino, 16))}
	}
	c.Alias = SessionKey{}
	switch {
	case c.Cookie != 0:
		c.Key = SessionKey{ByCookie, digest(host, strconv.FormatUint(c.Cookie, 16))}
		if c.Alias = inode; inode.By == ByNothing {
			c.Alias = addrs
		}
	case inode.By != ByNothing:
		c.Key, c.Alias = inode, addrs
	case addrs.By != ByNothing:
		c.Key = addrs
	case c.Name != "":
		c.Key = SessionKey{ByName, digest(host, c.Name)}
	default:
		c.Key = SessionKey{ByEndpoint, digest(host, strconv.Itoa(int(pid)), c.URL)}
	}
}

// oneConnection says whether the session is one connection: its key names one,
// or it is a process's standard input and output, of which there is one.
func (c *ConnInfo) oneConnection() bool {
	return c.Key.By.Wire() || c.Key.By == ByEndpoint && strings.HasPrefix(c.URL, "stdio:")
}

// Label is the session's name on a screen: "local>peer", else the client's own
// name, else the endpoint.
func (c *ConnInfo) Label() string {
	switch {
	case c.Local != "" && c.Peer != "":
		return c.Local + ">" + c.Peer
	case c.Local != "":
		return c.Local
	case c.Peer != "":
		return ">" + c.Peer
	case c.Name != "":
		return c.Name
	case c.URL != "":
		return c.URL
	case c.Cookie != 0:
		return "cookie:" + strconv.FormatUint(c.Cookie, 10)
	}
	return "?"
}

// Endpoint is the server of the session: its URL, else the peer's address.
func (c *ConnInfo) Endpoint() string {
	if c.URL != "" {
		return c.URL
	}
	return c.Peer
}

// Transport is how messages travel, as far as the line shows it.
func (c *ConnInfo) Transport() Transport {
	switch {
	case strings.HasPrefix(c.URL, "ws://"), strings.HasPrefix(c.URL, "wss://"):
		return WebSocket
	case strings.HasPrefix(c.URL, "http://"), strings.HasPrefix(c.URL, "https://"):
		return HTTP
	case strings.HasPrefix(c.URL, "h2://"), strings.HasPrefix(c.URL, "h2c://"):
		return HTTP2
	case strings.HasPrefix(c.URL, "ipc:"), strings.HasPrefix(c.URL, "unix:"),
		strings.HasPrefix(c.URL, "stdio:"), strings.HasSuffix(c.URL, ".ipc"),
		strings.HasPrefix(c.Peer, "/"), strings.HasPrefix(c.Local, "/"), strings.HasPrefix(c.Peer, "@"):
		return IPC
	}
	return HTTP
}

// Transport is how the messages of a session travel.
type Transport uint8

const (
	HTTP      Transport = iota // HTTP/1.1: one call at a time, replies in wire order
	WebSocket                  // multiplexed: replies in any order, matched by id
	IPC                        // Unix socket or pipe: multiplexed as well
	HTTP2                      // multiplexed; a stream a call, so ids may be alike
)

// Multiplexed says whether replies may come in any order.
func (t Transport) Multiplexed() bool { return t != HTTP }

func (t Transport) String() string {
	return [...]string{"http", "ws", "ipc", "h2"}[t]
}

// ID is a JSON-RPC id. Two ids are the same value exactly when they are ==.
// The text of a string or fractional id stands in the message; Digest tells
// such ids apart.
type ID struct {
	Kind IDKind
	Val  uint64 // IDInt: the number (two's complement); IDText: digest of the raw JSON text
}

// IDKind is the JSON type of an id.
type IDKind uint8

const (
	IDAbsent IDKind = iota
	IDNull
	IDInt
	IDText // a string, or a number that is no 64-bit integer
)

// IntID is the id of the integer n.
func IntID(n int64) ID { return ID{IDInt, uint64(n)} }

// TextID is the id whose raw JSON text is raw (with quotes where a string).
func TextID(raw []byte) ID { return ID{IDText, Digest(raw)} }

// String is the id as JSON where the ID itself knows it, else "".
func (id ID) String() string {
	switch id.Kind {
	case IDNull:
		return "null"
	case IDInt:
		return strconv.FormatInt(int64(id.Val), 10)
	}
	return ""
}
