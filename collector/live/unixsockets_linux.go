package live

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/sessiontop/sessiontop/collector/record"
)

// The kernel's list of Unix sockets, sock_diag(7): only it says who is
// connected to whom.

const (
	unixDiagName = 0 // attributes of a reply
	unixDiagPeer = 2

	showName = 1 // what to show
	showPeer = 4

	establishedOnly = 1 << tcpEstablished
	diagHeaderSize  = 16 // struct unix_diag_msg
)

// unixEnd is one end of a connection of Unix stream sockets.
type unixEnd struct {
	path string
	peer uint32 // the inode of the other
}

// unixSockets adds the client's ends of Unix stream connections to sockets with
// a path. The kernel lists those of one network namespace at a time, of others
// than the own only for those with CAP_SYS_ADMIN; a connection may lead from one
// into another. There are none where the kernel was built, or runs, without the
// module unix_diag.
func unixSockets(spaces map[string]int32, to map[uint64]*Socket) error {
	ends := map[uint32]unixEnd{}
	own, _ := os.Readlink("/proc/self/ns/net") // without it, no other is asked
	if err := unixEnds(ends); err != nil {
		return err
	}
	for space, pid := range spaces {
		if own == "" || space == own {
			continue
		}
		err := inNetworkOf(pid, func() error { return unixEnds(ends) })
		if err != nil && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for ino, e := range ends {
		server := ends[e.peer].path
		if e.path != "" || server == "" {
			continue
		}
		p := endpoints{unix: true, conn: record.Conn{Peer: server}}
		to[uint64(ino)] = &Socket{Ino: uint64(ino), Peer: server, Likely: p.rpcLooking()}
	}
	return nil
}

// inNetworkOf runs f in the network namespace of a process (setns(2)).
func inNetworkOf(pid int32, f func() error) error {
	ns, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", pid))
	if err != nil {
		return err
	}
	defer ns.Close()
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // for ever: the thread is not used for anything else
		if err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err != nil {
			done <- fmt.Errorf("entering a network namespace: %w", err)
			return
		}
		done <- f()
	}()
	return <-done
}

// unixEnds adds the ends in this network namespace, by their inodes.
func unixEnds(ends map[uint32]unixEnd) error {
	messages, err := unixDiag()
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("listing Unix sockets: %w", err)
	}
	for _, m := range messages {
		if len(m.Data) < diagHeaderSize || m.Data[1] != unix.SOCK_STREAM {
			continue
		}
		e := unixEnd{}
		eachAttribute(m.Data[diagHeaderSize:], func(kind uint16, value []byte) {
			switch {
			case kind == unixDiagName:
				e.path = unixPath(value, uint16(len(value)))
			case kind == unixDiagPeer && len(value) == 4:
				e.peer = binary.NativeEndian.Uint32(value)
			}
		})
		ends[binary.NativeEndian.Uint32(m.Data[4:])] = e
	}
	return nil
}

// unixDiag asks for all connected sockets.
func unixDiag() ([]syscall.NetlinkMessage, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	ne := binary.NativeEndian
	req := make([]byte, 16+24) // struct nlmsghdr, struct unix_diag_req
	ne.PutUint32(req, uint32(len(req)))
	ne.PutUint16(req[4:], unix.SOCK_DIAG_BY_FAMILY)
	ne.PutUint16(req[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	req[16] = unix.AF_UNIX
	ne.PutUint32(req[20:], establishedOnly)
	ne.PutUint32(req[28:], showName|showPeer)
	if err := unix.Sendto(fd, req, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil, err
	}
	var all []syscall.NetlinkMessage
	buf := make([]byte, 64<<10)
	for {
		n, _, err := unix.Recvfrom(fd, buf, 0)
		if err != nil {
			return nil, err
		}
		messages, err := syscall.ParseNetlinkMessage(append([]byte(nil), buf[:n]...))
		if err != nil {
			return nil, err
		}
		for _, m := range messages {
			switch m.Header.Type {
			case unix.NLMSG_DONE:
				return all, nil
			case unix.NLMSG_ERROR:
				return nil, refusal(m.Data)
			}
			all = append(all, m)
		}
	}
}

// refusal is the error in a message of type NLMSG_ERROR, which begins with the
// negative errno (netlink(7)).
func refusal(data []byte) error {
	if len(data) < 4 {
		return errors.New("the kernel refuses the request")
	}
	return unix.Errno(-int32(binary.NativeEndian.Uint32(data)))
}

// eachAttribute calls f for each netlink attribute in b.
func eachAttribute(b []byte, f func(kind uint16, value []byte)) {
	for len(b) >= unix.SizeofRtAttr {
		n := int(binary.NativeEndian.Uint16(b))
		if n < unix.SizeofRtAttr || n > len(b) {
			return
		}
		f(binary.NativeEndian.Uint16(b[2:]), b[unix.SizeofRtAttr:n])
		b = b[min((n+3)&^3, len(b)):]
	}
}
