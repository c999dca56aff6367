"""Fork, exec, exit, and the ways to start the recorder."""

import os
import subprocess
import sys
import time
import unittest

from helper import ROOT, SITE, Case, needs

CALL = """
import http.client, os, sys
port = int(sys.argv[1])
conn = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
def call(id, conn=conn):
    conn.request("POST", "/", '{"jsonrpc":"2.0","id":%d,"method":"eth_chainId","params":[]}' % id)
    return conn.getresponse().read()
"""


class ProcessTest(Case):
    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def run_calls(self, text, *args, **kwargs):
        return self.run_program(CALL + text, self.server.server_port, *args, **kwargs)

    def by_pid(self):
        pids = {}
        for line in self.lines():
            pids.setdefault(line["pid"], []).append(line)
        return pids

    def test_a_child_has_its_own_file_and_knows_what_it_inherited(self):
        out = self.run_calls("""
call(1)
sys.stdout.flush()
pid = os.fork()
if pid == 0:
    other = http.client.HTTPConnection("127.0.0.1", port)
    call(2); call(3, other)
    os._exit(7)
os.waitpid(pid, 0)
print(os.getpid(), pid)
""")
        parent, child = map(int, out.split())
        pids = self.by_pid()
        self.assertEqual([x["ev"] for x in pids[parent]], ["open", "send", "recv", "fork", "exit"])
        self.assertEqual(pids[parent][3]["child"], child)
        events = [(x["ev"], x.get("opener")) for x in pids[child]]
        self.assertEqual(events, [("send", parent), ("recv", parent), ("open", child), ("send", child), ("recv", child), ("exit", None)])
        self.assertEqual(pids[child][0]["cookie"], pids[parent][0]["cookie"])
        self.assertEqual(pids[child][0]["ino"], pids[parent][0]["ino"])
        self.assertNotEqual(pids[child][2]["ino"], pids[parent][0]["ino"])
        self.assertEqual({x["ppid"] for x in pids[child]}, {parent})
        self.assertEqual(pids[child][-1]["code"], 7)
        self.assertLess(pids[parent][3]["mono"], pids[child][0]["mono"])
        self.assertEqual([x["seq"] for x in pids[child]], [1, 2, 3, 4, 5, 6])

    def test_an_opener_two_forks_away(self):
        out = self.run_calls("""
call(1)
sys.stdout.flush()
pid = os.fork()
if pid == 0:
    unused = http.client.HTTPConnection("127.0.0.1", port)
    unused.connect()
    grandchild = os.fork()
    if grandchild == 0:
        call(2); call(3, unused)
        os._exit(0)
    os.waitpid(grandchild, 0)
    print(os.getppid(), os.getpid(), grandchild, flush=True)
    os._exit(0)
os.waitpid(pid, 0)
""")
        parent, child, grandchild = map(int, out.split())
        sends = [x["opener"] for x in self.by_pid()[grandchild] if x["ev"] == "send"]
        self.assertEqual(sends, [parent, child])

    def test_exec(self):
        self.run_calls("""
call(1)
os.execvp("true", ["true"])
""")
        self.assertEqual([x["ev"] for x in self.lines()], ["open", "send", "recv", "exec"])

    def test_exec_in_a_child(self):
        self.run_calls("""
call(1)
pid = os.fork()
if pid == 0:
    os.execlp("true", "true")
os.waitpid(pid, 0)
import subprocess
subprocess.check_call(["true"])
""")
        self.assertEqual([x["ev"] for x in self.lines()], ["open", "send", "recv", "fork", "exec", "exit"])

    def test_exit_codes(self):
        for text, code in (("sys.exit(3)", 3), ("sys.exit('word')", 1), ("sys.exit()", 0), ("1/0", 1), ("os._exit(5)", 5),
                           ("import threading; t = threading.Thread(target=sys.exit, args=(4,)); t.start(); t.join()", 0)):
            with self.subTest(text):
                self.logs += "x"
                self.run_calls("call(1)\n" + text, code=code)
                self.assertEqual([x["code"] for x in self.lines() if x["ev"] == "exit"], [code])

    def test_start_methods_of_multiprocessing(self):
        for method in ("fork", "spawn", "forkserver"):
            with self.subTest(method):
                self.logs += "x"
                self.run_calls("""
import multiprocessing
def work(i):
    call(i, http.client.HTTPConnection("127.0.0.1", port))
if __name__ == "__main__":
    context = multiprocessing.get_context("%s")
    children = [context.Process(target=work, args=(i,)) for i in range(3)]
    for child in children: child.start()
    for child in children: child.join()
""" % method)
                pids = self.by_pid()
                self.assertEqual(len(pids), 3)
                for lines in pids.values():
                    self.assertEqual([x["ev"] for x in lines], ["open", "send", "recv", "exit"])
                    self.assertEqual(lines[0]["opener"], lines[0]["pid"])

    def test_a_thousand_forks(self):
        self.run_calls("""
call(0)
for i in range(1, 1001):
    pid = os.fork()
    if pid == 0:
        if i % 10 == 0:
            call(i, http.client.HTTPConnection("127.0.0.1", port))
        os._exit(0)
    os.waitpid(pid, 0)
call(1001)
print(len(os.listdir("/proc/self/fd")))
""")
        lines = self.lines()
        self.assertEqual(sum(x["ev"] == "fork" for x in lines), 1000)
        self.assertEqual(sum(x["ev"] == "recv" for x in lines), 102)
        self.assertEqual(len(os.listdir(self.logs)), 101)

    def test_import_is_enough(self):
        env = self.env(PYTHONPATH=ROOT)
        del env["SESSIONTOP_LOG_DIR"]
        self.run_calls("import sessiontop_record\ncall(1)", env=env)
        self.assertEqual([x["ev"] for x in self.lines(os.path.join(self.dir, "sessiontop-logs"))], ["open", "send", "recv", "exit"])

    def test_runner(self):
        path = self.script(CALL + "call(1); print(sys.argv[2:], __name__, __file__); sys.exit(4)")
        env = self.env(PYTHONPATH=ROOT)
        for command in (["-m", "sessiontop_record", path], ["-m", "sessiontop_record", "-m", "app"]):
            self.logs += "x"
            env["SESSIONTOP_LOG_DIR"] = self.logs
            out = self.run_program("", self.server.server_port, "a", "-b", code=4, env=env, command=[sys.executable] + command)
            self.assertEqual(out.strip(), "['a', '-b'] __main__ " + os.path.realpath(path))
            self.assertEqual([x["ev"] for x in self.lines()], ["open", "send", "recv", "exit"])
            self.assertEqual({x["comm"] for x in self.lines()}, {"app"})

    def test_sitecustomize_chains(self):
        other = os.path.join(self.dir, "other")
        os.mkdir(other)
        with open(os.path.join(other, "sitecustomize.py"), "w") as file:
            file.write("import sys; sys.was_here = __name__, __file__")
        out = self.run_calls("call(1); print(*sys.was_here); import sitecustomize; print(sitecustomize.__file__)",
                             env=self.env(PYTHONPATH=SITE + os.pathsep + other))
        self.assertEqual(out.split(), ["sitecustomize"] + [os.path.join(other, "sitecustomize.py")] * 2)
        self.assertEqual([x["ev"] for x in self.lines()], ["open", "send", "recv", "exit"])

    def test_without_a_folder_nothing_happens(self):
        env = self.env()
        del env["SESSIONTOP_LOG_DIR"]
        out = self.run_calls("call(1); print([m for m in sys.modules if m.startswith('sessiontop')])", env=env)
        self.assertEqual(out.strip(), "[]")
        self.assertEqual(os.listdir(self.dir), ["app.py"])

    def test_nothing_is_imported_that_the_program_does_not_import(self):
        text = "import sys; print(sorted(m for m in sys.modules if not m.startswith(('sessiontop', 'sitecustomize'))))"
        env = self.env()
        recorded = self.run_program(text, env=env)
        self.assertEqual(os.path.exists(self.logs), False)
        del env["PYTHONPATH"]
        finding = "import importlib.machinery, importlib.util; "  # what it takes to find the recorder and a hidden sitecustomize
        more = set(eval(recorded)) - set(eval(self.run_program(finding + text, env=env)))
        self.assertEqual(more, set())

    def test_host(self):
        self.run_calls("call(1)", env=self.env(SESSIONTOP_HOST="w1"))
        self.assertEqual({x["host"] for x in self.lines()}, {"w1"})

    def test_stop_and_start(self):
        env = self.env(PYTHONPATH=ROOT)
        self.run_calls("""
import sessiontop_record
call(1)
sessiontop_record.stop(); call(2)
sessiontop_record.start(); call(3)
assert sessiontop_record.dropped() == 0
""", env=env)
        self.assertEqual([x["msg"]["id"] for x in self.lines() if "msg" in x], [1, 1, 3, 3])

    @needs("gunicorn")
    def test_gunicorn(self):
        for more in ([], ["--preload"]):
            with self.subTest(more):
                self.logs += "x"
                self.gunicorn(more)
                opened = {x["pid"] for x in self.lines() if x["ev"] == "send"}
                self.assertTrue(opened)
                self.assertEqual({x["comm"] for x in self.lines()}, {"gunicorn"})
                shared = any(x["opener"] != x["pid"] for x in self.lines() if x["ev"] == "send")
                self.assertEqual(shared, bool(more))

    def gunicorn(self, more):
        self.script(CALL.replace("int(sys.argv[1])", str(self.server.server_port)) + """
def app(environ, start):
    start("200 OK", [("Content-Type", "application/json")])
    return [call(2)]
call(1)
""", "web.py")
        path = os.path.join(self.dir, "g.sock")
        process = subprocess.Popen([sys.executable, "-m", "gunicorn", "-w", "2", "-b", "unix:" + path, "web:app"] + more,
                                   env=self.env(), cwd=self.dir, stderr=subprocess.PIPE, universal_newlines=True)
        try:
            for line in process.stderr:
                if "Booting worker" in line:
                    break
            for _ in range(20):
                ask = "import http.client, socket; c = http.client.HTTPConnection('x'); c.sock = socket.socket(socket.AF_UNIX); c.sock.settimeout(20); c.sock.connect(%r); c.request('GET', '/'); print(c.getresponse().read())" % path
                out = subprocess.run([sys.executable, "-c", ask], stdout=subprocess.PIPE, universal_newlines=True).stdout
                self.assertIn("0x1", out)
        finally:
            process.terminate()
            process.communicate()

    @needs("celery")
    def test_celery_prefork(self):
        self.script(CALL.replace("int(sys.argv[1])", str(self.server.server_port)) + """
from celery import Celery
from celery.signals import worker_ready
app = Celery("jobs", broker="memory://")
app.conf.worker_hijack_root_logger = False
call(1)
@app.task
def job(i):
    try:
        call(i)
    except Exception:  # two workers on one connection: the server has closed it, perhaps
        conn.close()
        call(i)
    open("done-%d" % i, "w").close()
@worker_ready.connect
def ready(sender, **kw):
    for i in range(2, 6):
        job.delay(i)
""", "jobs.py")
        process = subprocess.Popen([sys.executable, "-m", "celery", "-A", "jobs", "worker", "-c", "2", "-P", "prefork", "--without-mingle", "--without-gossip"],
                                   env=self.env(), cwd=self.dir, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.time() + 60
            while not all(os.path.exists(os.path.join(self.dir, "done-%d" % i)) for i in range(2, 6)):
                self.assertLess(time.time(), deadline, "celery did not do its jobs")
                time.sleep(0.1)
        finally:
            process.terminate()
            process.wait()
        lines = self.lines()
        self.assertEqual(sorted({x["msg"]["id"] for x in lines if x["ev"] == "send"}), [1, 2, 3, 4, 5])
        self.assertIn(process.pid, [x["opener"] for x in lines if x["ev"] == "send" and x["pid"] != process.pid])
        self.assertEqual(sum(x["ev"] == "fork" for x in lines if x["pid"] == process.pid), 2)


if __name__ == "__main__":
    unittest.main()
