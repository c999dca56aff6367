"""Runs programs under the recorder and reads what it wrote."""

import glob
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import textwrap
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
SITE = os.path.join(ROOT, "sessiontop_record", "site")
sys.path[:0] = [p for p in (ROOT, HERE) if p not in sys.path]

from rpcserver import Server  # noqa: E402


def _there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False


def needs(*libraries):
    """Skips a test class or method whose third-party libraries are missing."""
    missing = [name for name in libraries if not _there(name)]
    return unittest.skipIf(missing, "not installed here: " + ", ".join(missing))


def _int(digits):
    return int(digits) if len(digits) < 100 else digits


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="sessiontop-")
        self.logs = os.path.join(self.dir, "logs")
        self.addCleanup(subprocess.call, ["rm", "-rf", self.dir])

    def serve(self, *args, **kwargs):
        server = Server(*args, **kwargs).__enter__()
        self.addCleanup(server.__exit__)
        return server

    def env(self, **more):
        env = {k: v for k, v in os.environ.items() if not k.startswith("SESSIONTOP_") and k != "PYTHONPATH"}
        env.update(PYTHONPATH=SITE, SESSIONTOP_LOG_DIR=self.logs)
        env.update(more)
        return env

    def script(self, text, name="app.py"):
        path = os.path.join(self.dir, name)
        with open(path, "w") as file:
            file.write(textwrap.dedent(text))
        return path

    def run_program(self, text, *args, code=0, env=None, command=None, name="app.py"):
        """Runs a program under the recorder to its end; returns what it printed."""
        command = command or [sys.executable, self.script(text, name)]
        done = subprocess.run(
            command + [str(a) for a in args], env=env or self.env(), cwd=self.dir, timeout=120,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
        )
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertNotIn("sessiontop_record: ", done.stderr)
        return done.stdout

    def lines(self, logs=None):
        """All lines of all logs, in order of time."""
        out = []
        for path in sorted(glob.glob(os.path.join(logs or self.logs, "*.jsonl"))):
            with open(path, "rb") as file:
                data = file.read()
            self.assertTrue(data.endswith(b"\n"), path)
            some = [json.loads(line, parse_int=_int) for line in data.split(b"\n")[:-1]]
            self.assertEqual(some[0].get("v"), 1, path)
            out += some
        return sorted(out, key=lambda line: line["mono"])

    def calls(self, lines=None):
        """(event, id, result or err) of what was sent, read and not read."""
        out = []
        for line in lines if lines is not None else self.lines():
            if line["ev"] in ("send", "recv", "fail"):
                msg = line.get("msg")
                one = msg if isinstance(msg, dict) else {}
                ident = line.get("id") if line["ev"] == "fail" else one.get("id")
                out.append((line["ev"], ident, one.get("method", one.get("result", line.get("err")))))
        return out
