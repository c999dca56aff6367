"""What the recorder costs: calls per second with it over calls per second
without it, on the loopback.

    python bench/overhead.py [--rounds 40] [--calls 300] [KIND…]

Three client processes take short turns, so that what else the machine does
meets all alike: one is recorded, one is not, and one, the floor, is not but
appends the same bytes to a file around each call: what no recorder can do
without that writes each message when it passes. The server answers from memory
in another process. KIND: http.client, requests, web3 (a provider's call),
web3-eth (w3.eth.get_balance), httpx, requests-1MB (a large reply). A library
that is missing is left out.
"""

import argparse
import mmap
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SITE = os.path.join(os.path.dirname(HERE), "sessiontop_record", "site")
KINDS = ("http.client", "requests", "web3", "web3-eth", "httpx", "requests-1MB")
CALL = b'{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x00000000219ab540356cbb839cbe05303d7705fa","latest"]}'


def serve():
    """Answers every request with the same bytes."""
    small = b'{"jsonrpc":"2.0","id":1,"result":"0xde0b6b3a7640000"}'
    item = b'{"hash":"0x' + b"ab" * 32 + b'","input":"0x' + b"cd" * 200 + b'","gas":"0x5208","type":"0x2"}'
    big = b'{"jsonrpc":"2.0","id":1,"result":[' + b",".join([item] * 1900) + b"]}"
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(16)
    print(listener.getsockname()[1], flush=True)
    while True:
        conn, _ = listener.accept()
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=answer, args=(conn, small, big), daemon=True).start()


def answer(conn, small, big):
    data = b""
    while True:
        more = conn.recv(65536)
        if not more:
            return
        data += more
        head = data.find(b"\r\n\r\n")
        low = data[:head].lower()
        if head < 0:
            continue
        at = low.index(b"content-length:") + 15
        size = int(low[at:].split(b"\r\n")[0])
        if len(data) < head + 4 + size:
            continue
        body = big if data.startswith(b"POST /big") else small
        data = data[head + 4 + size :]
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


def caller(kind, port):
    """A function that makes one call."""
    url = "http://127.0.0.1:%d/" % port
    headers = {"Content-Type": "application/json"}
    if kind == "http.client":
        import http.client

        conn = http.client.HTTPConnection("127.0.0.1", port)

        def call():
            conn.request("POST", "/", CALL, headers)
            return conn.getresponse().read()

    elif kind in ("requests", "requests-1MB"):
        import requests

        session = requests.Session()
        target = url + ("big" if kind.endswith("1MB") else "")

        def call():
            return session.post(target, data=CALL, headers=headers).json()

    elif kind == "httpx":
        import httpx

        client = httpx.Client()

        def call():
            return client.post(url, content=CALL, headers=headers).json()

    else:
        from web3 import HTTPProvider, Web3

        w3 = Web3(HTTPProvider(url))
        address = Web3.to_checksum_address("0x00000000219ab540356cbb839cbe05303d7705fa")
        if kind == "web3":

            def call():
                return w3.provider.make_request("eth_getBalance", [address, "latest"])

        else:

            def call():
                return w3.eth.get_balance(address)

    return call


def client(kind, port, calls, like):
    try:
        call = caller(kind, port)
    except ImportError:
        return
    for _ in range(20):
        call()
    print("ready", flush=True)
    for _ in sys.stdin:
        if like:
            call, like = appending(call, like), None
        began, cpu = time.perf_counter(), time.process_time()
        for _ in range(calls):
            call()
        print(time.perf_counter() - began, time.process_time() - cpu, flush=True)


def appending(call, logs):
    """The call between two writes of what the recorder writes of one."""
    (name,) = os.listdir(logs)
    with open(os.path.join(logs, name), "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as log:
        # Not read: to free a long string makes malloc keep the program's next ones.
        sent, came = (line_with(log, b'"ev":"%b"' % event) for event in (b"send", b"recv"))
    fd = os.open(os.path.join(logs, "floor"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def call_and_append():
        os.write(fd, sent)
        call()
        os.write(fd, came)

    return call_and_append


def line_with(log, mark):
    at = log.find(mark)
    return log[log.rfind(b"\n", 0, at) + 1 : log.find(b"\n", at) + 1]


def start(kind, port, calls, env, like=""):
    args = [sys.executable, os.path.abspath(__file__), "--client", kind, str(port), str(calls), like]
    return subprocess.Popen(args, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, universal_newlines=True)


def measure(kind, port, rounds, calls):
    calls = max(calls // 20, 5) if kind.endswith("1MB") else calls
    with tempfile.TemporaryDirectory() as logs:
        env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "SESSIONTOP_LOG_DIR")}
        plain = start(kind, port, calls, env)
        recorded = start(kind, port, calls, dict(env, PYTHONPATH=SITE, SESSIONTOP_LOG_DIR=logs))
        floor = start(kind, port, calls, env, logs)
        took = {plain: [], recorded: [], floor: []}
        try:
            if any(p.stdout.readline() != "ready\n" for p in took):
                print("%-14s not installed" % kind)
                return
            for i in range(rounds):
                for p in sorted(took, key=lambda p: p.pid, reverse=i % 2):
                    p.stdin.write("go\n")
                    p.stdin.flush()
                    took[p].append([float(n) for n in p.stdout.readline().split()])
        finally:
            for p in took:
                p.stdin.close()
                p.wait()
    print("%-14s %s" % (kind, "; ".join(report(took[plain], took[p], calls, p is recorded) for p in (recorded, floor))), flush=True)


def report(plain, other, calls, recorded):
    """Rates as shares of the plain program's, and the CPU time on top of its."""
    median = statistics.median(a[0] / b[0] for a, b in zip(plain, other))
    best = min(a[0] for a in plain) / min(b[0] for b in other)
    cpu = statistics.median(b[1] - a[1] for a, b in zip(plain, other)) / calls * 1e6
    what = "%.3f of the rate in the median round, %.3f best to best" if recorded else "floor %.3f, %.3f"
    return (what + ", CPU time %+.0f µs") % (median, best, cpu)


def main():
    if sys.argv[1:2] == ["--serve"]:
        serve()
    elif sys.argv[1:2] == ["--client"]:
        client(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
    else:
        parser = argparse.ArgumentParser()
        parser.add_argument("--rounds", type=int, default=40)
        parser.add_argument("--calls", type=int, default=300)
        parser.add_argument("kinds", nargs="*", default=KINDS)
        args = parser.parse_args()
        server = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, universal_newlines=True)
        try:
            port = int(server.stdout.readline())
            for kind in args.kinds:
                measure(kind, port, args.rounds, args.calls)
        finally:
            server.kill()
            server.wait()


main()
