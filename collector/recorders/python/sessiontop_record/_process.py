"""Who writes: what names this process among all of its host."""

import os
import re
import sys


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
    """The process's name: the kernel's, unless that names only the
    interpreter; then the script's or the module's."""
    if comm and not re.match(r"(?i)(python|pypy)[0-9.]*$", comm):
        return comm
    script = sys.argv[0] if getattr(sys, "argv", None) else ""
    folder, base = os.path.split(script)
    if base == "__main__.py":
        base = os.path.basename(folder)
    base = base[:-3] if base.endswith(".py") else base
    if base in ("", "-", "-c", "-m"):
        return comm or "python"
    return base


def file_name(comm, pid):
    """<comm>-<pid>.jsonl, with "_" for all but letters, digits, ".", "-", "_"."""
    safe = re.sub(r"[^a-zA-Z0-9._-]", "_", comm)[:64]
    if safe[:1] in ("", ".", "-"):
        safe = "_" + safe
    return "%s-%d.jsonl" % (safe, pid)
