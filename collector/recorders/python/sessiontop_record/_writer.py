"""Appends this process's events to its session log.

One write(2) a line, in the thread that has the event: no thread of the
recorder's own has to live through a fork, and a line that was written survives
whatever happens to the process. A disk that is full, gone or slow never
reaches the program: what cannot be written at once is dropped, counted, and
told by a `lost` line before the next one that can be written.
"""

import _thread
import os
import stat
import sys
import time

from . import _process, _settings
from ._body import string

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None

MAX_LINE = 64 << 20  # readers skip longer lines
SLOW = 10_000_000  # ns: a write that takes longer is at the expense of the
CREDIT = 1_000_000_000  # ns that all slow writes may take, and
SHARE = 10  # one in so many ns that pass since
CONTENDED = 0.5  # s to wait for another thread, which may wait for the GIL after its write
LEFT = 2_000_000_000  # ns without a write after which a lock is taken to be left
GATHER = 1 << 15 if hasattr(os, "writev") else MAX_LINE  # bytes past which a body is not copied into its line
SURE = 10_000_000  # ns for which the file need not be looked at again
RETRY = 1_000_000_000  # ns until a file that cannot be opened is tried again

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT
for _flag in ("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY", "O_BINARY"):
    _FLAGS |= getattr(os, _flag, 0)

# CLOCK_MONOTONIC in ns, which all processes of a host share.
if sys.platform == "linux" or not hasattr(time, "clock_gettime_ns"):
    monotonic = time.monotonic_ns  # the same there, in half the time
else:

    def monotonic():
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


now = time.time_ns
_tid = _thread.get_native_id


class Writer:
    def __init__(self):
        self.interpreter = _process.interpreter()  # each has a writer, and so a file
        self.reset()

    def reset(self):
        """Starts afresh: at import, and in a forked child, whose copy of the
        parent's state is of no use. Locks may be held by threads that it does
        not have."""
        self.pid = os.getpid()
        # A signal handler may come in here again; threading's may be gevent's.
        self.lock = _thread.RLock()
        self.count_lock = _thread.RLock()
        self.fd, self.file = -1, None
        self.who = b""
        self.seq = 0  # of the last line
        self.torn = False  # the file ends within a line
        self.lost = 0  # dropped since the last line written
        self.dropped = 0  # dropped ever
        self.busy = 0  # when the write, or the opening, that is going on began
        self.stuck = -1, 0  # seq when a thread waited in vain, and since when
        self.resume = 0  # when to try again
        self.credit, self.charged = CREDIT, monotonic()  # for slow writes
        self.sure = 0  # until when the file is taken to be in order

    def drop(self, n=1):
        with self.count_lock:
            self.lost += n
            self.dropped += n

    def emit(self, ts, mono, rest, body=b""):
        """Writes one line: ts and mono in ns, then rest, `,"ev":…` and what
        follows, then body, which may be long: bytes, or a list of them."""
        if not _settings.on:
            return
        lock = self.lock
        if not lock.acquire(False) and not self._wait(lock):
            self.drop()
            return
        try:
            ready = (mono < self.sure or self._ready(mono)) and (not self.lost or self._tell_lost())
            if not ready or not self._append(ts, mono, rest, body):
                self.drop()
        finally:
            lock.release()

    def finish(self):
        """Tells what was dropped, if it can, before the process ends."""
        lock = self.lock
        if self.lost and (lock.acquire(False) or self._wait(lock)):
            try:
                if self._ready(monotonic()):
                    self._tell_lost()
            finally:
                lock.release()

    def forked(self):
        """In a forked child: its own file comes with its first event."""
        if self._stat():
            os.close(self.fd)
        self.reset()

    def _wait(self, lock):
        """For the lock, unless the write that has it hangs. If nobody has written
        for long, the exception of a signal handler left it locked, and there is a
        new one."""
        began = self.busy
        if began and monotonic() - began > CONTENDED * 1e9:
            return False
        if lock.acquire(True, CONTENDED):
            return True
        seq, since = self.stuck
        if self.busy or seq != self.seq:
            self.stuck = self.seq, monotonic()
        elif monotonic() - since > LEFT and lock is self.lock:
            self.lock = _thread.RLock()
        return False

    def _tell_lost(self):
        n = self.lost
        if not self._append(now(), monotonic(), b',"ev":"lost","n":%d' % n):
            return False
        with self.count_lock:
            self.lost -= n
        return True

    def _append(self, ts, mono, rest, body=b""):
        """Whether the line is whole in the file."""
        seq = self.seq = self.seq + 1  # a signal handler may write a line before this one
        head = b'{"ts":%d,"mono":%d%b,"tid":%d%b' % (ts, mono, self.who, _tid(), rest)
        tail = b',"seq":%d}\n' % seq
        if seq == 1:
            head = b'{"v":1,' + head[1:]
        if self.torn:
            head = b"\n" + head
        size = len(head) + len(tail) + (sum(map(len, body)) if type(body) is list else len(body))
        n = self._write(head, body, tail) if size <= MAX_LINE else -1
        if n > 0:
            self.torn = n < size
        if n >= size - 1:  # without its newline a line is still whole
            return True
        if self.seq == seq:
            self.seq = seq - 1
        return False

    def _write(self, head, body, tail):
        self.busy = began = monotonic()
        try:
            if type(body) is list:
                return os.writev(self.fd, [head] + body + [tail])
            if len(body) > GATHER:
                return os.writev(self.fd, (head, body, tail))
            return os.write(self.fd, head + body + tail)
        except OSError:
            return -1
        finally:
            self.busy = 0
            took = monotonic() - began
            if took > SLOW:
                self._charge(took)

    def _charge(self, took):
        """Slow writes may hold the program up for a tenth of the time; a hiccup,
        or a machine with too much to do, is within the credit."""
        at = monotonic()
        self.credit = min(CREDIT, self.credit + (at - self.charged) // SHARE) - took
        self.charged = at
        if self.credit < 0:
            self._pause(-self.credit * SHARE)

    def _pause(self, ns):
        self.sure, self.resume = 0, monotonic() + ns

    def _ready(self, mono):
        """Whether the file is open and still the one that was opened: programs
        that become daemons close what they do not know, and then the number may
        be another file's. A file that was deleted is made again."""
        if mono < self.resume:
            return False
        st = self._stat()
        if not st or not st.st_nlink:
            if st:
                os.close(self.fd)
            self.fd, self.busy = -1, monotonic()
            opened = self._open()
            self.busy = 0
            if not opened:
                self._pause(RETRY)
                return False
        self.sure = mono + SURE
        return True

    def _stat(self):
        """Of the file, if its number is still its own."""
        if self.fd < 0:
            return None
        try:
            st = os.fstat(self.fd)
        except OSError:
            return None
        return st if (st.st_dev, st.st_ino) == self.file else None

    def _open(self):
        try:
            os.makedirs(_settings.folder, 0o700, exist_ok=True)
            self._identify()
            fd = _out_of_the_way(os.open(os.path.join(_settings.folder, self.name), _FLAGS, 0o600))
        except (OSError, ValueError):
            return False
        st = os.fstat(fd)
        try:
            if not stat.S_ISREG(st.st_mode) or fd < 3:
                raise OSError("no place for a log")
            if hasattr(os, "fchmod"):
                os.fchmod(fd, 0o600)  # it may have been there, open to others
            self.torn = st.st_size > 0 and _last_byte(fd) != b"\n"
        except OSError:
            os.close(fd)
            return False
        self.fd, self.file, self.seq = fd, (st.st_dev, st.st_ino), 0
        return True

    def _identify(self):
        """What each line says of the process."""
        comm, start = _process.stat()
        comm = _process.name(comm)
        self.name = _process.file_name("%s.%d" % (comm, self.interpreter) if self.interpreter else comm, self.pid)
        who = b',"host":' + string(_settings.host) if _settings.host else b""
        who += b',"pid":%d,"ppid":%d' % (self.pid, os.getppid())
        if start:
            who += b',"start":%d' % start
        self.who = who + b',"comm":' + string(comm)


def _last_byte(fd):
    os.lseek(fd, -1, os.SEEK_END)  # O_APPEND: writing does not care
    return os.read(fd, 1)


def _out_of_the_way(fd):
    """The file under a high number: the program may count on the low ones."""
    if fcntl is None:
        return fd
    try:
        high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 200)
    except OSError:
        return fd
    os.close(fd)
    return high


WRITER = Writer()
