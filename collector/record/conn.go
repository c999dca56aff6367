package record

import (
	"net"
	"syscall"
)

// ConnOf describes a connection: both ends, and where the system tells them
// the socket's inode (Unix) and its kernel cookie (Linux). A connection that
// wraps another and says so with NetConn, as tls.Conn does, is described by
// what it wraps. The descriptor is only looked at.
func ConnOf(c net.Conn) Conn {
	for {
		wrapped, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		c = wrapped.NetConn()
	}
	var conn Conn
	if a := c.LocalAddr(); a != nil {
		conn.Local = a.String()
	}
	if a := c.RemoteAddr(); a != nil {
		conn.Peer = a.String()
	}
	if sc, ok := c.(syscall.Conn); ok {
		if raw, err := sc.SyscallConn(); err == nil {
			// A closed connection has no number any more: the ends must do.
			_ = raw.Control(func(fd uintptr) { conn.Ino, conn.Cookie = socketNumbers(int(fd)) })
		}
	}
	return conn
}
