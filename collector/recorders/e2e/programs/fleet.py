"""What the fleets share: a provider that is made, and used, before their
workers are forked; job() is a worker's work."""

import os
import sys

import notes  # noqa: F401
from web3 import HTTPProvider, Web3


def call(w3, method):
    try:
        return w3.manager.request_blocking(method, [])
    except Exception as error:
        print("%d %s: %r" % (os.getpid(), method, error), file=sys.stderr)


def warm(w3):
    """Calls until it gets a reply, for a call that takes too long ends the
    connection, and then there is none to inherit."""
    while call(w3, "eth_chainId") is None:
        pass


def connect():
    return Web3(HTTPProvider(os.environ["NODE"], request_kwargs={"timeout": 0.5}))


shared = None
if os.environ["PROVIDER"] == "shared":
    shared = connect()
    warm(shared)


def job(i):
    w3 = shared or connect()
    for method in ("eth_syncing", "eth_accounts", "eth_blockNumber", "web3_clientVersion"):
        call(w3, method)
    return i
