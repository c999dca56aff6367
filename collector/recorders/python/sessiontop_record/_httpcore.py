"""httpcore's HTTP/1.1 connections, sync and async, and so httpx."""

import asyncio

from . import _settings
from ._body import LARGEST, decompress, is_call
from ._patch import wrap
from ._session import Session
from ._trouble import swallow
from ._writer import monotonic, now

TALK = "_sessiontop_talk"


def hook(module):
    for name in ("HTTP11Connection", "AsyncHTTP11Connection"):
        connection = getattr(module, name, None)
        if connection is not None:
            wrap(connection, "_send_event", _send_event)
            wrap(connection, "_receive_event", _receive_event)
            wrap(connection, "close", _close)
            wrap(connection, "aclose", _close)


class Talk:
    """What one connection has under way."""

    def __init__(self):
        self.session = self.request = None
        self.clear()

    def clear(self):
        self.target, self.parts, self.size, self.ts, self.mono = None, [], 0, 0, 0
        self.call = None  # the JSON-RPC request that waits for its reply
        self.status, self.encoding = 0, ""

    def sending(self, conn, event):
        kind = type(event).__name__
        if kind == "Request":
            self.clear()
            if event.method == b"POST" and _settings.on:
                self.target = event.target
        elif self.target is not None and kind == "Data":
            self.ts = self.ts or now()
            self.mono = self.mono or monotonic()
            self.keep(event.data)
        elif kind == "EndOfMessage":
            self.sent(conn)

    def keep(self, data):
        self.size += len(data)
        if self.size <= LARGEST:
            self.parts.append(bytes(data))

    def sent(self, conn):
        """All of the request that will be sent has been, or is about to be."""
        if self.target is None:
            return
        body = b"".join(self.parts)
        target, self.target = self.target, None
        self.parts, self.size = [], 0
        if not is_call(body):
            return
        url = _url(conn, target)
        sock = conn._network_stream.get_extra_info("socket")
        if self.session is None:
            self.session = Session("httpcore", sock, url, self.ts, self.mono)
        self.call = body
        self.session.at(url).send(body, self.ts, self.mono)

    def received(self, event):
        if self.call is None:
            return
        kind = type(event).__name__
        if kind == "Response":
            self.status = event.status_code
            self.encoding = dict(event.headers).get(b"content-encoding", b"").decode("latin-1")
        elif kind == "Data":
            self.keep(event.data)
        elif kind == "EndOfMessage":
            self.call = None
            if self.size > LARGEST:
                self.session.recv(None, self.status, True)
            else:
                self.session.recv(decompress(b"".join(self.parts), self.encoding), self.status)

    def failed(self, error):
        call, self.call = self.call, None
        if call is None:
            return
        if self.parts and isinstance(error, str):
            self.session.recv(b"".join(self.parts), self.status, True)
        else:
            self.session.fail(call, error)


def _url(conn, target):
    origin = conn._origin
    if target.startswith(b"/"):
        target = b"%b://%b:%d%b" % (origin.scheme, origin.host, origin.port, target)
    return target.decode("latin-1")


def _talk(conn):
    talk = conn.__dict__.get(TALK)
    if talk is None:
        talk = conn.__dict__[TALK] = Talk()
    return talk


def _note(conn, what, *args):
    try:
        talk = _talk(conn)
        getattr(talk, what)(*args)
    except Exception as error:
        swallow(error)


def _send_event(original):
    def send_event(self, event, *args, **kwargs):
        _note(self, "sending", self, event)
        return original(self, event, *args, **kwargs)  # a coroutine or not, the same

    return send_event


def _receive_event(original):
    def receive_event(self, *args, **kwargs):
        _note(self, "sent", self)
        try:
            event = original(self, *args, **kwargs)
        except BaseException as error:
            _note(self, "failed", error)
            raise
        _note(self, "received", event)
        return event

    async def receive_event_async(self, *args, **kwargs):
        _note(self, "sent", self)
        try:
            event = await original(self, *args, **kwargs)
        except BaseException as error:
            _note(self, "failed", error)
            raise
        _note(self, "received", event)
        return event

    return receive_event_async if asyncio.iscoroutinefunction(original) else receive_event


def _close(original):
    def close(self, *args, **kwargs):
        try:
            talk = self.__dict__.get(TALK)
            if talk is not None and talk.session is not None:
                talk.failed("not read")
                talk.session.close()
        except Exception as error:
            swallow(error)
        return original(self, *args, **kwargs)

    return close
