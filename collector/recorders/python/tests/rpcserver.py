"""A JSON-RPC server on the loopback that keeps the truth: which request came
on which connection, in which order, and what it answered."""

import gzip
import json
import random
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ACCOUNT = "0x00000000219ab540356cbb839cbe05303d7705fa"
RESULTS = {
    "eth_accounts": [ACCOUNT],
    "personal_unlockAccount": True,
    "eth_chainId": "0x1",
    "eth_blockNumber": "0x10",
    "eth_syncing": False,
    "net_version": "1",
    "web3_clientVersion": "Test/v1",
    "eth_getBalance": "0xde0b6b3a7640000",
    "eth_getBlockByNumber": None,
}


def answer(call, token=None):
    """The reply to one call. A token says, in a member that clients ignore, who
    asked: the truth about every reply."""
    call = call if isinstance(call, dict) else {}
    method = call.get("method")
    reply = {"jsonrpc": "2.0", "id": call.get("id")}
    if method in RESULTS:
        reply["result"] = RESULTS[method]
    else:
        reply["error"] = {"code": -32601, "message": "no such method"}
    if token:
        reply["token"] = "%s %s" % (token, method)
    return reply


def answer_body(body, token=None):
    try:
        message = json.loads(body)
    except ValueError:
        return b'{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"}}'
    if isinstance(message, list):
        return json.dumps([answer(call, token) for call in message]).encode()
    return json.dumps(answer(message, token)).encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # header and body in one packet

    def do_GET(self):
        self.reply(b"ok", "text/plain")

    def do_POST(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = self.read_chunks()
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.delay:
            time.sleep(random.uniform(0, self.server.delay))
        reply = self.server.reply_to(self.path, body, self.headers.get("X-Asker"))
        with self.server.lock:
            self.server.truth.append((self.client_address[1], body.decode("latin-1"), reply.decode("latin-1")))
        way = self.path.strip("/").split("?")[0]
        getattr(self, "way_" + way, self.way_plain)(reply)

    def read_chunks(self):
        body = b""
        while True:
            size = int(self.rfile.readline(), 16)
            body += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return body

    def reply(self, body, kind="application/json", *headers):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def way_plain(self, body):
        self.reply(body)

    def way_gzip(self, body):
        self.reply(gzip.compress(body), "application/json", ("Content-Encoding", "gzip"))

    def way_chunked(self, body):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for i in range(0, len(body), 7):
            piece = body[i : i + 7]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def way_close(self, body):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def way_slow(self, body):
        time.sleep(1.5)
        self.reply(body)

    def way_hangup(self, body):
        self.close_connection = True

    def way_cut(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) + 100))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, replies=None, delay=0):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.truth = []  # (client port, request, reply) as they were answered
        self.replies = replies  # path → body, in place of an answer
        self.delay = delay
        self.url = "http://127.0.0.1:%d" % self.server_port

    def reply_to(self, path, body, asker):
        if self.replies and path in self.replies:
            return self.replies[path]
        return answer_body(body, asker)

    def handle_error(self, request, client_address):
        pass  # clients that are killed or give up

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *args):
        self.shutdown()
        self.server_close()


class UnixHandler(socketserver.BaseRequestHandler):
    def handle(self):
        data = b""
        while True:
            more = self.request.recv(65536)
            if not more:
                return
            data += more
            try:
                json.loads(data)
            except ValueError:
                continue
            if b"eth_never" not in data:
                self.request.sendall(answer_body(data) + b"\n")
            data = b""


class UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, path):
        super().__init__(path, UnixHandler)
        self.path = path

    def handle_error(self, request, client_address):
        pass

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *args):
        self.shutdown()
        self.server_close()


if __name__ == "__main__":  # prints its URL and serves until standard input ends
    import sys

    with Server(delay=float(sys.argv[1]) if len(sys.argv) > 1 else 0) as server:
        print(server.url, flush=True)
        sys.stdin.read()
        for line in server.truth:
            print(json.dumps(line))
