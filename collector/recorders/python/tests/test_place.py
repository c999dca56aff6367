"""Where messages stand on a connection that several processes hold."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import unittest

from helper import Case

from sessiontop_record._place import was_read, written  # noqa: E402

CALL = """
import http.client, os, sys
port = int(sys.argv[1])
conn = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
def ask(id, path="/"):
    conn.request("POST", path, '{"jsonrpc":"2.0","id":%d,"method":"eth_chainId","params":[]}' % id)
def call(id, path="/"):
    ask(id, path)
    return conn.getresponse().read()
def child(run):
    pid = os.fork()
    if pid == 0:
        run()
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
"""


@unittest.skipUnless(sys.platform == "linux", "only Linux counts the bytes of a connection for all who hold it")
class PlaceTest(Case):
    def record(self, text, port):
        self.run_program(CALL + text, port)
        return [x for x in self.lines() if x["ev"] in ("send", "recv")]

    def test_counts(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            with socket.create_connection(listener.getsockname()) as one, listener.accept()[0] as other:
                self.assertEqual((written(one), was_read(other)), (0, 0))
                one.sendall(b"abcdefg")
                self.assertEqual(other.recv(3), b"abc")
                self.assertEqual((written(one), was_read(other)), (7, 3))
                one.setblocking(False)
                sent = 7
                with self.assertRaises(BlockingIOError):
                    while True:
                        sent += one.send(b"x" * 100000)  # until both sides' buffers are full
                self.assertEqual((written(one), was_read(other)), (sent, 3))
        self.assertIsNone(written(one))

    def ranges(self, lines, ev):
        """The bytes from, to of each message of one direction."""
        ends = []
        for x in lines:
            if x["ev"] == ev:
                end = x["off"] + x["size"] if "off" in x else x["upto"]
                ends.append((end - x["size"], end))
        return ends

    def assertJoined(self, ranges):
        for one, next in zip(ranges, ranges[1:]):
            self.assertEqual(one[1], next[0], ranges)

    def test_a_connection_of_one_process_is_not_counted(self):
        lines = self.record("""
child(lambda: None)
call(1); call(2)
child(lambda: (setattr(conn, "sock", None), call(3), call(4)))
""", self.serve().server_port)
        self.assertEqual(len(lines), 8)
        for line in lines:
            self.assertFalse({"off", "upto", "size"} & set(line), line)

    @unittest.skipUnless(shutil.which("openssl"), "there is no openssl to make a certificate")
    def test_tls_is_not_counted(self):
        pem = os.path.join(self.dir, "pem")
        subprocess.check_call(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
                               "-subj", "/CN=localhost", "-keyout", pem, "-out", pem + ".crt"], stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem + ".crt", pem)
        server = self.serve()
        server.socket = context.wrap_socket(server.socket, server_side=True)
        lines = self.record("""
import ssl
conn = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=ssl._create_unverified_context())
call(1)
child(lambda: call(2))
""", server.server_port)
        self.assertEqual(len(lines), 4)
        for line in lines:
            self.assertFalse({"off", "upto", "size"} & set(line), line)

    def test_processes_that_take_turns(self):
        lines = self.record("""
call(1)
for i in range(3):
    child(lambda: (call(10 + i), call(20 + i)))
    call(30 + i)
assert "response_class" not in vars(conn)
""", self.serve().server_port)
        self.assertNotIn("size", lines[0])
        shared = lines[2:]
        sends, recvs = self.ranges(shared, "send"), self.ranges(shared, "recv")
        self.assertEqual(len(sends), 9)
        self.assertTrue(all("off" in x for x in shared if x["ev"] == "send"))
        self.assertJoined(sends)
        self.assertJoined(recvs)

    def test_however_a_reply_comes(self):
        items = b'{"id":1,"result":"' + b"0" * 300000 + b'"}'
        lines = self.record("""
call(1)
child(lambda: [call(i, way) for i, way in enumerate(("/", "/chunked", "/gzip", "/long", "/"))])
""", self.serve({"/long": items}).server_port)
        recvs = self.ranges(lines[2:], "recv")
        self.assertEqual(len(recvs), 5)
        self.assertGreater(recvs[3][1] - recvs[3][0], 300000)
        self.assertJoined(recvs)

    def test_a_reply_that_is_read_with_the_one_before_it(self):
        reply = b'HTTP/1.1 200 OK\r\nContent-Length: 38\r\n\r\n{"jsonrpc":"2.0","id":1,"result":"0x"}'
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def serve():
            conn, _ = listener.accept()
            asked = b""
            with conn:
                for n, replies in enumerate((1, 0, 2, 1), 1):
                    while asked.count(b'"jsonrpc"') < n:
                        more = conn.recv(1 << 16)
                        if not more:
                            return
                        asked += more
                    conn.sendall(replies * reply)
                conn.recv(1)

        server = threading.Thread(target=serve, daemon=True)
        server.start()
        lines = self.record("""
call(1)
child(lambda: ask(1))
call(1)
call(1)
""", listener.getsockname()[1])
        server.join()
        (_, first), (second, _) = self.ranges(lines[2:], "recv")
        self.assertEqual(second - first, len(reply))


if __name__ == "__main__":
    unittest.main()
