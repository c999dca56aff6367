"""Who writes: what names this process among all of its host."""

import os
import re
import sys
import threading
from importlib import import_module


def stat():
    """(comm, start time in clock ticks since boot) as proc_pid_stat(5) has
    them: the second field is the name in parentheses, whatever it contains, the
    22nd the start time. ("", 0) where there is no /proc."""
    try:
        with open("/proc/self/stat", "rb") as file:
            text = file.read()
    except OSError:
        return "", 0
    opening, end = text.find(b"("), text.rfind(b")")
    fields = text[end + 1 :].split()
    comm = text[opening + 1 : end].decode("utf-8", "replace")
    return comm, int(fields[22 - 3])


def name(comm):
    """The process's name: the kernel's, unless that names only the interpreter
    or a thread; then the script's or the module's."""
    if comm and not re.match(r"(?i)(python|pypy)[0-9.]*$", comm) and not _names_thread(comm):
        return comm
    script = sys.argv[0] if getattr(sys, "argv", None) else ""
    folder, base = os.path.split(script)
    if base == "__main__.py":
        base = os.path.basename(folder)
    base = base[:-3] if base.endswith(".py") else base
    if base in ("", "-", "-c", "-m"):
        return comm or "python"
    return base


def _names_thread(comm):
    """From 3.14 on a thread gives its name to the kernel, which keeps 15 bytes:
    a child that it forks is called so, and with gevent's threads, that are
    none, the process itself."""
    if sys.version_info < (3, 14):
        return False
    names = [t.name.encode("utf-8", "replace")[:15].decode("utf-8", "replace") for t in threading.enumerate()]
    return comm in names or re.match("(Thread|Dummy)-[0-9]|ThreadPoolExecu", comm) is not None


def interpreter():
    """Number of this interpreter in its process; the main one's is 0."""
    for module in ("_interpreters", "_xxsubinterpreters"):  # from 3.13 on, before
        try:
            current = import_module(module).get_current()
        except ImportError:
            continue
        return int(current[0] if isinstance(current, tuple) else current)
    return 0


def file_name(comm, pid):
    """<comm>-<pid>.jsonl, with "_" for all but letters, digits, ".", "-", "_"."""
    safe = re.sub(r"[^a-zA-Z0-9._-]", "_", comm)[:64]
    if safe[:1] in ("", ".", "-"):
        safe = "_" + safe
    return "%s-%d.jsonl" % (safe, pid)
