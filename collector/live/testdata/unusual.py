"""A process that calls a server, which it starts itself, with unusual system calls.

usage: unusual.py WAY LOG

WAY is discard (a reply is read with MSG_TRUNC, so that nobody gets it), errqueue
(what was sent comes back, with its time, by MSG_ERRQUEUE), sendmmsg, io_uring (a
reply that was asked for by io_uring comes while a request is being written),
fastopen (requests go with the SYN, in a network namespace of its own), reconnect
(one socket is connected again and again), or halfclose (nothing more is written
after a request, and its reply is read when the server has closed, too).

Each step waits for a line on standard input: connect, call.
"""
import ctypes
import fcntl
import mmap
import os
import signal
import socket
import struct
import sys
import time

libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent():
    PR_SET_PDEATHSIG = 1
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def serve(listener):
    """Answers each request as soon as its header has come, and then reads on."""
    end_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        conn, _ = listener.accept()
        if os.fork():
            conn.close()
            continue
        end_with_parent()
        while True:
            try:
                data = conn.recv(2000)
            except ConnectionResetError:
                data = b""
            if not data:
                os._exit(0)
            left = int(data.split(b"Content-Length: ")[1].split(b"\r\n")[0]) - len(data.split(b"\r\n\r\n", 1)[1])
            reply = b'{"jsonrpc":"2.0","id":%s,"result":"0x1"}' % data.split(b'"id":')[1].split(b",")[0]
            conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(reply), reply))
            if left:
                time.sleep(0.1)
            while left:
                left -= len(conn.recv(left))


def request(number, size=0):
    body = b'{"jsonrpc":"2.0","id":%d,"method":"eth_call","params":["%s"]}' % (number, b"x" * size)
    return b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def reply(sock):
    data = b""
    while not data.endswith(b"}"):
        data += sock.recv(4096)
    return data


def discard(sock):
    sock.sendall(request(1))
    old = bytearray(reply(sock).replace(b'"id":1', b'"id":9'))
    sock.sendall(request(2))
    sock.recv(1, socket.MSG_PEEK)
    sock.recv_into(old, len(old), socket.MSG_TRUNC)
    sock.sendall(request(3))
    reply(sock)


def errqueue(sock):
    SO_TIMESTAMPING, TX_SOFTWARE, SOFTWARE = 37, 1 << 1, 1 << 4
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPING, TX_SOFTWARE | SOFTWARE)
    for number in 1, 2:
        sock.sendall(request(number))
        reply(sock)
        sock.recvmsg(4096, 4096, socket.MSG_ERRQUEUE)


def sendmmsg(sock):
    class Vector(ctypes.Structure):
        _fields_ = [("base", ctypes.c_char_p), ("len", ctypes.c_size_t)]

    class Message(ctypes.Structure):
        _fields_ = [("name", ctypes.c_void_p), ("namelen", ctypes.c_int), ("iov", ctypes.POINTER(Vector)), ("iovlen", ctypes.c_size_t),
                    ("control", ctypes.c_void_p), ("controllen", ctypes.c_size_t), ("flags", ctypes.c_int), ("sent", ctypes.c_uint)]

    for number in 1, 2:
        data = request(number)
        vector = Vector(data, len(data))
        assert libc.sendmmsg(sock.fileno(), ctypes.byref(Message(iov=ctypes.pointer(vector), iovlen=1)), 1, 0) == 1
        reply(sock)


def io_uring(sock):
    SETUP, ENTER, RECV, SQES = 425, 426, 27, 0x10000000  # the same on all architectures
    params, into = ctypes.create_string_buffer(120), ctypes.create_string_buffer(4096)
    ring = libc.syscall(SETUP, 1, params)
    if ring < 0:
        raise OSError(ctypes.get_errno(), "io_uring_setup")
    tail, mask, array = struct.unpack_from("I", params, 44) + struct.unpack_from("I", params, 48) + struct.unpack_from("I", params, 64)
    queue, entries = mmap.mmap(ring, array + 4), mmap.mmap(ring, 64, offset=SQES)
    struct.pack_into("BBHiQQII", entries, 0, RECV, 0, 0, sock.fileno(), 0, ctypes.addressof(into), len(into), 0)
    struct.pack_into("I", queue, array, 0)
    struct.pack_into("I", queue, tail, 1)
    assert libc.syscall(ENTER, ring, 1, 0, 0, 0, 0) == 1
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16 << 10)
    data = memoryview(request(1, 600_000))  # more than the buffers of both ends hold
    while data:
        data = data[sock.send(data):]
    while not into.value:
        time.sleep(0.01)


def fastopen(sock):
    address = sock.getpeername()
    for number in 1, 2:  # the server's cookie comes with the first connection
        with socket.socket() as other:
            other.sendto(request(number), socket.MSG_FASTOPEN, address)
            reply(other)
            other.sendall(request(number + 2))
            reply(other)


def reconnect(sock):
    address = sock.getpeername()
    for calls in 1, 2, 3:
        for number in range(calls):
            sock.sendall(request(number))
            reply(sock)
        if libc.connect(sock.fileno(), struct.pack("H14x", socket.AF_UNSPEC), 16):
            raise OSError(ctypes.get_errno(), "connect")
        sock.connect(address)


def halfclose(sock):
    sock.sendall(request(1))
    sock.shutdown(socket.SHUT_WR)
    TCP_INFO, CLOSED = 11, 7
    while sock.getsockopt(socket.IPPROTO_TCP, TCP_INFO, 1)[0] != CLOSED:
        time.sleep(0.01)
    reply(sock)
    sock.close()


def own_network():
    """Enters a network namespace in which all may use TCP Fast Open."""
    CLONE_NEWNET, SIOCSIFFLAGS, UP = 0x40000000, 0x8914, 1
    if libc.unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")
    with socket.socket() as any:
        fcntl.ioctl(any, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", UP))
    with open("/proc/sys/net/ipv4/tcp_fastopen", "w") as setting:
        setting.write(str(0x403))


way, log = sys.argv[1:]
if way == "fastopen":
    own_network()
listener = socket.create_server(("127.0.0.1", 0))
if not os.fork():
    serve(listener)
for line in sys.stdin:
    if line == "connect\n":
        connection = socket.create_connection(listener.getsockname())
    else:
        globals()[way](connection)
    print(line.strip(), flush=True)
