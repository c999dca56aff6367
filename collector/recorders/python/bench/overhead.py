"""What the recorder costs: calls per second with it over calls per second
without it, on the loopback.

    python bench/overhead.py [--rounds 40] [--calls 300] [KIND…]

Two client processes, one recorded, one not, take short turns, so that what
else the machine does meets both alike. The server answers from memory in another process. KIND: http.client,
requests, web3 (a provider's call), web3-eth (w3.eth.get_balance), httpx,
requests-1MB (a large reply). A library that is missing is left out.
"""

import argparse
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


def client(kind, port, calls):
    try:
        call = caller(kind, port)
    except ImportError:
        return
    for _ in range(20):
        call()
    print("ready", flush=True)
    for _ in sys.stdin:
        began, cpu = time.perf_counter(), time.process_time()
        for _ in range(calls):
            call()
        print(time.perf_counter() - began, time.process_time() - cpu, flush=True)


def start(kind, port, calls, env):
    args = [sys.executable, os.path.abspath(__file__), "--client", kind, str(port), str(calls)]
    return subprocess.Popen(args, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, universal_newlines=True)


def measure(kind, port, rounds, calls):
    calls = max(calls // 20, 5) if kind.endswith("1MB") else calls
    with tempfile.TemporaryDirectory() as logs:
        env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "SESSIONTOP_LOG_DIR")}
        plain = start(kind, port, calls, env)
        recorded = start(kind, port, calls, dict(env, PYTHONPATH=SITE, SESSIONTOP_LOG_DIR=logs))
        both = (plain, recorded)
        try:
            if any(p.stdout.readline() != "ready\n" for p in both):
                print("%-14s not installed" % kind)
                return
            took = {plain: [], recorded: []}
            for i in range(rounds):
                for p in both if i % 2 else both[::-1]:
                    p.stdin.write("go\n")
                    p.stdin.flush()
                    took[p].append([float(n) for n in p.stdout.readline().split()])
        finally:
            for p in both:
                p.stdin.close()
                p.wait()
        if not os.listdir(logs):
            raise SystemExit("nothing was recorded")
    def ratios(which):
        return [a[which] / b[which] for a, b in zip(took[plain], took[recorded])]

    def best(p):
        return min(t[0] for t in took[p]) / calls * 1e6

    print(
        "%-14s %.3f of the rate in the median round, %.3f best to best (%.0f and %.0f µs a call); CPU time %+.0f µs"
        % (
            kind, statistics.median(ratios(0)), best(plain) / best(recorded), best(plain), best(recorded),
            (statistics.median(t[1] for t in took[recorded]) - statistics.median(t[1] for t in took[plain])) / calls * 1e6,
        ),
        flush=True,
    )


def main():
    if sys.argv[1:2] == ["--serve"]:
        serve()
    elif sys.argv[1:2] == ["--client"]:
        client(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
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
