"""Processes that make JSON-RPC calls over TLS.

usage: tls.py ADDRESS CHILDREN CALLS HOW LOG

HOW is http.client, asyncio (whose TLS is not handed the socket) or httpx (over
HTTP/2), with which each child opens a connection of its own; or shared: all
children use the connection that their parent opened and used. Each step waits for a line on standard input: connect, fork, call.
Every child writes to LOG.<pid> a line "asked read" for each call: the token that
it sent, and that in the reply ("-" where there was none).
"""
import asyncio
import http.client
import json
import os
import ssl
import sys

address, children, calls, how, log = sys.argv[1:]
host, port = address.split(":")
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE


def body(number, token):
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": "eth_call", "params": [token]}).encode()


def connect():
    global connection
    connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=5)
    connection.connect()


def call(number, token):
    connection.request("POST", "/", body(number, token), {"Content-Type": "application/json"})
    return json.loads(connection.getresponse().read())["result"]


async def talk(report):
    reader, writer = await asyncio.open_connection(host, int(port), ssl=context)
    for number, token in tokens():
        content = body(number, token)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content))
        header = await reader.readuntil(b"\r\n\r\n")
        length = int(header.lower().split(b"content-length:")[1].split()[0])
        report(token, json.loads(await reader.readexactly(length))["result"])
    writer.close()


def multiplex(report):
    import httpx

    async def one(client, number, token):
        reply = await client.post("https://%s/" % address, content=body(number, token))
        report(token, reply.json()["result"])

    async def run():
        async with httpx.AsyncClient(http2=True, verify=False) as client:
            pending = list(tokens())
            while pending:
                some, pending = pending[:4], pending[4:]
                await asyncio.gather(*(one(client, *each) for each in some))

    asyncio.run(run())


def tokens():
    for number in range(int(calls)):
        yield number, "%d-%d" % (os.getpid(), number)


def child():
    with open("%s.%d" % (log, os.getpid()), "w") as out:

        def report(token, got):
            print(token, got, file=out)

        if how == "asyncio":
            asyncio.run(talk(report))
        elif how == "httpx":
            multiplex(report)
        else:
            if how == "http.client":
                connect()
            for number, token in tokens():
                try:
                    report(token, call(number, token))
                except (OSError, http.client.HTTPException):
                    report(token, "-")
                    break


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


def begin():
    connect()
    call(0, "first")


def go():
    os.write(gate, b"." * len(pids))
    for pid in pids:
        os.waitpid(pid, 0)


for word, told in ("connect", begin), ("fork", fork), ("call", go):
    assert sys.stdin.readline().strip() == word
    told()
    print(word, flush=True)
sys.stdin.readline()
