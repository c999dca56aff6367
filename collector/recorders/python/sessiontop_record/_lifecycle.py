"""Fork, exec and exit of this process, told where it has JSON-RPC sessions, of
its own or from its parent."""

import atexit
import os
import sys
import threading

from . import _conn
from ._patch import wrap
from ._trouble import swallow
from ._writer import WRITER, monotonic, now

talked = False  # has sent a call
heir = False  # a parent had
ended = False  # has told of its exit
code = None  # what sys.exit was told
_installed = False


def install():
    global _installed
    if _installed:
        return
    _installed = True
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=in_child, after_in_parent=_conn.forked)
    for name in ("fork", "forkpty"):
        wrap(os, name, _fork)
    for name in ("execv", "execve"):  # os.execl, execvp and so on call these
        wrap(os, name, _exec)
    wrap(os, "_exit", _exit)
    wrap(sys, "exit", _sys_exit)
    atexit.register(_at_exit)


def in_child():
    """The child of a fork starts its own log, and knows what it inherited."""
    global talked, heir, ended, code
    try:
        parent = WRITER.pid
        heir = heir or talked
        talked, ended, code = False, False, None
        WRITER.forked()
        _conn.forked()
        if heir:
            _conn.inherit(parent)
    except Exception as error:
        swallow(error)


def _fork(original):
    def fork(*args, **kwargs):
        ts, mono = now(), monotonic()
        result = original(*args, **kwargs)
        try:
            pid = result[0] if isinstance(result, tuple) else result
            if pid and (talked or heir):
                WRITER.emit(ts, mono, b',"ev":"fork","child":%d' % pid)
        except Exception as error:
            swallow(error)
        return result

    return fork


def _exec(original):
    def execv(path, *args, **kwargs):
        try:
            # os.execvp tries every folder of PATH; only a program can be run.
            if (talked or heir) and os.path.isfile(path) and os.access(path, os.X_OK):
                WRITER.emit(now(), monotonic(), b',"ev":"exec"')
        except Exception as error:
            swallow(error)
        return original(path, *args, **kwargs)

    return execv


def _exit(original):
    def exit_now(status=0, *args, **kwargs):
        _tell_exit(status)
        return original(status, *args, **kwargs)

    return exit_now


def _sys_exit(original):
    def exit(*args):
        global code
        if threading.get_ident() == threading.main_thread().ident:
            code = args[0] if args else 0
        return original(*args)

    return exit


def _at_exit():
    """As pythonrun.c has it: None is 0, a number itself, anything else 1; an
    exception that nobody caught 1. A subinterpreter ends without its process."""
    if WRITER.interpreter:
        WRITER.finish()
        return
    if code is None:
        status = 1 if getattr(sys, "last_value", None) is not None else 0
    else:
        status = code if isinstance(code, int) else 1
    _tell_exit(status)


def _tell_exit(status):
    """Only where there is a log to end, or lost events to tell of."""
    global ended
    try:
        if not ended and (talked or WRITER.fd >= 0):
            ended = True
            WRITER.emit(now(), monotonic(), b',"ev":"exit","code":%d' % (int(status) & 0xFF))
        WRITER.finish()
    except Exception as error:
        swallow(error)
