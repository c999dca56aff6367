"""http.client and what is built on it."""

import json
import socket
import unittest

from helper import Case, needs

PLAIN = """
import http.client, json, sys
port = int(sys.argv[1])
conn = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
def call(id, method="eth_chainId", path="/", **more):
    body = json.dumps(dict({"jsonrpc": "2.0", "id": id, "method": method, "params": []}, **more))
    conn.request("POST", path, body, {"Content-Type": "application/json"})
    return conn.getresponse()
"""


class Plain(Case):
    def plain(self, text, *args, **kwargs):
        server = kwargs.pop("server", None) or self.serve()
        self.server = server
        return self.run_program(PLAIN + text, server.server_port, *args, **kwargs)


class HTTPTest(Plain):
    def test_a_call_and_its_reply(self):
        out = self.plain("print(call(7).read().decode())")
        self.assertEqual(out.strip(), '{"jsonrpc": "2.0", "id": 7, "result": "0x1"}')
        opened, send, recv, end = self.lines()
        self.assertEqual([x["ev"] for x in (opened, send, recv, end)], ["open", "send", "recv", "exit"])
        self.assertEqual(send["msg"], {"jsonrpc": "2.0", "id": 7, "method": "eth_chainId", "params": []})
        self.assertEqual(recv["msg"], {"jsonrpc": "2.0", "id": 7, "result": "0x1"})
        self.assertEqual(recv["status"], 200)
        self.assertEqual(send["comm"], "app")
        self.assertEqual(send["url"], self.server.url + "/")
        self.assertEqual(send["peer"], "127.0.0.1:%d" % self.server.server_port)
        self.assertEqual(send["local"], "127.0.0.1:%d" % self.server.truth[0][0])
        self.assertEqual(send["opener"], send["pid"])
        self.assertTrue(send["client"].startswith("http.client/"))
        self.assertNotIn("host", send)
        self.assertLess(send["mono"], recv["mono"])
        self.assertEqual([x["seq"] for x in (opened, send, recv, end)], [1, 2, 3, 4])
        for key in ("cookie", "ino", "local", "peer", "pid", "start", "tid"):
            self.assertEqual(send[key], recv[key], key)

    def test_every_way_a_reply_may_come(self):
        for way in ("plain", "gzip", "chunked", "close"):
            with self.subTest(way):
                self.logs += way
                self.plain("call('%s', path='/%s').read()" % (way, way))
                self.assertEqual(self.calls(), [("send", way, "eth_chainId"), ("recv", way, "0x1")])

    def test_every_way_a_reply_may_be_read(self):
        reads = ("r.read()", "list(iter(lambda: r.read(3), b''))", "r.readinto(bytearray(999))", "r.readline(); r.read()",
                 "list(iter(lambda: r.read1(5), b''))", "list(r)", "r.peek(); r.read()", "import json; json.load(r)")
        for path in ("/", "/chunked"):
            self.logs += "x"
            self.plain("\n".join("r = call(%d, path='%s'); %s; r.close()" % (i, path, way) for i, way in enumerate(reads)))
            got = [x for x in self.calls() if x[0] != "send"]
            self.assertEqual(got, [("recv", i, "0x1") for i in range(len(reads))], path)

    def test_long_replies_read_in_pieces(self):
        items = b",".join(b'{"hash":"0x%064x","gas":%d}' % (i, i) for i in range(2000))
        replies = {
            "/clear": b'{"id":1,"result":[' + items + b"]}\n",
            "/secret": b'{"method":"personal_newAccount","params":[[' + items + b"]]}",
            "/url": b'{"error":{"message":"http://u:p@h/","data":[' + items + b"]}}",
            "/escape": b'{"id":1,"result":["\\u00e4",' + items + b"]}",
            "/injected": b'{"id":1,"result":[' + items + b']},"ev":"exit","x":{}',
            "/half": b'{"id":1,"result":[' + items,
        }
        self.plain("""
for path in sys.argv[2:]:
    for size in (7000, 40):
        r = call(1, path=path)
        while r.read(size): pass
""", *replies, server=self.serve(replies))
        got = [x for x in self.lines() if x["ev"] == "recv"]
        for path, first, second in zip(replies, got[::2], got[1::2]):
            key = "raw" if path in ("/injected", "/half") else "msg"
            self.assertEqual(first[key], second[key], path)
            text = json.dumps(first[key]) if key == "msg" else first[key]
            self.assertEqual("hash" in text, path != "/secret", path)
            self.assertNotIn("u:p", text)

    def test_what_goes_wrong(self):
        self.plain("""
for way in ("slow", "hangup"):
    try: call(way, path="/" + way).read()
    except Exception as error: print(type(error).__name__)
    conn.close()
try: call("cut", path="/cut").read()
except Exception as error: print(type(error).__name__)
conn.close()
r = call("unread"); r.close(); conn.close()
""")
        got = [x for x in self.calls() if x[0] == "fail"]
        self.assertEqual(got, [("fail", "slow", "timeout"), ("fail", "hangup", "closed"), ("fail", "unread", "not read")])
        cut = [x for x in self.lines() if x.get("part")]
        self.assertEqual([x["msg"]["id"] for x in cut], ["cut"])

    def test_nobody_there(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.run_program(PLAIN + "call(3)", s.getsockname()[1], code=1)
        failed = [x for x in self.lines() if x["ev"] == "fail"]
        self.assertEqual([(x["id"], x["err"]) for x in failed], [(3, "refused")])
        self.assertEqual([x["code"] for x in self.lines() if x["ev"] == "exit"], [1])

    def test_only_json_rpc_is_recorded(self):
        self.plain("""
conn.request("GET", "/"); conn.getresponse().read()
for body in ('{"query": "{ block }"}', "method=eth_chainId", '{"method": "GET", "url": "/"}', "", b"\\xff", '"method"'):
    conn.request("POST", "/", body); conn.getresponse().read()
conn.request("PUT", "/", '{"jsonrpc":"2.0","method":"x"}'); conn.getresponse().read()
""")
        self.assertEqual(self.lines(), [])

    def test_bodies_of_every_kind(self):
        self.plain("""
import io
text = '{"jsonrpc":"2.0","id":%d,"method":"eth_chainId","params":[]}'
conn.request("POST", "/", text % 1); conn.getresponse().read()
conn.request("POST", "/", bytearray((text % 2).encode())); conn.getresponse().read()
body = (text % 3).encode()
conn.request("POST", "/", iter([body[:9], body[9:]]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"}); conn.getresponse().read()
conn.putrequest("POST", "/"); conn.putheader("Content-Length", str(len(body))); conn.endheaders(); conn.send(body[:5]); conn.send(body[5:])
conn.getresponse().read()
conn.request("POST", "/", '[%s,%s]' % (text % 4, text % 5)); conn.getresponse().read()
""")
        sent = [x["msg"] for x in self.lines() if x["ev"] == "send"]
        self.assertEqual([x["id"] for x in sent[:4]], [1, 2, 3, 3])
        self.assertEqual([x["id"] for x in sent[4]], [4, 5])
        self.assertEqual([x["result"] for x in self.lines()[-2]["msg"]], ["0x1", "0x1"])

    def test_secrets_stay_out(self):
        secret = "hunter2-0123456789abcdef"
        self.plain("""
s = sys.argv[2]
call(1, "personal_unlockAccount", "/v3/" + s + "?key=" + s, params=["0xab", s, 300]).read()
conn.close()
conn.host = "127.0.0.2"; conn.port = 1
try: call(2, "personal_newAccount", "/v3/" + s, params=[s])
except OSError: pass
""", secret)
        text = str(self.lines())
        self.assertNotIn("hunter2", text)
        sent = [x for x in self.lines() if x["ev"] == "send"]
        self.assertEqual(sent[0]["msg"]["params"], ["0xab", "<redacted>", 300])
        self.assertTrue(sent[0]["url"].endswith("/v3/<redacted>?key=<redacted>"))

    def test_urllib(self):
        self.plain("""
from urllib.request import Request, urlopen
body = b'{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}'
urlopen(Request("http://127.0.0.1:%d/" % port, body, {"Content-Type": "application/json"})).read()
""")
        self.assertEqual(self.calls(), [("send", 1, "eth_chainId"), ("recv", 1, "0x1")])

    def test_threads_have_their_native_ids(self):
        self.plain("""
import threading
def work(i):
    global_conn = http.client.HTTPConnection("127.0.0.1", port)
    for n in range(20):
        global_conn.request("POST", "/", '{"jsonrpc":"2.0","id":%d,"method":"eth_chainId"}' % (i * 100 + n))
        global_conn.getresponse().read()
    print(threading.get_native_id())
threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
for t in threads: t.start()
for t in threads: t.join()
""")
        lines = self.lines()
        self.assertEqual(sum(x["ev"] == "recv" for x in lines), 160)
        self.assertEqual(len({x["tid"] for x in lines if x["ev"] == "send"}), 8)
        self.assertEqual(sorted(x["seq"] for x in lines), list(range(1, len(lines) + 1)))

    @needs("requests")
    def test_requests(self):
        self.plain("""
import requests
s = requests.Session()
for i, way in enumerate(("", "gzip", "chunked", "close", "")):
    s.post("http://127.0.0.1:%d/%s" % (port, way), json={"jsonrpc": "2.0", "id": i, "method": "eth_chainId"}).json()
r = s.post("http://127.0.0.1:%d/chunked" % port, json={"jsonrpc": "2.0", "id": 9, "method": "eth_chainId"}, stream=True)
list(r.iter_content(3))
""")
        self.assertEqual([x[1] for x in self.calls() if x[0] == "recv"], [0, 1, 2, 3, 4, 9])
        self.assertTrue(all(x["client"].startswith("requests/") for x in self.lines() if x["ev"] == "send"))

    @needs("pip._vendor.requests")
    def test_the_copy_inside_pip(self):
        self.plain("""
from pip._vendor import requests
requests.post("http://127.0.0.1:%d/" % port, json={"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"}).json()
""")
        self.assertEqual(self.calls(), [("send", 1, "eth_chainId"), ("recv", 1, "0x1")])


class HostileTest(Plain):
    """A server that answers what it likes."""

    REPLIES = {
        "/injected": b'{"jsonrpc":"2.0","id":1,"result":true},"ev":"exit","x":{}',
        "/text": b"<html>\r\n\x1b[31m\"quoted\\\" \x00</html>",
        "/binary": b"\xff\xfe{\x80}",
        "/empty": b"",
        "/nan": b'{"id":1,"result":NaN}',
        "/deep": b'{"id":1,"result":' + b"[" * 100000 + b"]" * 100000 + b"}",
        "/digits": b'{"id":1,"result":' + b"9" * 10000 + b"}",
        "/pretty": b'\n{\n "jsonrpc": "2.0",\r\n "id": 1,\n "result": "a\\nb"\n}\n',
        "/surrogate": b'{"id":1,"result":"\\ud800"}',
        "/bomb": None,
        "/secret": b'{"id":1,"method":"personal_newAccount","params":["hunter2"',
    }

    def test_hostile_replies(self):
        server = self.serve(dict(self.REPLIES, **{"/bomb": b"\x1f\x8b" + b"no gzip"}))
        self.plain("for path in sys.argv[2:]: call(path, path=path).read()", *sorted(self.REPLIES), server=server)
        lines = self.lines()
        self.assertEqual(lines[-1]["ev"], "exit")
        replies = dict(zip(sorted(self.REPLIES), (x for x in lines if x["ev"] == "recv")))
        self.assertEqual(len(replies), len(self.REPLIES))
        self.assertEqual(replies["/injected"]["raw"], self.REPLIES["/injected"].decode())
        self.assertEqual(replies["/text"]["raw"], self.REPLIES["/text"].decode())
        self.assertEqual((replies["/binary"]["raw"], replies["/binary"]["enc"]), ("//57gH0=", "base64"))
        self.assertEqual(replies["/empty"]["raw"], "")
        self.assertIn("raw", replies["/nan"])
        self.assertIn("raw", replies["/deep"])
        self.assertEqual(replies["/pretty"]["msg"]["result"], "a\nb")
        self.assertIn("msg", replies["/surrogate"])
        self.assertIn("msg", replies["/digits"])
        self.assertEqual(replies["/secret"]["raw"], '"<redacted>"')


if __name__ == "__main__":
    unittest.main()
