"""One connection that carries JSON-RPC, and the calls on it: what every hook
turns its library's events into."""

import socket

from . import _conn, _lifecycle
from ._body import LARGEST, content, ids, string
from ._client import client
from ._conn import describe
from ._redact_url import redact_url
from ._trouble import words
from ._writer import WRITER, monotonic, now


class Session:
    """A connection, described at its first call."""

    __slots__ = ("sock", "url", "library", "socket_keys", "keys", "sent", "came", "open", "forks", "plain")

    def __init__(self, library, sock, url, ts=0, mono=0):
        """ts and mono of the first call tell when it was open at the latest."""
        self.library, self.sock = library, sock
        self.socket_keys = describe(sock) if sock is not None else b""
        self.open = sock is not None
        self._at(url)
        self.plain = isinstance(sock, socket.socket) and not hasattr(sock, "cipher")
        self.forks = -1  # how often this process had forked, or was, when it opened the socket
        if self.socket_keys.endswith(b',"opener":%d' % WRITER.pid):
            self.forks = _conn.forks
            WRITER.emit(ts or now(), mono or monotonic(), b',"ev":"open"' + self.keys)

    def _at(self, url):
        self.url = url
        self.keys = self.socket_keys + b',"url":' + string(redact_url(url)[:1024])
        self.keys += b',"client":' + string(client(self.library))
        self.sent = b',"ev":"send"' + self.keys
        self.came = {}  # status → the same of a reply

    def at(self, url):
        """The session itself, from now on with calls to this URL."""
        if url != self.url:
            self._at(url)
        return self

    def is_counted(self):
        """Whether it is told where its messages stand: other processes may hold the
        socket, for it was there at a fork, and the kernel's bytes are theirs, which
        those of TLS are not."""
        return self.forks != _conn.forks and self.plain

    def send(self, body, ts, mono, place=b""):
        """A call or batch was sent, from ts and mono on; both in ns. place are the
        keys of where it stands on the connection."""
        _lifecycle.talked = True
        key, value = content(body)
        WRITER.emit(ts, mono, self.sent + place + key, value)

    def recv(self, body, status=0, part=False, ts=0, mono=0, place=b""):
        """A message has been read. body None: its bytes were not kept; a list: its
        pieces, which are clear."""
        ts, mono = ts or now(), mono or monotonic()
        rest = (self.came.get(status) or self._came(status)) + place
        if type(body) is list:
            WRITER.emit(ts, mono, rest + b',"msg":', body)
            return
        if body is not None and len(body) > LARGEST:
            body, part = None, True
        if part:
            rest += b',"part":true'
        key, value = (b"", b"") if body is None else content(body)
        WRITER.emit(ts, mono, rest + key, value)

    def _came(self, status):
        rest = b',"ev":"recv"' + self.keys + (b',"status":%d' % status if status else b"")
        self.came = {status: rest}
        return rest

    def fail(self, body, error):
        """The calls in body, which was sent or was to be, get no reply."""
        why = error if isinstance(error, str) else words(error)
        rest = b',"ev":"fail"' + self.keys + b',"err":' + string(why)
        for one in ids(body) or [b""]:
            WRITER.emit(now(), monotonic(), rest + (b',"id":' + one if one else b""))

    def close(self):
        """The connection was closed here."""
        if self.open:
            self.open = False
            WRITER.emit(now(), monotonic(), b',"ev":"close"' + self.keys)
