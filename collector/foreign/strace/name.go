package strace

import (
	"bytes"
	"net/netip"
)

// name is what -yy or -y says of a socket.
type name struct {
	ino         uint64
	local, peer string // addresses, or the path of a Unix socket
	peerIno     uint64 // of a Unix socket
	stream      bool   // a socket that may carry a stream; else it is none
}

// parseName reads an annotation without its brackets: "TCP:[a:1->b:2]",
// "TCPv6:[[a]:1->[b]:2]", "TCP:[88211]", "UNIX-STREAM:[88211->88212,"/path"]" or
// "socket:[88211]".
func parseName(b []byte) name {
	proto, rest, ok := bytes.Cut(b, []byte(":["))
	rest, closed := bytes.CutSuffix(rest, []byte("]"))
	if !ok || !closed {
		return name{}
	}
	switch string(proto) {
	case "TCP", "TCPv6":
		local, peer, connected := bytes.Cut(rest, []byte("->"))
		if !connected {
			return inode(rest)
		}
		n := name{local: address(local), peer: address(peer)}
		n.stream = n.local != "" && n.peer != ""
		return n
	case "UNIX", "UNIX-STREAM":
		return unixName(rest)
	case "socket":
		return inode(rest)
	}
	return name{}
}

// key is one for all the ways to write the same name, of which note is one: an
// IPv4 address may be written as one of IPv6.
func (n *name) key(note []byte) string {
	if n.local != "" && n.peer != "" {
		return n.local + ">" + n.peer
	}
	return string(note)
}

func inode(b []byte) name {
	n, digits := leadingInt(b)
	return name{ino: uint64(n), stream: digits > 0 && digits == len(b)}
}

// unixName reads "88211", "88211->88212" or either with a path: that of the
// socket itself.
func unixName(b []byte) name {
	numbers, path, _ := bytes.Cut(b, []byte(","))
	own, peer, _ := bytes.Cut(numbers, []byte("->"))
	n := inode(own)
	if k, digits := leadingInt(peer); digits > 0 && digits == len(peer) {
		n.peerIno = uint64(k)
	}
	n.local = unixPath(path)
	return n
}

// unixPath reads a quoted path, with "@" before it where it is abstract; "" is
// none.
func unixPath(b []byte) string {
	b = bytes.TrimLeft(b, " ")
	b, abstract := bytes.CutPrefix(b, []byte("@"))
	path, _, ok := text(nil, b)
	switch {
	case !ok:
		return ""
	case abstract:
		return "@" + string(path)
	}
	return string(path)
}

// address is ip:port as the session log writes it; an IPv4 address mapped into
// IPv6 is what it is. "" is none.
func address(b []byte) string {
	a, err := netip.ParseAddrPort(string(b))
	if err != nil {
		return ""
	}
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()).String()
}

// sockaddr reads the address of connect or getsockname, "" where it is of no
// stream socket or not connected:
//
//	{sa_family=AF_INET, sin_port=htons(8545), sin_addr=inet_addr("127.0.0.1")}
//	{sa_family=AF_INET6, sin6_port=htons(8545), …, inet_pton(AF_INET6, "::1", &sin6_addr), …}
//	{sa_family=AF_UNIX, sun_path="/run/geth.ipc"}
func sockaddr(b []byte) string {
	if i := bytes.Index(b, []byte("sun_path=")); i >= 0 {
		return unixPath(b[i+len("sun_path="):])
	}
	_, port, ok := bytes.Cut(b, []byte("_port=htons("))
	if !ok {
		return ""
	}
	n, digits := leadingInt(port)
	if digits == 0 || n > 0xffff {
		return ""
	}
	for _, before := range [...]string{"inet_addr(", "inet_pton(AF_INET6, "} {
		if _, quoted, ok := bytes.Cut(b, []byte(before)); ok {
			ip, _, _ := text(nil, quoted)
			if a, err := netip.ParseAddr(string(ip)); err == nil {
				return netip.AddrPortFrom(a.Unmap(), uint16(n)).String()
			}
		}
	}
	return ""
}
