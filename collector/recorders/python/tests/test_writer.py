"""The log itself: redaction, and disks that are full, gone, slow or planted."""

import json
import os
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from helper import Case

from sessiontop_record import _body, _process, _redact_url, _settings, _writer

CALLS = """
import http.client, os, sys, time
conn = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
def call(id, pad=0):
    conn.request("POST", "/", '{"jsonrpc":"2.0","id":%d,"method":"eth_chainId","params":["%s"]}' % (id, "x" * pad))
    return conn.getresponse().read()
"""


class DiskTest(Case):
    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def calls_to(self, text, **kwargs):
        return self.run_program(CALLS + text, self.server.server_port, **kwargs)

    def pieces(self):
        """The lines of all logs, and how many are no JSON."""
        good, bad = [], 0
        for name in os.listdir(self.logs):
            with open(os.path.join(self.logs, name), "rb") as file:
                for line in file.read().split(b"\n"):
                    try:
                        good.append(json.loads(line))
                    except ValueError:
                        bad += line != b""
        return good, bad

    def test_a_full_disk(self):
        for room in (0, 100, 700, 1500, 3001):
            with self.subTest(room):
                self.logs += "x"
                self.calls_to("""
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (%d, resource.RLIM_INFINITY))
for i in range(10): call(i)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
time.sleep(0.02)
call(99)
""" % room)
                lines, torn = self.pieces()
                self.assertLessEqual(torn, 1)
                lost = sum(x["n"] for x in lines if x["ev"] == "lost")
                self.assertGreater(lost, 0)
                self.assertEqual(sum(x["ev"] != "lost" for x in lines) + lost, 1 + 22 + 1)
                self.assertEqual([x["msg"]["id"] for x in lines if x["ev"] == "recv"][-1], 99)

    def test_the_folder_is_removed(self):
        self.calls_to("""
import shutil
call(1)
shutil.rmtree(os.environ["SESSIONTOP_LOG_DIR"])
time.sleep(0.02)
call(2)
""")
        lines = self.lines()
        self.assertEqual([x["ev"] for x in lines], ["send", "recv", "exit"])
        self.assertEqual([x["seq"] for x in lines], [1, 2, 3])

    def test_a_folder_that_cannot_be(self):
        with open(os.path.join(self.dir, "file"), "w"):
            pass
        env = self.env(SESSIONTOP_LOG_DIR=os.path.join(self.dir, "file", "logs"))
        self.assertEqual(self.calls_to("print(call(1) == call(2))", env=env), "False\n")

    def test_a_planted_link_is_not_followed(self):
        os.mkdir(self.logs)
        self.calls_to("""
target = os.path.join(os.environ["SESSIONTOP_LOG_DIR"], "app-%d.jsonl" % os.getpid())
os.symlink("/dev/full" if len(sys.argv) > 2 else os.path.abspath("elsewhere"), target)
call(1)
""")
        self.assertFalse(os.path.exists(os.path.join(self.dir, "elsewhere")))

    def test_files_are_private(self):
        self.calls_to("os.umask(0); call(1)")
        (name,) = os.listdir(self.logs)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.logs, name)).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(self.logs).st_mode), 0o700)

    def test_a_program_that_closes_what_it_does_not_know(self):
        self.calls_to("""
call(1)
own = conn.sock.fileno()
os.closerange(3, own); os.closerange(own + 1, 1024)
mine = open("mine", "w"); numbers = [os.dup(mine.fileno()) for _ in range(300)]
time.sleep(0.02)
call(2)
""")
        self.assertEqual(os.path.getsize(os.path.join(self.dir, "mine")), 0)
        self.assertEqual([x["msg"]["id"] for x in self.lines() if x["ev"] == "recv"], [1, 2])

    def test_killed_in_the_middle(self):
        for i in range(15):
            process = subprocess.Popen([sys.executable, self.script(CALLS + "for i in range(10**6): call(i, 3000)"), str(self.server.server_port)],
                                       env=self.env(), cwd=self.dir)
            deadline = time.monotonic() + 60
            log = os.path.join(self.logs, "app-%d.jsonl" % process.pid)
            while not (os.path.exists(log) and os.path.getsize(log)):
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.001)
            time.sleep(0.003 * i)
            process.kill()
            process.wait()
        lines, torn = self.pieces()
        self.assertEqual(len({x["pid"] for x in lines}), 15)
        self.assertLessEqual(torn, 15)

    def test_a_log_that_ends_within_a_line(self):
        self.calls_to("""
os.mkdir(os.environ["SESSIONTOP_LOG_DIR"])
with open(os.path.join(os.environ["SESSIONTOP_LOG_DIR"], "app-%d.jsonl" % os.getpid()), "w") as f: f.write('{"half')
call(1)
""")
        lines, torn = self.pieces()
        self.assertEqual((len(lines), torn), (4, 1))

    def test_a_program_interrupted_by_its_own_signals(self):
        out = self.calls_to("""
import signal
class Mine(Exception): pass
caught = 0
def handler(*a): raise Mine
signal.signal(signal.SIGALRM, handler)
for i in range(400):
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.0001 + i * 0.000004)
        call(i)
        time.sleep(5)
    except Mine: caught += 1
    conn.close()
print(caught)
""")
        # None of them was swallowed, but for what Python ignores in a finaliser.
        self.assertGreaterEqual(int(out), 398)


class WriterTest(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)
        self.was = _settings.folder, _settings.on
        _settings.folder, _settings.on = self.dir.name, True
        self.addCleanup(self.restore)
        self.writer = _writer.Writer()

    def restore(self):
        _settings.folder, _settings.on = self.was

    def emit(self, n=1):
        for _ in range(n):
            self.writer.emit(1, _writer.monotonic(), b',"ev":"close"')

    def lines(self):
        (name,) = os.listdir(self.dir.name)
        with open(os.path.join(self.dir.name, name)) as file:
            return [json.loads(line) for line in file]

    def test_a_slow_disk_holds_nobody_up_for_long(self):
        self.emit()
        write, writes = os.write, []
        self.addCleanup(setattr, os, "write", write)

        def slow(fd, data):
            writes.append(data)
            time.sleep(0.3)
            return write(fd, data)

        os.write = slow
        self.emit(1000)
        self.assertLessEqual(len(writes), 4)  # 1 s of credit
        os.write, self.writer.resume = write, 0
        self.emit()
        lines = self.lines()
        self.assertEqual([x["n"] for x in lines if x["ev"] == "lost"], [1000 - len(writes)])
        self.assertEqual(sum(x["ev"] == "close" for x in lines), len(writes) + 2)

    def test_a_hanging_disk_holds_one_thread_only(self):
        self.emit()
        write, release = os.write, threading.Event()
        self.addCleanup(setattr, os, "write", write)
        os.write = lambda fd, data: (release.wait(30), write(fd, data))[1]
        stuck = threading.Thread(target=self.emit)
        stuck.start()
        while not self.writer.busy:
            time.sleep(0.001)
        self.emit(1000)  # comes back
        release.set()
        stuck.join()
        os.write, self.writer.resume = write, 0
        self.emit()
        self.assertEqual([x["n"] for x in self.lines() if x["ev"] == "lost"], [1000])

    def test_a_lock_that_was_left(self):
        self.emit()
        left = threading.Thread(target=self.writer.lock.acquire)
        left.start()
        left.join()
        deadline = time.monotonic() + 60
        while len(self.lines()) == 1:
            self.assertLess(time.monotonic(), deadline)
            self.emit()
        self.emit(3)
        lines = self.lines()
        self.assertEqual([x["seq"] for x in lines], list(range(1, len(lines) + 1)))
        self.assertEqual([x["ev"] for x in lines], ["close", "lost"] + ["close"] * 4)
        self.assertEqual(self.writer.dropped, lines[1]["n"])

    def test_an_opening_that_hangs_is_not_one_left(self):
        opening, release = self.writer._open, threading.Event()
        self.writer._open = lambda: (release.wait(30), opening())[1]
        stuck = threading.Thread(target=self.emit)
        stuck.start()
        while not self.writer.busy:
            time.sleep(0.001)
        self.addCleanup(setattr, _writer, "LEFT", _writer.LEFT)
        _writer.LEFT = 0
        self.emit(20)
        release.set()
        stuck.join()
        self.emit()
        self.assertEqual([(x["seq"], x["ev"]) for x in self.lines()], [(1, "lost"), (2, "close"), (3, "close")])

    def test_a_signal_handler_that_records_while_recording(self):
        write, inside = os.write, []

        def interrupted(fd, data):
            if not inside:
                inside.append(1)
                self.emit()
            return write(fd, data)

        self.addCleanup(setattr, os, "write", write)
        os.write = interrupted
        self.emit(3)
        self.assertEqual(sorted(x["seq"] for x in self.lines()), [1, 2, 3, 4])

    def test_a_line_too_long_is_lost(self):
        self.writer.emit(1, _writer.monotonic(), b',"ev":"recv","msg":', b'"' + b"x" * (64 << 20) + b'"')
        self.emit()
        self.assertEqual([x["ev"] for x in self.lines()], ["lost", "close"])

    def test_threads(self):
        threads = [threading.Thread(target=self.emit, args=(200,)) for _ in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual([x["seq"] for x in self.lines()], list(range(1, 1601)))

    def test_file_names(self):
        for comm, want in {"worker": "worker-7.jsonl", "": "_-7.jsonl", "..": "_..-7.jsonl", "../../etc/passwd": "_.._.._etc_passwd-7.jsonl",
                           "a" * 999: "a" * 64 + "-7.jsonl"}.items():
            self.assertEqual(_process.file_name(comm, 7), want)


class RedactTest(unittest.TestCase):
    def test_messages(self):
        for text, want in (
            ('{"method":"eth_accounts","params":[]}', None),
            ('{"method":"personal_listAccounts","params":["x"]}', None),
            ('{"method":"personal_unlockAccount"}', None),
            ('{ "method" : "personal_unlockAccount" , "params" : [ "0xab" , "hunter2" , 300 ] }', '{ "method" : "personal_unlockAccount" , "params" : [ "0xab" , "<redacted>" , 300 ] }'),
            ('{"params":["0xab","hunter2"],"method":"personal_unlockAccount"}', '{"params":["0xab","<redacted>"],"method":"personal_unlockAccount"}'),
            ('{"method":"personal_unlockAccount","params":["0xab",null]}', None),
            ('[{"method":"eth_accounts"},{"method":"personal_sign","params":["0x","0xab","hunter2"]}]', '[{"method":"eth_accounts"},{"method":"personal_sign","params":["0x","0xab","<redacted>"]}]'),
            ('{"method":"personal\\u005funlockAccount","params":["0xab","hunter2"]}', '{"method":"personal\\u005funlockAccount","params":["0xab","<redacted>"]}'),
            ('{"m\\u0065thod":"personal_unlockAccount","p\\u0061rams":["0xab","hunter2"]}', '{"m\\u0065thod":"personal_unlockAccount","p\\u0061rams":["0xab","<redacted>"]}'),
            ('{"Method":"Personal_UnlockAccount","PARAMS":["0xab","hunter2"]}', '{"Method":"Personal_UnlockAccount","PARAMS":["0xab","<redacted>"]}'),
            ('{"method":"eth_accounts","params":[1,"hunter2"],"method":"personal_unlockAccount","params":[1,"hunter2"]}', '{"method":"eth_accounts","params":[1,"<redacted>"],"method":"personal_unlockAccount","params":[1,"<redacted>"]}'),
            ('{"method":"personal_unlockAccount","params":{"a":"0xab","p":"hunter2"}}', '{"method":"personal_unlockAccount","params":{"a":"<redacted>","p":"<redacted>"}}'),
            ('{"method":"personal_unlockAccount","params":[["0xab","hunter2"]]}', '{"method":"personal_unlockAccount","params":["<redacted>"]}'),
            ('{"payload":{"method":"personal_newAccount","params":["hunter2"]}}', '{"payload":{"method":"personal_newAccount","params":["<redacted>"]}}'),
            ('[[[[[[[[[{"method":"personal_newAccount","params":["hunter2"]}]]]]]]]]]', '[[[[[[[["<redacted>"]]]]]]]]'),
            ('{"method":"hardhat_reset","params":[{"forking":{"jsonRpcUrl":"https://h/v3/hunter2"}}]}', '{"method":"hardhat_reset","params":["<redacted>"]}'),
            ('{"method":"personal_unlockAccount","params":["0xab","hunt', '"<redacted>"'),
            ('{"method":"personal\\u005funlockAccount","params":["0xab","hunt', '"<redacted>"'),
            ('{"error":"a \\u003c b', None),
            ('"params":["0xab","hunter2"],"method":"', "\"<redacted>\""),
            ('"{\\"method\\":\\"personal_newAccount\\",\\"params\\":[\\"hunter2\\"]}"', '"<redacted>"'),
            ('{"error":{"message":"Post https://h/v3/0123456789abcdef0123456789abcdef: EOF"}}', '{"error":{"message":"Post https://h/v3/<redacted> EOF"}}'),
        ):
            key, value = _body.content(text.encode())
            got = value.decode() if b"msg" in key else json.loads(value)
            self.assertEqual(got, want or text)

    def test_urls(self):
        hexes = "0123456789abcdef0123456789abcdef"
        for url, want in (
            ("http://[::1]:8545/rpc", None), ("/run/user/1000/ethereum/geth.ipc", None), ("", None),
            ("https://rpc.example.org/ethereum-mainnet-archive/v1/mainnet?network=sepolia&limit=100", None),
            ("https://bob:hunter2@rpc.example.org/x", "https://redacted@rpc.example.org/x"),
            ("bob:hunter2@rpc.example.org:8545/x", "redacted@rpc.example.org:8545/x"),
            ("https://bob:hun/ter#2@rpc.example.org/x", "https://redacted@rpc.example.org/x"),
            ("https://bob:hun@ter2@rpc.example.org/x", "https://redacted@rpc.example.org/x"),
            ("https://mainnet.infura.io/v3/" + hexes, "https://mainnet.infura.io/v3/<redacted>"),
            ("https://eth-mainnet.g.alchemy.com/v2/aB3-dEfGh_jKlMnOpQrStUvWxYz01234", "https://eth-mainnet.g.alchemy.com/v2/<redacted>"),
            ("https://h/5b3a8c1e-94f7-4a6b-8a1f-27c1de0a9b11", "https://h/<redacted>"),
            ("https://h/apikey/abcdefgh1234/x", "https://h/apikey/<redacted>/x"),
            ("https://h/%30123456789abcdef0123456789abcde", "https://h/<redacted>"),
            ("https://h/rpc?chain=1&dkey=abc&x=2", "https://h/rpc?chain=1&dkey=<redacted>&x=2"),
            ("https://h/rpc?%61pi%6Bey=abc", "https://h/rpc?%61pi%6Bey=<redacted>"),
            ("https://h/rpc?" + hexes, "https://h/rpc?<redacted>"),
            ("https://h/rpc#token=abc", "https://h/rpc#token=<redacted>"),
            ("https://h/rpc;token=abc/x", "https://h/<redacted>/x"),
        ):
            got = _redact_url.redact_url(url)
            self.assertEqual(got, want or url)
            self.assertEqual(_redact_url.redact_url(got), got)
        self.assertEqual(_redact_url.redact_text("with url: /v3/%s (Caused by X)" % hexes), "with url: /v3/<redacted> (Caused by X)")


if __name__ == "__main__":
    unittest.main()
