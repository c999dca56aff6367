package live

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// States of a TCP socket, as /proc/net/tcp has them.
const (
	tcpEstablished = 1
	tcpCloseWait   = 8
	tcpListen      = 10
)

// tcpRow is a row of /proc/PID/net/tcp or tcp6 (proc_pid_net(5)).
type tcpRow struct {
	local, peer netip.AddrPort
	state       uint64
	ino         uint64
}

// tcpSockets adds the client's ends of TCP connections in the network namespace
// of a process. The kernel's other list, sock_diag, knows its reader's
// namespace alone.
func tcpSockets(pid int32, to map[uint64]*Socket) {
	var rows []tcpRow
	for _, name := range []string{"tcp", "tcp6"} {
		f, err := os.Open(fmt.Sprintf("/proc/%d/net/%s", pid, name))
		if err != nil {
			continue // it has ended, or there is no IPv6
		}
		rows = append(rows, tcpRows(f)...)
		f.Close()
	}
	listening := map[uint16]bool{}
	for _, r := range rows {
		if r.state == tcpListen {
			listening[r.local.Port()] = true
		}
	}
	for _, r := range rows {
		if r.state != tcpEstablished && r.state != tcpCloseWait || listening[r.local.Port()] || r.ino == 0 {
			continue
		}
		e := endpoints{peerPort: r.peer.Port()}
		to[r.ino] = &Socket{Ino: r.ino, Local: r.local.String(), Peer: r.peer.String(), Likely: e.rpcLooking()}
	}
}

// tcpRows reads the table; what is no row is passed over.
func tcpRows(table io.Reader) []tcpRow {
	var rows []tcpRow
	lines := bufio.NewScanner(table)
	for lines.Scan() {
		const local, peer, state, ino = 1, 2, 3, 9
		f := strings.Fields(lines.Text())
		if len(f) <= ino {
			continue
		}
		r := tcpRow{}
		var errs [4]error
		r.local, errs[0] = hexAddrPort(f[local])
		r.peer, errs[1] = hexAddrPort(f[peer])
		r.state, errs[2] = strconv.ParseUint(f[state], 16, 8)
		r.ino, errs[3] = strconv.ParseUint(f[ino], 10, 64)
		if errs == [4]error{} {
			rows = append(rows, r)
		}
	}
	return rows
}

// hexAddrPort reads an address as 32-bit words of the host's byte order, each
// in hexadecimal, ":" and the port.
func hexAddrPort(text string) (netip.AddrPort, error) {
	words, digits, _ := strings.Cut(text, ":")
	b, err := hex.DecodeString(words)
	if err != nil {
		return netip.AddrPort{}, err
	}
	for w := b; len(w) >= 4; w = w[4:] {
		binary.NativeEndian.PutUint32(w, binary.BigEndian.Uint32(w))
	}
	ip, ok := netip.AddrFromSlice(b)
	if !ok {
		return netip.AddrPort{}, fmt.Errorf("%q is no address", text)
	}
	port, err := strconv.ParseUint(digits, 16, 16)
	return netip.AddrPortFrom(ip.Unmap(), uint16(port)), err
}
