"""python -m sessiontop_record [--out DIR] app.py ARG… | -m module ARG…

Becomes `python app.py ARG…` with the recorder's sitecustomize folder on
PYTHONPATH, so its child processes are recorded too. `--site` prints that
folder instead.
"""

import os
import subprocess
import sys

from . import DEFAULT_DIR


def environment(site, out):
    env = dict(os.environ)
    rest = env.get("PYTHONPATH")
    env["PYTHONPATH"] = site + (os.pathsep + rest if rest else "")
    env["SESSIONTOP_LOG_DIR"] = os.path.abspath(out or env.get("SESSIONTOP_LOG_DIR") or DEFAULT_DIR)
    return env


def main(args):
    site = os.path.join(os.path.dirname(os.path.abspath(__file__)), "site")
    out = None
    if args[:1] == ["--out"] and len(args) > 1:
        out, args = args[1], args[2:]
    if args == ["--site"]:
        print(site)
        return 0
    if not args or args == ["-m"] or args[0] in ("-h", "--help"):
        print(__doc__.strip(), file=sys.stdout if args[:1] in (["-h"], ["--help"]) else sys.stderr)
        return 0 if args[:1] in (["-h"], ["--help"]) else 2
    env = environment(site, out)
    flags = subprocess._args_from_interpreter_flags()
    command = [sys.executable] + flags + args
    if os.name == "nt":  # there, exec returns to the shell at once
        return subprocess.call(command, env=env)
    sys.stdout.flush()
    os.execve(sys.executable, command, env)


sys.exit(main(sys.argv[1:]))
