"""A server and three forked processes that share one connection to it, at work
until they are killed. Prints its PID when all of them run."""
import json
import os
import socket
import sys
import time


def serve(listener):
    conn, _ = listener.accept()
    data = b""
    while True:
        more = conn.recv(65536)
        if not more:
            return
        data += more
        while b"\r\n\r\n" in data:
            head, rest = data.split(b"\r\n\r\n", 1)
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            if len(rest) < length:
                break
            call, data = json.loads(rest[:length]), rest[length:]
            time.sleep(0.002)  # meanwhile the others ask, too
            body = json.dumps({"jsonrpc": "2.0", "id": call["id"], "result": "0x539"}).encode()
            conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


def work(sock):
    sock.settimeout(0.2)
    n = os.getpid() * 1000000
    while True:
        n += 1
        body = b'{"jsonrpc":"2.0","id":%d,"method":"eth_chainId","params":[]}' % n
        sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        try:
            if not sock.recv(8192):
                return
        except OSError:
            pass


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
if os.fork() == 0:
    serve(listener)
    os._exit(0)
shared = socket.create_connection(listener.getsockname())
listener.close()
for _ in range(3):
    if os.fork() == 0:
        work(shared)
        os._exit(0)
print(os.getpid(), flush=True)
sys.stdin.read()
