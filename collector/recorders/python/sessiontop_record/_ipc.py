"""web3.py's IPC providers: JSON-RPC on a Unix socket, message after message."""

import re
import sys

from . import _settings
from ._body import LARGEST, is_call, is_json
from ._patch import wrap
from ._session import Session
from ._trouble import swallow
from ._writer import monotonic, now

_END = re.compile(rb"[}\]]\s*$")


def hook(module):
    wrap(module, "get_ipc_socket", _get_ipc_socket)
    wrap(module, "async_get_ipc_socket", _async_get_ipc_socket)


class Pipe:
    """One connection: what was sent on it, and what came until it is a message."""

    def __init__(self, sock, path):
        self.sock, self.path = sock, str(path)
        self.session = self.call = None
        self.rest = b""

    def sending(self, data):
        try:
            body = bytes(data).strip()
            if not _settings.on or not is_call(body):
                return
            ts, mono = now(), monotonic()
            if self.session is None:
                self.session = Session("web3", self.sock, self.path, ts, mono)
            self.call = body
            self.session.send(body, ts, mono)
        except Exception as error:
            swallow(error)

    def received(self, data):
        try:
            if self.session is None or not data:
                return
            self.rest += data
            if len(self.rest) > LARGEST:
                self.rest = b""
                self.session.recv(None, part=True)
            elif _END.search(self.rest[-64:]):
                self.messages()
        except Exception as error:
            swallow(error)

    def messages(self):
        """Records what has come, when it is whole: one message, or several of
        a line each."""
        whole = self.rest.strip()
        bodies = [whole] if is_json(whole.decode("utf-8", "replace")) else whole.split(b"\n")
        if all(is_json(body.decode("utf-8", "replace")) for body in bodies):
            self.rest, self.call = b"", None
            for body in bodies:
                self.session.recv(body)

    def fail(self, error):
        try:
            call, self.call, self.rest = self.call, None, b""
            if call is not None and self.session is not None:
                self.session.fail(call, error)
        except Exception as trouble:
            swallow(trouble)

    def close(self):
        """web3.py closes a connection when it gives a call up, for the reason
        that is being raised then."""
        try:
            if self.call is not None:
                self.fail(sys.exc_info()[1] or "closed")
            if self.session is not None:
                self.session.close()
        except Exception as error:
            swallow(error)


class Socket:
    """Stands for the socket of IPCProvider."""

    def __init__(self, sock, path):
        self._sock, self._pipe = sock, Pipe(sock, path)

    def __getattr__(self, name):
        return getattr(self._sock, name)

    def sendall(self, data, *args):
        self._pipe.sending(data)
        try:
            return self._sock.sendall(data, *args)
        except BaseException as error:
            self._pipe.fail(error)
            raise

    def recv(self, *args):
        data = self._sock.recv(*args)
        self._pipe.received(data)
        return data

    def close(self):
        self._pipe.close()
        return self._sock.close()


def _get_ipc_socket(original):
    def get_ipc_socket(ipc_path, *args, **kwargs):
        return Socket(original(ipc_path, *args, **kwargs), ipc_path)

    return get_ipc_socket


class Reader:
    """Stands for the StreamReader of AsyncIPCProvider."""

    def __init__(self, reader, pipe):
        self._reader, self._pipe = reader, pipe

    def __getattr__(self, name):
        return getattr(self._reader, name)

    async def _noted(self, coming):
        data = await coming
        self._pipe.received(data)
        return data

    async def readline(self):
        return await self._noted(self._reader.readline())

    async def read(self, *args):
        return await self._noted(self._reader.read(*args))

    async def readuntil(self, *args):
        return await self._noted(self._reader.readuntil(*args))


class Writer:
    """Stands for its StreamWriter."""

    def __init__(self, writer, pipe):
        self._writer, self._pipe = writer, pipe

    def __getattr__(self, name):
        return getattr(self._writer, name)

    def write(self, data):
        self._pipe.sending(data)
        return self._writer.write(data)

    def close(self):
        self._pipe.close()
        return self._writer.close()


def _async_get_ipc_socket(original):
    async def async_get_ipc_socket(ipc_path, *args, **kwargs):
        reader, writer = await original(ipc_path, *args, **kwargs)
        pipe = Pipe(writer.get_extra_info("socket"), ipc_path)
        return Reader(reader, pipe), Writer(writer, pipe)

    return async_get_ipc_socket
