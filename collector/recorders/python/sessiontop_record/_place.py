"""Where on its TCP connection a message stands: the kernel counts a socket's
bytes for all the processes that hold it, so what it says orders their messages,
whatever their stamps say. Linux 4.19 and later; elsewhere nothing is told.

A message that was written while the count went up by just its size stands there
for certain: `off`. Of others it is known up to where the count was after them,
`upto`, and their size: they are not past that, and seldom before it.
"""

import socket
import struct
import sys

from ._trouble import let_pass

try:
    from fcntl import ioctl
    from termios import FIONREAD
except ImportError:  # not on Windows
    ioctl = FIONREAD = None

TRIES = 3  # to catch a moment in which nothing comes
_TCP_INFO = 11
# struct tcp_info of linux/tcp.h: tcpi_bytes_received, tcpi_notsent_bytes,
# tcpi_bytes_sent and tcpi_bytes_retrans.
_COUNTS = struct.Struct("=128xQ8xI52xQQ")


def _counts(sock):
    return _COUNTS.unpack(sock.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, _COUNTS.size))


def written(sock):
    """How many bytes were written to the connection so far, None: not known."""
    try:
        _, waiting, sent, again = _counts(sock)
        return sent - again + waiting
    except Exception as error:
        let_pass(error)
        return None


def was_read(sock):
    """How many bytes were read from the connection so far: at least what it was
    at the call, and more if others read meanwhile."""
    came, waiting = _counts(sock)[0], bytearray(4)
    for _ in range(TRIES):
        ioctl(sock.fileno(), FIONREAD, waiting)
        before, came = came, _counts(sock)[0]
        if came == before:  # else what has come meanwhile would count as read
            break
    return came - int.from_bytes(waiting, sys.byteorder)


def of_request(before, after, size):
    """The keys of a request of so many bytes, by the counts around it."""
    if after is None:
        return b""
    if before is not None and after - before == size:
        return b',"off":%d,"size":%d' % (before, size)
    return _up_to(after, size)


def _up_to(end, size):
    return b',"upto":%d,"size":%d' % (end, size)


class Reads(socket.SocketIO):
    """Stands below a reply's buffer and notes where each piece was read."""

    # Of the first pieces that follow each other; others read those between.
    start = end = None
    whole = True
    ended = False

    def readinto(self, buffer):
        if self.ended:
            return 0
        n = super().readinto(buffer)
        if n and self.whole:
            try:
                self._note(n, was_read(self._sock))
            except Exception as error:
                self.whole = False
                let_pass(error)
        return n

    def _note(self, n, end):
        if self.start is None:
            self.start, self.end = end - n, end
        elif end - n == self.end:
            self.end = end
        else:
            self.whole = False


def watch(response_class):
    """The class, for one response whose reads are to be noted."""

    def make(sock, *args, **kwargs):
        response = response_class(sock, *args, **kwargs)
        try:
            if type(response.fp.raw) is socket.SocketIO:
                response.fp.raw.__class__ = Reads
        except Exception as error:
            let_pass(error)
        return response

    return make


def of_reply(buffer):
    """The keys of a reply of which all that will be has been read through that
    buffer. What the buffer has left is the next one's."""
    try:
        reads = buffer.raw
        if type(reads) is not Reads or reads.start is None:
            return b""
        end = reads.end
        if reads.whole:
            reads.ended = True  # so that peek reads nothing
            end -= len(buffer.peek())
        return _up_to(end, end - reads.start)
    except Exception as error:
        let_pass(error)
        return b""
