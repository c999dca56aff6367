"""What names one connection: the socket's cookie and inode, both its ends, and
the process that opened it."""

import os
import socket
import stat
import struct
import sys

from ._body import string
from ._trouble import let_pass

# Linux's SO_COOKIE (asm-generic): the number is never used for another socket.
_SO_COOKIE = 57 if sys.platform == "linux" and os.uname().machine[:5] not in ("sparc", "paris") else 0

forks = 0  # how often this process forked, and was forked
_openers = {}  # inode of a socket that was inherited → PID that opened it


def forked():
    """Whatever is open now, another process may hold as well."""
    global forks
    forks += 1


def inherit(parent):
    """In a forked child: remembers which sockets it has from its parent, and
    who opened those."""
    before = dict(_openers)
    _openers.clear()
    for folder in ("/proc/self/fd", "/dev/fd"):
        try:
            numbers = os.listdir(folder)
        except OSError:
            continue
        for number in numbers:
            try:
                st = os.fstat(int(number))
            except (OSError, ValueError):
                continue
            if stat.S_ISSOCK(st.st_mode):
                _openers[st.st_ino] = before.get(st.st_ino, parent)
        return


def describe(sock):
    """The connection's keys of a line, `,"cookie":…,"ino":…,"local":…,"peer":…,
    "opener":…`, as far as they can be had."""
    for _ in range(4):  # TLS inside TLS and pyOpenSSL wrap a socket
        if hasattr(sock, "getsockname") or not hasattr(sock, "socket"):
            break
        sock = sock.socket
    out = b""
    try:
        cookie = struct.unpack("=Q", sock.getsockopt(socket.SOL_SOCKET, _SO_COOKIE, 8))[0] if _SO_COOKIE else 0
        if cookie:
            out += b',"cookie":%d' % cookie
    except Exception as error:
        let_pass(error)
    ino = 0
    try:
        ino = os.fstat(sock.fileno()).st_ino
        if ino:
            out += b',"ino":%d' % ino
    except Exception as error:
        let_pass(error)
    for key, ask in ((b"local", "getsockname"), (b"peer", "getpeername")):
        try:
            end = address(getattr(sock, ask)())
            if end:
                out += b',"%b":%b' % (key, string(end))
        except Exception as error:
            let_pass(error)
    return out + b',"opener":%d' % _openers.get(ino, os.getpid())


def address(end):
    """ip:port, or the path of a Unix socket (@name for an abstract one)."""
    if isinstance(end, tuple):
        host, port = end[:2]
        return "[%s]:%d" % (host, port) if ":" in host else "%s:%d" % (host, port)
    if isinstance(end, bytes):
        end = os.fsdecode(end)
    return "@" + end[1:] if end[:1] == "\0" else end
