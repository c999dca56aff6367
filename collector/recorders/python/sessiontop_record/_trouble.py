"""What to do with an error of the recorder itself, and how to name one of the
program's."""

import _signal
import os
import socket

from ._redact_url import redact_text

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_KNOWN = ("builtins", "json.decoder", "zlib", "binascii", "socket")  # what is called here raises no other
_CLOSED = {
    "RemoteDisconnected", "IncompleteRead", "IncompleteReadError", "ServerDisconnectedError",
    "ConnectionClosed", "ClientConnectionResetError",
}


def swallow(error):
    """Called in every hook's own `except Exception`. The recorder's errors end
    here as a dropped event; what the program raised goes on."""
    if _from_program(error):
        try:
            raise error
        finally:
            del error  # or it would hold this frame, and this frame it
    from ._writer import WRITER

    WRITER.drop()


def let_pass(error):
    """Raises an exception again that the program raised, from a signal handler
    or another thread, while the recorder ran."""
    if _from_program(error):
        try:
            raise error
        finally:
            del error


def _from_program(error):
    handlers = {_code(_signal.getsignal(n)) for n in range(1, _signal.NSIG)}
    step, file = error.__traceback__, _HERE
    while step is not None:
        if step.tb_frame.f_code in handlers:
            return True
        file = step.tb_frame.f_code.co_filename
        step = step.tb_next
    return file.startswith(_HERE) and type(error).__module__ not in _KNOWN


def _code(handler):
    handler = getattr(handler, "func", handler)  # functools.partial
    handler = getattr(handler, "__func__", handler)
    if not hasattr(handler, "__code__"):
        handler = getattr(type(handler), "__call__", None)
    return getattr(handler, "__code__", None)


def words(error):
    """Why no reply was read, in the log's words, else the library's own."""
    causes = list(_causes(error))
    names = {cls.__name__ for e in causes for cls in type(e).__mro__}
    if any(isinstance(e, (socket.timeout, TimeoutError)) or "Timeout" in type(e).__name__ for e in causes):
        return "timeout"
    if "ConnectionRefusedError" in names:
        return "refused"
    if names & _CLOSED:
        return "closed"
    if names & {"ConnectionResetError", "BrokenPipeError"}:
        return "reset"
    return redact_text("%s: %s" % (type(error).__name__, error))[:500]


def _causes(error):
    for _ in range(8):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
