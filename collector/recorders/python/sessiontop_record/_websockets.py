"""The websockets library's client connections: legacy, asyncio and sync."""

import asyncio

from . import _settings
from ._body import is_call
from ._patch import wrap
from ._session import Session
from ._trouble import swallow
from ._writer import monotonic, now

LINE = "_sessiontop_line"


def hook(module):
    for name in ("WebSocketCommonProtocol", "Connection"):
        connection = getattr(module, name, None)
        if connection is not None:
            wrap(connection, "send", _send)
            wrap(connection, "recv", _recv)
            wrap(connection, "close", _close)


class Line:
    """A connection that has carried a call, and the last one."""

    def __init__(self, session):
        self.session, self.call = session, None
        self.slow = None  # why that has no reply so far, by the program's own time limit

    def fail(self, failure):
        call, self.call, self.slow = self.call, None, None
        self.session.fail(call, failure)

    def go_on(self):
        """To go on after a time limit without the reply is to give up on it; to
        wait again is not."""
        if self.slow is not None:
            self.fail(self.slow)


def _url(conn):
    uri = getattr(getattr(conn, "protocol", None), "uri", None) or getattr(
        getattr(conn, "protocol", None), "wsuri", None
    )
    if uri is not None:
        path = getattr(uri, "resource_name", "/")
        host, port, secure = uri.host, uri.port, uri.secure
    else:
        host, port, secure, path = conn.host, conn.port, conn.secure, getattr(conn, "path", "/")
    if ":" in host:
        host = "[" + host + "]"
    return "%s://%s:%s%s" % ("wss" if secure else "ws", host, port, path)


def _is_client(conn):
    side = getattr(getattr(conn, "protocol", None), "side", None)
    if side is not None:
        return side.name == "CLIENT"
    return getattr(conn, "is_client", True)


def _socket(conn):
    transport = getattr(conn, "transport", None)
    return transport.get_extra_info("socket") if transport is not None else conn.socket


def _sending(conn, message):
    """Records a call that is about to be sent."""
    try:
        if not _settings.on or not isinstance(message, (str, bytes, bytearray)):
            return
        body = message.encode("utf-8", "replace") if isinstance(message, str) else bytes(message)
        if not is_call(body) or not _is_client(conn):
            return
        line = conn.__dict__.get(LINE)
        if line is not None:
            line.go_on()
        ts, mono = now(), monotonic()
        if line is None:
            line = conn.__dict__[LINE] = Line(Session("websockets", _socket(conn), _url(conn), ts, mono))
        line.call = body
        line.session.send(body, ts, mono)
    except Exception as error:
        swallow(error)


def _received(conn, message):
    try:
        line = conn.__dict__.get(LINE)
        if line is not None and isinstance(message, (str, bytes, bytearray)):
            line.call = line.slow = None
            line.session.recv(message.encode("utf-8", "replace") if isinstance(message, str) else bytes(message))
    except Exception as error:
        swallow(error)


def _broken(conn, failure):
    """A call failed. One that is cancelled, which is no Exception, may be taken up
    again: no word."""
    try:
        line = conn.__dict__.get(LINE)
        if line is None or line.call is None or not isinstance(failure, Exception):
            return
        if isinstance(failure, TimeoutError):
            line.slow = "timeout"
        else:
            line.fail(failure)
    except Exception as error:
        swallow(error)


def _send(original):
    def send(self, message, *args, **kwargs):
        _sending(self, message)
        try:
            return original(self, message, *args, **kwargs)
        except BaseException as error:
            _broken(self, error)
            raise

    async def send_async(self, message, *args, **kwargs):
        _sending(self, message)
        try:
            return await original(self, message, *args, **kwargs)
        except BaseException as error:
            _broken(self, error)
            raise

    return send_async if asyncio.iscoroutinefunction(original) else send


def _recv(original):
    def recv(self, *args, **kwargs):
        try:
            message = original(self, *args, **kwargs)
        except BaseException as error:
            _broken(self, error)
            raise
        _received(self, message)
        return message

    async def recv_async(self, *args, **kwargs):
        try:
            message = await original(self, *args, **kwargs)
        except BaseException as error:
            _broken(self, error)
            raise
        _received(self, message)
        return message

    return recv_async if asyncio.iscoroutinefunction(original) else recv


def _close(original):
    def close(self, *args, **kwargs):
        try:
            line = self.__dict__.get(LINE)
            if line is not None:
                line.go_on()
                line.session.close()
        except Exception as error:
            swallow(error)
        return original(self, *args, **kwargs)  # a coroutine or not, the same

    return close
