"""gevent, eventlet and subinterpreters, which put other threads under a program."""

import os
import unittest

from helper import Case, needs

GREEN = """
import json, os, sys, threading
import http.client
url, ways = sys.argv[1], []
def call(conn, id):
    conn.request("POST", "/", '{"jsonrpc":"2.0","id":%d,"method":"eth_chainId"}' % id)
    assert json.loads(conn.getresponse().read())["id"] == id
def work(first):
    conn = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=30)
    for i in range(5): call(conn, first + i)
    conn.close()
    ways.append(first)
def run():
    threads = [threading.Thread(target=work, args=(100 * i,)) for i in range(8)]
    for t in threads: t.start()
    for t in threads: t.join()
    assert len(ways) == 8
run()
pid = os.fork()
if pid == 0:
    work(900)
    os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
"""

# Runs code in a subinterpreter, by whatever way this Python has.
SUBINTERPRETER = """
import sys
def inside(code):
    try:
        import _interpreters as subs
    except ImportError:
        import _xxsubinterpreters as subs
    one = subs.create("legacy") if sys.version_info >= (3, 13) else subs.create()
    subs.run_string(one, code)
    subs.destroy(one)
"""


class RuntimeTest(Case):
    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def patched(self, patch, *imports):
        """The same with the patch before and after http.client is imported."""
        for text in (patch + GREEN, "import http.client, sys\n" + patch + GREEN):
            self.logs += "x"
            self.run_program("import warnings; warnings.simplefilter('ignore')\n" + text, self.server.server_port)
            sent = sorted(id for ev, id, _ in self.calls() if ev == "send")
            self.assertEqual(sent, sorted([100 * i + n for i in range(8) for n in range(5)] + [900 + n for n in range(5)]))
            self.assertEqual(sorted(id for ev, id, _ in self.calls() if ev == "recv"), sent)
            for name in os.listdir(self.logs):
                self.assertRegex(name, r"^app-\d+\.jsonl$")
            self.assertEqual({x["comm"] for x in self.lines()}, {"app"})
            self.assertEqual({x["ev"] for x in self.lines()}, {"open", "send", "recv", "close", "fork", "exit"})

    @needs("gevent")
    def test_gevent(self):
        self.patched("from gevent import monkey; monkey.patch_all()")

    @needs("eventlet")
    def test_eventlet(self):
        self.patched("import eventlet; eventlet.monkey_patch()")

    def test_a_child_of_a_thread_has_the_name_of_the_program(self):
        self.run_program(GREEN.replace("run()\npid", "pid") .replace("pid = os.fork()", """
def fork():
    global pid
    pid = os.fork()
    if pid == 0:
        work(900)
        os._exit(0)
for thread in (threading.Thread(target=fork), threading.Thread(target=fork, name="mine")):
    thread.start(); thread.join(); os.waitpid(pid, 0)
pid = os.fork()"""), self.server.server_port)
        self.assertEqual({x["comm"] for x in self.lines()}, {"app"})
        self.assertEqual(len(os.listdir(self.logs)), 3)

    @needs("_interpreters" if os.sys.version_info >= (3, 13) else "_xxsubinterpreters")
    def test_subinterpreters_have_their_own_files(self):
        self.run_program(SUBINTERPRETER + """
code = '''
import http.client
conn = http.client.HTTPConnection("127.0.0.1", %s)
for id in (1, 2):
    conn.request("POST", "/", '{"jsonrpc":"2.0","id":%%d,"method":"eth_chainId"}' %% id); conn.getresponse().read()
''' % sys.argv[1]
exec(code); inside(code); exec(code); inside(code)
""", self.server.server_port)
        names = sorted(name.split("-")[0] for name in os.listdir(self.logs))
        self.assertEqual(len(names), 3)
        self.assertEqual(names[0], "app")
        self.assertEqual(sum(x["ev"] == "recv" for x in self.lines()), 8)
        self.assertEqual([x["ev"] for x in self.lines() if x["ev"] == "exit"], ["exit"])
        self.assertEqual(self.lines()[-1]["ev"], "exit")


if __name__ == "__main__":
    unittest.main()
