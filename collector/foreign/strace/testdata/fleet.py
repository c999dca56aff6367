"""Forked workers that share the web3.py session of their parent, and a JSON-RPC
server that tells them so: it hands the token of each request back with its reply.
The traces and packets beside this file and in ../../pcap/testdata are of it:

    pip install web3==6.15.1
    python fleet.py CHILDREN ROUNDS TRIALS    # prints its PID and the server's port, and waits for a line
    strace -f -yy -ttt -T -s 65536 -p PID -o fleet.strace \
           -e trace=read,write,readv,writev,%network,%process,close,dup,dup2,dup3,fcntl
    tcpdump -i lo -w fleet.pcap port PORT
"""
import json
import os
import random
import signal
import socket
import sys
import threading
import time

from requests.auth import AuthBase
from web3 import HTTPProvider, Web3
from web3._utils import request as sessions

children, rounds, trials = map(int, sys.argv[1:])


def answer(call, n):
    return {
        "eth_chainId": "0x539", "eth_syncing": False, "eth_blockNumber": hex(256 + n),
        "eth_accounts": ["0x%040x" % n], "eth_getBalance": hex(10**18 + n),
    }[call["method"]]


def serve(conn):
    data, n = b"", 0
    while True:
        while b"\r\n\r\n" not in data:
            more = conn.recv(65536)
            if not more:
                return
            data += more
        head, data = data.split(b"\r\n\r\n", 1)
        if not head.startswith(b"POST / HTTP/1.1\r\n"):  # two requests are mixed up
            conn.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n400 Bad Request")
            conn.close()
            return
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        while len(data) < int(fields[b"Content-Length"]):
            data += conn.recv(65536)
        body, data = data[:int(fields[b"Content-Length"])], data[int(fields[b"Content-Length"]):]
        n += 1
        try:
            call = json.loads(body)
            reply = {"jsonrpc": "2.0", "id": call["id"], "result": answer(call, n)}
        except ValueError:
            reply = {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "parse error"}}
        text = json.dumps(reply).encode()
        time.sleep(random.uniform(0.0005, 0.004))
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Token: %s\r\nContent-Length: %d\r\n\r\n%s"
                     % (fields[b"X-Token"], len(text), text))


def listen(listener):
    while True:
        conn, _ = listener.accept()
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(conn,), daemon=True).start()


class Token(AuthBase):
    serial = 0

    def __call__(self, request):
        Token.serial += 1
        request.headers["X-Token"] = "%d-%d" % (os.getpid(), Token.serial)
        return request


def client():
    return Web3(HTTPProvider(url, request_kwargs={"auth": Token(), "timeout": 2}))


def work(times):
    eth = client().eth
    for i in range(times):
        time.sleep(random.uniform(0, 0.004))
        for call in (lambda: eth.accounts, lambda: eth.block_number, lambda: eth.syncing,
                     lambda: eth.get_balance("0x%040x" % i)):
            try:
                call()
            except Exception:  # a reply that makes no sense, a connection that is gone
                pass


listener = socket.create_server(("127.0.0.1", 0))
url = "http://127.0.0.1:%d" % listener.getsockname()[1]
server = os.fork()
if server == 0:
    listen(listener)
listener.close()
work(1)  # loads what web3.py loads late
sessions._session_cache.clear()
print(os.getpid(), url.rsplit(":")[-1], flush=True)
sys.stdin.readline()
for _ in range(trials):
    sessions._session_cache.clear()
    client().eth.chain_id  # the connection that the children inherit
    waiting, gate = os.pipe()
    pids = []
    for _ in range(children):
        pid = os.fork()
        if pid == 0:
            os.close(gate)
            os.read(waiting, 1)
            work(rounds)
            os._exit(0)
        pids.append(pid)
    os.close(gate)
    os.close(waiting)
    for pid in pids:
        os.waitpid(pid, 0)
os.kill(server, signal.SIGKILL)
