"""Forked workers that call a JSON-RPC server by http.client, each on a connection
of its own.

usage: workers.py ADDRESS WORKERS CALLS SIZE

On each line of standard input they make CALLS calls together, as fast as they
can, with SIZE bytes in each request and reply. Then a line tells how many and in
how many nanoseconds.
"""
import http.client
import json
import os
import sys
import time

address, (workers, calls, size) = sys.argv[1], map(int, sys.argv[2:])


def work(go, done):
    connection = http.client.HTTPConnection(address)
    while os.read(go, 1):
        for i in range(calls // workers):
            call = {"jsonrpc": "2.0", "id": i, "method": "eth_call", "params": ["0x" + "0" * size]}
            connection.request("POST", "/%d" % size, json.dumps(call), {"Content-Type": "application/json"})
            if json.load(connection.getresponse())["id"] != i:
                raise AssertionError("another call's reply")
        os.write(done, b".")


go, begin = os.pipe()
end, done = os.pipe()
for _ in range(workers):
    if os.fork() == 0:
        os.close(begin)
        work(go, done)
        os._exit(0)
for _ in sys.stdin:
    start = time.monotonic_ns()
    os.write(begin, b"." * workers)
    for _ in range(workers):
        os.read(end, 1)
    print(calls, time.monotonic_ns() - start, flush=True)
