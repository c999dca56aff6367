"""Calls a JSON-RPC server in every way in which a program writes to a socket and
reads from it, by itself and by a forked child, in an order that is always the
same. The traces beside this file are of it:

    python3 calls.py & strace -f -yy -ttt -s 65536 -p PID -o calls.strace
"""
import encodings.idna  # or connecting would load it
import json
import os
import socket
import sys
import threading

listener = socket.create_server(("127.0.0.1", 0))
if os.fork() == 0:  # the server is not traced
    conn, _ = listener.accept()
    data = b""
    while True:
        more = conn.recv(65536)
        if not more:
            os._exit(0)
        data += more
        while b"\r\n\r\n" in data:
            head, rest = data.split(b"\r\n\r\n", 1)
            length = int(head.split(b"Content-Length: ")[1])
            if len(rest) < length:
                break
            call, data = json.loads(rest[:length]), rest[length:]
            body = json.dumps({"jsonrpc": "2.0", "id": call["id"], "result": call["params"]}).encode()
            conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

serial = 0


def request():
    global serial
    serial += 1
    body = b'{"jsonrpc":"2.0","id":%d,"method":"eth_call","params":["\xc3\xa9 \\"7\\" \\n"]}' % serial
    return b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body), body


def ask(write, read):
    write(*request())
    got = read()
    assert b'"id": %d,' % serial in got, got


def into(n):
    b = bytearray(n)
    return bytes(b[:sock.recv_into(b)])


def vector(fd):
    a, b = bytearray(10), bytearray(8000)
    n = os.readv(fd, [a, b])
    return bytes((a + b)[:n])


print(os.getpid(), listener.getsockname()[1], flush=True)
sys.stdin.readline()
sock = socket.create_connection(listener.getsockname())
listener.close()
fd = sock.fileno()
ask(lambda head, body: sock.sendall(head + body), lambda: sock.recv(8192))
ask(lambda head, body: (sock.send(head), sock.send(body)), lambda: into(8192))
ask(lambda head, body: os.write(fd, head + body), lambda: os.read(fd, 8192))
ask(lambda head, body: os.writev(fd, [head, body]), lambda: vector(fd))
ask(lambda head, body: sock.sendmsg([head, body[:9], body[9:]]), lambda: sock.recvmsg(8192)[0])
ask(lambda head, body: sock.sendall(head + body), lambda: (sock.recv(8192, socket.MSG_PEEK), sock.recv(8192))[1])
thread = threading.Thread(target=lambda: ask(lambda head, body: sock.sendall(head + body), lambda: sock.recv(8192)))
thread.start()
thread.join()
head, body = request()
sock.sendall(head + body)
child = os.fork()
if child == 0:
    other = os.dup(fd)
    os.close(fd)
    os.read(other, 8192)  # what the parent asked
    os._exit(3)
os.waitpid(child, 0)
sock.close()
