"""The program that started it all: the main process and two children that it
forks unlock an account and list the accounts. The children use a provider of
their own ("own") or the main process's ("inherited"), which has been used
before the fork ("warm") or has not ("cold"). Many times over, for which reply
goes to whom is chance."""

import os
import sys

import notes  # noqa: F401
from eth_utils import to_checksum_address
from web3 import HTTPProvider, Web3

URL, WHOSE, STATE, TRIALS = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
ACCOUNT = to_checksum_address(sys.argv[5])


def connect():
    return Web3(HTTPProvider(URL, request_kwargs={"timeout": 0.5}))


def call(w3, method, params=()):
    try:
        return w3.manager.request_blocking(method, list(params))
    except Exception as error:
        print("%d %s: %r" % (os.getpid(), method, error), file=sys.stderr)


def warm(w3):
    """Calls until it gets a reply, for a call that takes too long ends the
    connection, and then there is none to inherit."""
    while call(w3, "eth_chainId") is None:
        pass


def work(w3, go):
    os.read(go, 1)
    for _ in range(3):
        call(w3, "personal_unlockAccount", [ACCOUNT, "", 300])
        call(w3, "eth_accounts")


def main():
    for _ in range(TRIALS):
        w3 = connect()
        if STATE == "warm":
            warm(w3)
        children = []
        ready, go = os.pipe()
        for _ in range(2):
            pid = os.fork()
            if pid == 0:
                try:
                    work(w3 if WHOSE == "inherited" else connect(), ready)
                finally:
                    os._exit(0)
            children.append(pid)
        os.write(go, b"go")
        for pid in children:
            os.waitpid(pid, 0)
        os.close(ready)
        os.close(go)


if __name__ == "__main__":
    main()
