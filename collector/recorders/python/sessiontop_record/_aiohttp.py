"""aiohttp's client."""

from . import _settings
from ._body import is_call
from ._patch import wrap
from ._session import Session
from ._trouble import swallow
from ._writer import monotonic, now

SESSION = "_sessiontop_session"
CALL = "_sessiontop_call"


def hook(module):
    if module.__name__ == "aiohttp.client_proto":
        wrap(module.ResponseHandler, "connection_lost", _connection_lost)
        return
    wrap(module.ClientRequest, "send", _send)
    wrap(module.ClientRequest, "_send", _send)
    wrap(module.ClientResponse, "start", _start)
    wrap(module.ClientResponse, "read", _read)
    wrap(module.ClientResponse, "release", _leave)
    wrap(module.ClientResponse, "close", _leave)


class Call:
    """One request, from its sending to its reply."""

    def __init__(self, session, body):
        self.session, self.body = session, body
        self.ts = self.mono = 0  # when the reply's last byte came
        self.reading = self.over = False

    def came(self):
        self.ts, self.mono = now(), monotonic()

    def reply(self, body, status):
        if not self.over:
            self.over = True
            self.session.recv(body, status, body is None, self.ts, self.mono)

    def fail(self, error):
        if not self.over:
            self.over = True
            self.session.fail(self.body, error)


def _begin(request, conn):
    """The Call, if the request is JSON-RPC."""
    if not _settings.on or request.method != "POST":
        return None
    body = getattr(request.body, "_value", request.body)
    if not isinstance(body, (bytes, bytearray)) or not is_call(body):
        return None
    ts, mono = now(), monotonic()
    url = str(request.url)
    protocol = conn.protocol
    session = getattr(protocol, SESSION, None)
    if session is None:
        sock = conn.transport.get_extra_info("socket")
        session = Session("aiohttp", sock, url, ts, mono)
        setattr(protocol, SESSION, session)
    session.at(url).send(bytes(body), ts, mono)
    return Call(session, bytes(body))


def _send(original):
    async def send(self, conn, *args, **kwargs):
        call = None
        try:
            call = _begin(self, conn)
        except Exception as error:
            swallow(error)
        try:
            response = await original(self, conn, *args, **kwargs)
        except BaseException as error:
            _note(call, "fail", error)
            raise
        try:
            if call is not None:
                setattr(response, CALL, call)
        except Exception as error:
            swallow(error)
        return response

    return send


def _note(call, what, *args):
    try:
        if call is not None:
            getattr(call, what)(*args)
    except Exception as error:
        swallow(error)


def _start(original):
    async def start(self, *args, **kwargs):
        call = getattr(self, CALL, None)
        try:
            result = await original(self, *args, **kwargs)
        except BaseException as error:
            _note(call, "fail", error)
            raise
        try:
            if call is not None:
                self.content.on_eof(call.came)
        except Exception as error:
            swallow(error)
        return result

    return start


def _read(original):
    async def read(self, *args, **kwargs):
        call = getattr(self, CALL, None)
        if call is None or call.over:
            return await original(self, *args, **kwargs)
        call.reading = True
        try:
            body = await original(self, *args, **kwargs)
        except BaseException as error:
            _note(call, "fail", error)
            raise
        _note(call, "reply", body, self.status)
        return body

    return read


def _leave(original):
    """The response is given up, or its body was read as a stream, which is
    not kept."""

    def leave(self, *args, **kwargs):
        try:
            call = getattr(self, CALL, None)
            if call is not None and not call.over and not call.reading:
                if call.ts:
                    call.reply(None, self.status)
                else:
                    call.fail("not read")
        except Exception as error:
            swallow(error)
        return original(self, *args, **kwargs)

    return leave


def _connection_lost(original):
    def connection_lost(self, *args, **kwargs):
        try:
            session = getattr(self, SESSION, None)
            if session is not None:
                session.close()
        except Exception as error:
            swallow(error)
        return original(self, *args, **kwargs)

    return connection_lost
