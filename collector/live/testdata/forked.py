"""Forked processes that share one keep-alive connection to a JSON-RPC server.

usage: forked.py ADDRESS CHILDREN CALLS FRAMING WRITES LOG

ADDRESS is 127.0.0.1:PORT or the path of a Unix socket. FRAMING is http or
lines. WRITES is 1 or 2: header and body in one write or, from the tenth call on,
in two. Each step waits for a line on standard input: connect, fork, call. Every
child writes to LOG.<pid> a line "asked read..." for each call: the token that it
sent, and those in the replies that it read ("-" where it gave up), the first of
which it took.
"""
import os
import socket
import sys
import time

address, children, calls, framing, writes, log = sys.argv[1:]


def step(word, told):
    assert sys.stdin.readline().strip() == word
    told()
    print(word, flush=True)


def connect():
    global sock
    if ":" in address:
        host, port = address.split(":")
        sock = socket.create_connection((host, int(port)))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    else:
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(address)


def send(body, number):
    if framing == "lines":
        sock.sendall(body + b"\n")
        return
    header = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    if writes == "1" or number < 10:
        sock.sendall(header + body)
    else:
        sock.sendall(header)
        time.sleep(0.0003)
        sock.sendall(body)


def read():
    """The tokens of the replies read. Those after the first are thrown away, as
    http.client does."""
    data = b""
    while not data.endswith(b"}\n"):
        more = sock.recv(8192)
        if not more:
            return ["-"]
        data += more
    return [reply.split(b'"')[0].decode() for reply in data.split(b'"result":"')[1:]]


def child():
    sock.settimeout(0.2)
    pid = os.getpid()
    with open("%s.%d" % (log, pid), "w") as out:
        for i in range(int(calls)):
            token = "%d-%d" % (pid, i)
            call_id = i if framing == "http" else pid * 10000 + i  # replies in lines come in any order
            try:
                send(b'{"jsonrpc":"2.0","id":%d,"method":"eth_call","params":["%s"]}' % (call_id, token.encode()), i)
                got = read()
            except socket.timeout:
                got = ["-"]
            except OSError:
                break  # a server that was sent a mixture closes the connection
            print(token, *got, file=out)


def fork():
    global pids, gate
    waiting, gate = os.pipe()
    pids = []
    for _ in range(int(children)):
        pid = os.fork()
        if pid == 0:
            os.close(gate)
            if os.read(waiting, 1):
                child()
            os._exit(0)
        pids.append(pid)


def call():
    os.write(gate, b"." * len(pids))
    for pid in pids:
        os.waitpid(pid, 0)


step("connect", connect)
step("fork", fork)
step("call", call)
sys.stdin.readline()
