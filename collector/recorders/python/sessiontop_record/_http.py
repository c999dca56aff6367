"""http.client, and so urllib3 (every copy of it), requests, web3.py's
HTTPProvider and urllib.request, which all send and read through it.

HTTPConnection.send gets the header, then the body; getresponse is called when
all of the body is sent; the reply's body is read from HTTPResponse.fp, which is
closed the moment it has been read. So those three places see every byte.
"""

import sys

from . import _settings
from ._body import LARGEST, dechunk, decompress, is_call, is_clear
from ._patch import wrap
from ._place import of_reply, of_request, watch, written
from ._session import Session
from ._trouble import swallow
from ._writer import monotonic, now

TALK = "_sessiontop_talk"


def hook(module):
    connection = module.HTTPConnection
    wrap(connection, "send", _send)
    wrap(connection, "getresponse", _getresponse)
    wrap(connection, "close", _close)


class Talk:
    """What one HTTPConnection has under way."""

    __slots__ = ("head", "line", "chunks", "size", "ts", "mono", "before", "session", "reading", "closing")

    def __init__(self):
        self.head = self.line = self.chunks = self.before = self.session = self.reading = None
        self.size = self.ts = self.mono = 0
        self.closing = False

    def begin(self, head, sock):
        """The header of a POST is about to be sent."""
        self.head, self.chunks = head, None
        session = self.session
        known = session is not None and session.sock is sock and session.is_counted()
        self.before = written(sock) if known else None

    def add(self, data):
        """A piece of the request's body, about to be sent."""
        if self.chunks is None:
            self.ts, self.mono = now(), monotonic()
            self.chunks = []
            self.size = 0
        if type(data) is not bytes:
            if not isinstance(data, (bytes, bytearray, memoryview)):
                self.head = None  # a file or an iterable: not a client's JSON-RPC
                return
            data = bytes(data)
        self.size += len(data)
        if self.size > LARGEST or (not self.chunks and data[:1] not in b"{[ \t\r\n0123456789abcdefABCDEF"):
            self.head = None
            return
        self.chunks.append(data)

    def body(self):
        """The request's body if it is JSON-RPC, else None."""
        if not self.chunks:
            return None
        body = self.chunks[0] if len(self.chunks) == 1 else b"".join(self.chunks)
        if body[:1] not in b"{[" and b"chunked" in self.head.lower():
            body = dechunk(body)[0]
        return body if is_call(body) else None

    def send(self, conn, body):
        """All of the request has been sent."""
        session, place = self.session_for(conn), b""
        if session.is_counted():
            place = of_request(self.before, written(session.sock), len(self.head) + self.size)
        session.send(body, self.ts, self.mono, place)
        return session

    def session_for(self, conn):
        """The session, described anew when the connection has a new socket."""
        line = self.head[: self.head.find(b"\r\n")]
        if self.session is None or self.session.sock is not conn.sock:
            self.session = Session("http", conn.sock, _url(conn, line), self.ts, self.mono)
        elif line != self.line:
            self.session.at(_url(conn, line))
        self.line = line
        return self.session


def _url(conn, line):
    """The endpoint of a request that begins with this line."""
    target = line.split(b" ")
    path = target[1].decode("latin-1") if len(target) > 1 else ""
    if not path.startswith("/"):  # to a proxy: the whole URL
        return path
    host, port = getattr(conn, "_tunnel_host", None) or conn.host, conn.port
    if getattr(conn, "_tunnel_host", None):
        port = conn._tunnel_port
    tls = conn.default_port == 443 or hasattr(conn.sock, "cipher")
    if ":" in host and not host.startswith("["):
        host = "[" + host + "]"
    return "%s://%s:%s%s" % ("https" if tls else "http", host, port, path)


def _send(original):
    def send(self, data):
        talk = None
        try:
            talk = self.__dict__.get(TALK)
            if type(data) is bytes and data[:5] == b"POST ":
                if _settings.on:
                    if talk is None:
                        talk = self.__dict__[TALK] = Talk()
                    talk.begin(data, self.sock)
            elif talk is not None and talk.head is not None:
                talk.add(data)
        except Exception as error:
            swallow(error)
        if talk is None or talk.head is None:
            return original(self, data)
        try:
            return original(self, data)
        except BaseException as error:
            _not_sent(self, talk, error)
            raise

    return send


def _not_sent(conn, talk, error):
    try:
        body = talk.body()
        if body is not None:
            session = talk.session_for(conn)
            session.send(body, talk.ts, talk.mono)
            session.fail(body, error)
        elif not talk.chunks:
            body = _planned()
            if body is not None:
                Session("http", None, _url(conn, talk.head.split(b"\r\n")[0])).fail(body, error)
        talk.head = talk.chunks = None
    except Exception as trouble:
        swallow(trouble)


def _planned():
    """The JSON-RPC that was to be sent on a connection that did not come
    about: among the callers, who alone know it yet."""
    frame = sys._getframe(1)
    for _ in range(20):
        if frame is None:
            break
        body = frame.f_locals.get("body") if frame.f_code.co_name in ("request", "_send_request", "urlopen") else None
        if isinstance(body, str):
            body = body.encode("utf-8", "replace")
        if isinstance(body, bytes) and is_call(body):
            return body
        frame = frame.f_back
    return None


def _getresponse(original):
    def getresponse(self, *args, **kwargs):
        if args or kwargs:  # urllib3 1.x tries what Python 2 took, and then without
            return original(self, *args, **kwargs)
        body = None
        try:
            talk = self.__dict__.get(TALK)
            if talk is not None and talk.head is not None:
                body = talk.body()
                if body is not None:
                    session = talk.send(self, body)
                talk.head = talk.chunks = None
        except Exception as error:
            swallow(error)
        if body is None:
            return original(self)
        talk.reading = True
        try:
            response = _watched(original, self) if session.is_counted() else original(self)
        except BaseException as failure:
            _no_reply(talk, body, failure)
            raise
        try:
            if response.fp is None:
                session.recv(b"", response.status)
                talk.reading = None
            else:
                response.fp = Reply(response, talk, body)
        except Exception as error:
            swallow(error)
        return response

    return getresponse


def _watched(original, conn):
    """The response, read through what notes where."""
    own = conn.__dict__.get("response_class")
    conn.response_class = watch(conn.response_class)
    try:
        return original(conn)
    finally:
        if own is None:
            del conn.response_class
        else:
            conn.response_class = own


def _no_reply(talk, body, failure):
    try:
        talk.reading = None
        talk.session.fail(body, failure)
        if talk.closing:
            _late_close(talk)
    except Exception as error:
        swallow(error)


def _close(original):
    def close(self):
        try:
            talk = self.__dict__.get(TALK)
            if talk is not None:
                talk.head = talk.chunks = None
                if talk.session is not None and self.sock is not None:
                    talk.closing = True
                    if talk.reading is None:
                        _late_close(talk)
        except Exception as error:
            swallow(error)
        return original(self)

    return close


def _late_close(talk):
    """A connection that ends with its reply is closed, for http.client, before
    that has been read."""
    talk.closing = False
    session, talk.session = talk.session, None
    session.close()


class Reply:
    """Stands for HTTPResponse.fp and keeps what is read from it."""

    __slots__ = ("_fp", "_talk", "_session", "_request", "_response", "_length", "_chunked", "_parts", "_size")

    def __init__(self, response, talk, request):
        self._fp = response.fp
        self._talk, self._session, self._request = talk, talk.session, request
        self._response = response.status, response.headers
        self._length, self._chunked = response.length, response.chunked
        self._parts, self._size = [], 0

    def __getattr__(self, name):
        return getattr(self._fp, name)

    def __iter__(self):
        return iter(self.readline, b"")

    def _kept(self, read, args):
        try:
            data = read(*args)
        except BaseException as failure:
            self._end(failure)
            raise
        if data and self._size <= LARGEST:
            self._parts.append(data)
            self._size += len(data)
        return data

    def read(self, *args):
        return self._kept(self._fp.read, args)

    def read1(self, *args):
        return self._kept(self._fp.read1, args)

    def readline(self, *args):
        return self._kept(self._fp.readline, args)

    def readinto(self, buffer):
        try:
            n = self._fp.readinto(buffer)
        except BaseException as failure:
            self._end(failure)
            raise
        try:
            if n and self._size <= LARGEST:
                self._parts.append(bytes(memoryview(buffer).cast("B")[:n]))
                self._size += n
        except Exception as error:
            swallow(error)
        return n

    readinto1 = readinto

    def close(self):
        self._end(None)
        self._fp.close()

    def _end(self, failure):
        """The body has been read, or will not be."""
        session, self._session = self._session, None
        if session is None:
            return
        try:
            place = of_reply(self._fp) if session.is_counted() else b""
            status, headers = self._response
            body, whole = (self._parts, True) if failure is None and self._is_clear() else self._body()
            if failure is not None:
                session.fail(self._request, failure)
            elif self._size > LARGEST:
                session.recv(None, status, True, place=place)
            elif body or whole:
                if whole and body is not self._parts and body[:1] not in b"{[":  # a look into the headers takes its time
                    body = decompress(body, headers.get("Content-Encoding"))
                session.recv(body, status, not whole, place=place)
            else:
                session.fail(self._request, "not read")
            self._talk.reading = None
            if self._talk.closing:
                _late_close(self._talk)
        except Exception as error:
            swallow(error)

    def _is_clear(self):
        """Whether all of it was read, and the pieces need not be joined."""
        parts = self._parts
        if len(parts) < 2 or self._size != self._length or self._chunked:
            return False
        parts[-1] = parts[-1].rstrip(b"\r\n")
        return is_clear(parts)

    def _body(self):
        """What was read, and whether that is all of it."""
        wire = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        if self._chunked:
            return dechunk(wire)
        return wire, self._length is None or len(wire) >= self._length
