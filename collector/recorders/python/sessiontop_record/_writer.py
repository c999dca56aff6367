"""Appends this process's events to its session log.

One write(2) a line, in the thread that has the event: no thread of the
recorder's own has to live through a fork, and a line that was written survives
whatever happens to the process. A disk that is full, gone or slow never
reaches the program: what cannot be written at once is dropped, counted, and
told by a `lost` line before the next one that can be written.
"""

import os
import stat
import threading
import time

from . import _process, _settings
from ._body import string

MAX_LINE = 64 << 20  # readers skip longer lines
SLOW = 100_000_000  # ns: a write that takes as long makes the next ten times as long a pause
CONTENDED = 0.05  # s to wait for another thread's write
RETRY = 1_000_000_000  # ns until a file that cannot be opened is tried again

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT
for _flag in ("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY", "O_BINARY"):
    _FLAGS |= getattr(os, _flag, 0)

if hasattr(time, "clock_gettime_ns"):

    def monotonic(_clock=time.CLOCK_MONOTONIC, _read=time.clock_gettime_ns):
        """CLOCK_MONOTONIC in ns, which all processes of a host share."""
        return _read(_clock)
else:
    monotonic = time.monotonic_ns

now = time.time_ns
_tid = threading.get_native_id


class Writer:
    def __init__(self):
        self.reset()

    def reset(self):
        """Starts afresh: at import, and in a forked child, whose copy of the
        parent's state is of no use. Locks may be held by threads that it does
        not have."""
        self.pid = os.getpid()
        self.lock = threading.RLock()  # a signal handler may come in here again
        self.count_lock = threading.RLock()
        self.fd, self.file = -1, None
        self.who = b""
        self.seq = 0  # of the last line written
        self.torn = False  # the file ends within a line
        self.lost = 0  # dropped since the last line written
        self.dropped = 0  # dropped ever
        self.busy = 0  # when the write that is going on began
        self.resume = 0  # when to try again

    def drop(self, n=1):
        with self.count_lock:
            self.lost += n
            self.dropped += n

    def emit(self, ts, mono, rest):
        """Writes one line: ts and mono in ns, rest is `,"ev":…` and what follows."""
        if not _settings.on:
            return
        if os.getpid() != self.pid:  # forked behind Python's back
            self._forked()
        if not self._take():
            self.drop()
            return
        try:
            if mono < self.resume or not self._ready() or not self._tell_lost() or not self._append(ts, mono, rest):
                self.drop()
        finally:
            self.lock.release()

    def finish(self):
        """Tells what was dropped, if it can, before the process ends."""
        if self.lost and self.pid == os.getpid() and self._take():
            try:
                if self._ready():
                    self._tell_lost()
            finally:
                self.lock.release()

    def forked(self):
        """In a forked child: its own file comes with its first event."""
        if self._is_open():
            os.close(self.fd)
        self.reset()

    def _forked(self):
        from ._lifecycle import in_child

        in_child()

    def _take(self):
        """The lock, unless another thread's write hangs."""
        if self.lock.acquire(False):
            return True
        began = self.busy
        if began and monotonic() - began > CONTENDED * 1e9:
            return False
        return self.lock.acquire(True, CONTENDED)

    def _tell_lost(self):
        n = self.lost
        if n and not self._append(now(), monotonic(), b',"ev":"lost","n":%d' % n):
            return False
        if n:
            with self.count_lock:
                self.lost -= n
        return True

    def _append(self, ts, mono, rest):
        """Whether the line is whole in the file."""
        line = b'%b{%b"ts":%d,"mono":%d%b,"tid":%d%b,"seq":%d}\n' % (
            b"\n" if self.torn else b"",
            b"" if self.seq else b'"v":1,',
            ts, mono, self.who, _tid(), rest, self.seq + 1,
        )
        if len(line) > MAX_LINE:
            return False
        self.busy = began = monotonic()
        try:
            n = os.write(self.fd, line)
        except OSError:
            return False
        finally:
            self.busy = 0
            took = monotonic() - began
            if took > SLOW:
                self.resume = began + 11 * took
        if n > 0:
            self.torn = n < len(line)
        if n < len(line) - 1:  # without its newline a line is still whole
            return False
        self.seq += 1
        return True

    def _ready(self):
        """Whether the file is open and still the one that was opened: programs
        that become daemons close what they do not know, and then the number may
        be another file's. A file that was deleted is made again."""
        st = self._is_open()
        if st and st.st_nlink:
            return True
        if st:
            os.close(self.fd)
        self.fd = -1
        return self._open()

    def _is_open(self):
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
            fd = os.open(os.path.join(_settings.folder, self.name), _FLAGS, 0o600)
        except (OSError, ValueError):
            self.resume = monotonic() + RETRY
            return False
        try:
            fd = _out_of_the_way(fd)
            st = os.fstat(fd)
            if not stat.S_ISREG(st.st_mode):
                raise OSError("not a regular file")
            if hasattr(os, "fchmod"):
                os.fchmod(fd, 0o600)
            self.torn = st.st_size > 0 and _last_byte(fd) != b"\n"
        except OSError:
            os.close(fd)
            self.resume = monotonic() + RETRY
            return False
        self.fd, self.file, self.seq = fd, (st.st_dev, st.st_ino), 0
        return True

    def _identify(self):
        """What each line says of the process."""
        comm, start = _process.stat()
        comm = _process.name(comm)
        self.name = _process.file_name(comm, self.pid)
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
    try:
        import fcntl

        high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 200)
    except (ImportError, OSError):
        if fd > 2:
            return fd
        os.close(fd)
        raise OSError("no number free for the session log")
    os.close(fd)
    return high


WRITER = Writer()
