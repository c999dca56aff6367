"""Programs that the recorder must not disturb, without any library:
calls N rm|unlink, short N, killed N. Every call has an id of its own."""

import http.client
import os
import random
import shutil
import signal
import sys
import time

PORT, HOW, COUNT = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
BODY = '{"jsonrpc":"2.0","id":"%d-%d","method":"eth_getTransactionCount","params":["0x00000000219ab540356cbb839cbe05303d7705fa","latest"]}'


def connect():
    return http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)


def call(conn, n):
    conn.request("POST", "/", BODY % (os.getpid(), n), {"Content-Type": "application/json"})
    reply = conn.getresponse().read()
    assert b'"%d-%d"' % (os.getpid(), n) in reply, reply


def calls():
    """COUNT calls, then no log folder any more, or more room on its disk; then
    some more calls."""
    folder = os.environ["SESSIONTOP_LOG_DIR"]
    conn = connect()
    for n in range(COUNT):
        call(conn, n)
    if sys.argv[4] == "rm":
        shutil.rmtree(folder)
    else:
        os.unlink(os.path.join(os.path.dirname(folder), "filler"))
    time.sleep(0.1)
    for n in range(COUNT, COUNT + 5):
        call(conn, n)


def short():
    """COUNT processes, some at a time, of one call each; the first connection
    stays open in all of them, unused."""
    conn = connect()
    call(conn, 0)
    running = 0
    for n in range(COUNT):
        if running == 8:
            assert os.wait()[1] == 0
            running -= 1
        if os.fork() == 0:
            own = connect()
            call(own, n)
            own.close()
            os._exit(0)
        running += 1
    while running:
        assert os.wait()[1] == 0
        running -= 1


def killed():
    """COUNT processes, each killed while it makes calls."""
    for _ in range(COUNT):
        pid = os.fork()
        if pid == 0:
            conn, n = connect(), 0
            while True:
                call(conn, n)
                n += 1
        time.sleep(random.uniform(0.005, 0.05))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


{"calls": calls, "short": short, "killed": killed}[HOW]()
