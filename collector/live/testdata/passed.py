"""Two processes that come to share one connection in one of the ways there are.

usage: passed.py WAY ADDRESS CALLS LOG [LOCALPORT]

WAY is dup (the connection is duplicated, the first descriptor closed, then
forked), exec (inherited by another program), scm (SCM_RIGHTS over a Unix
socket), pidfd (pidfd_getfd), fork, or stranger: SCM_RIGHTS to a process that
is no descendant, after a call. ADDRESS is HOST PORT, with a HOST of IPv4,
IPv6 or ::ffff:127.0.0.1, the path of a Unix socket, or serve and one of these:
then a server of its own runs beside. LOCALPORT is that of the client.

Each step waits for a line on standard input: connect, share, call. Both
processes write to LOG.<pid> a line "asked read" for each call: the token that
they sent and the one in the reply that they read, "-" where they gave up.
"""
import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import sys

PIDFD_OPEN, PIDFD_GETFD = 434, 438  # syscalls(2): the same on all architectures


def call(sock, calls, log):
    sock.settimeout(0.2)
    pid = os.getpid()
    with open("%s.%d" % (log, pid), "a") as out:
        for i in calls:
            token = "%d-%d" % (pid, i)
            body = b'{"jsonrpc":"2.0","id":%d,"method":"eth_call","params":["%s"]}' % (i, token.encode())
            head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            sock.sendall(head + body)
            data = b""
            try:
                while not data.endswith(b"}\n"):
                    data += sock.recv(8192)
                replies = [part.split(b'"')[0].decode() for part in data.split(b'"result":"')[1:]]
            except socket.timeout:
                replies = ["-"]
            print(token, *replies, file=out)


def partner(way, given, ready, gate, calls, log):
    """The other process: gets the connection and calls when it is told to."""
    if way in ("scm", "stranger"):
        _, fds, _, _ = socket.recv_fds(given, 1, 1)
        sock = socket.socket(fileno=fds[0])
    elif way == "pidfd":
        pid, number = struct.unpack("ii", given.recv(8))
        libc = ctypes.CDLL(None, use_errno=True)
        pidfd = libc.syscall(PIDFD_OPEN, pid, 0)
        fd = libc.syscall(PIDFD_GETFD, pidfd, number, 0)
        if fd < 0:
            raise OSError(ctypes.get_errno(), "pidfd_getfd")
        sock = socket.socket(fileno=fd)
    else:
        sock = given
    os.write(ready, b".")
    if os.read(gate, 1):
        call(sock, range(calls), log)
    os.write(ready, b".")


def serve(host, port=None):
    """A server like that of the tests, in the background."""
    if port:
        listener = socket.create_server((host, int(port)))
    else:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(host)
        listener.listen()
    if os.fork():
        listener.close()
        return
    conn, _ = listener.accept()
    data = b""
    while True:
        more = conn.recv(65536)
        if not more:
            os._exit(0)
        data += more
        while b"\r\n\r\n" in data:
            head, rest = data.split(b"\r\n\r\n", 1)
            length = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
            if len(rest) < length:
                break
            body, data = rest[:length], rest[length:]
            reply = b'{"jsonrpc":"2.0","id":%s,"result":"%s"}\n' % (
                body.split(b'"id":')[1].split(b",")[0], body.split(b'["')[1].split(b'"')[0])
            conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(reply), reply))


def up(device):
    """Brings a device up, as is needed in a network namespace of its own."""
    SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        name, flags = struct.unpack("16sh14x", fcntl.ioctl(s, SIOCGIFFLAGS, struct.pack("16s16x", device.encode())))
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh14x", name, flags | IFF_UP))


def connect(address, local):
    host, *port = address.split()
    if not port:
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(host)
        return sock
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    if local:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("", local))
    sock.connect((host, int(port[0])))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def step(word):
    assert sys.stdin.readline().strip() == word


def done(word):
    print(word, flush=True)


def main(way, address, calls, log, local="0"):
    calls = int(calls)
    if address.startswith("serve "):
        address = address[len("serve "):]
        up("lo")
        serve(*address.split())
    ready, tell_ready = os.pipe()
    gate, open_gate = os.pipe()
    mine, theirs = socket.socketpair()

    def fork(given):
        child = os.fork()
        if child:
            if way == "stranger":
                os.waitpid(child, 0)
            return
        if way == "stranger" and os.fork():
            os._exit(0)
        os.close(open_gate)
        partner(way, given, tell_ready, gate, calls, log)
        os._exit(0)

    if way in ("scm", "pidfd", "stranger"):  # who gets the connection is there before it
        fork(theirs)

    step("connect")
    sock = connect(address, int(local))
    done("connect")

    step("share")
    if way == "stranger":
        call(sock, [calls], log)
    if way in ("scm", "stranger"):
        socket.send_fds(mine, [b"."], [sock.fileno()])
    elif way == "pidfd":
        mine.send(struct.pack("ii", os.getpid(), sock.fileno()))
    elif way == "exec":
        fds = sock.fileno(), tell_ready, gate
        subprocess.Popen([sys.executable, __file__, "partner", *map(str, fds), str(calls), log], pass_fds=fds)
    else:
        if way == "dup":
            again = sock.dup()
            sock.close()
            sock = again
        fork(sock)
    os.read(ready, 1)
    done("share")

    step("call")
    os.write(open_gate, b".")
    call(sock, range(calls), log)
    os.read(ready, 1)
    done("call")
    sys.stdin.readline()


if sys.argv[1] == "partner":
    fd, tell_ready, gate, calls, log = sys.argv[2:]
    partner("exec", socket.socket(fileno=int(fd)), int(tell_ready), int(gate), int(calls), log)
else:
    main(*sys.argv[1:])
