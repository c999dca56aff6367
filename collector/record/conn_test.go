package record_test

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/sessiontop/sessiontop/collector/record"
)

func pair(t *testing.T, network, addr string) (client, server net.Conn) {
	t.Helper()
	l, err := net.Listen(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err = net.Dial(network, l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	server, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return client, server
}

func TestConnOf(t *testing.T) {
	client, server := pair(t, "tcp", "127.0.0.1:0")
	a, b := record.ConnOf(client), record.ConnOf(server)
	if a.Local != client.LocalAddr().String() || a.Local != b.Peer || a.Peer != b.Local {
		t.Errorf("client %+v, server %+v", a, b)
	}
	if again := record.ConnOf(client); again != a {
		t.Errorf("described as %+v, then as %+v", a, again)
	}
	if inTLS := record.ConnOf(tls.Client(client, &tls.Config{})); inTLS != a {
		t.Errorf("inside TLS %+v, want %+v", inTLS, a)
	}
}

func TestConnOfKnowsTheSocket(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux numbers sockets")
	}
	client, server := pair(t, "tcp", "127.0.0.1:0")
	a, b := record.ConnOf(client), record.ConnOf(server)
	if a.Ino == 0 || a.Cookie == 0 || a.Ino == b.Ino || a.Cookie == b.Cookie {
		t.Fatalf("client %+v, server %+v", a, b)
	}
	// A second descriptor of the same socket, as a child would have it.
	file, err := client.(*net.TCPConn).File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if link, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", file.Fd())); err != nil || link != fmt.Sprintf("socket:[%d]", a.Ino) {
		t.Errorf("/proc says %q (%v), want inode %d", link, err, a.Ino)
	}
	inherited, err := net.FileConn(file)
	if err != nil {
		t.Fatal(err)
	}
	defer inherited.Close()
	if c := record.ConnOf(inherited); c != a {
		t.Errorf("inherited %+v, want %+v", c, a)
	}
}

func TestConnOfAUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "geth.ipc")
	client, _ := pair(t, "unix", path)
	if c := record.ConnOf(client); c.Peer != path {
		t.Errorf("peer %q, want %q", c.Peer, path)
	}
}

func TestConnOfAClosedConnection(t *testing.T) {
	client, _ := pair(t, "tcp", "127.0.0.1:0")
	want := record.ConnOf(client)
	client.Close()
	if c := record.ConnOf(client); c.Local != want.Local || c.Ino != 0 {
		t.Errorf("closed: %+v, before: %+v", c, want)
	}
}
