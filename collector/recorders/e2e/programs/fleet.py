"""What the fleets share: a provider that is made, and used, before their
workers are forked; job() is a worker's work."""

import os
import sys

import notes  # noqa: F401
from web3 import HTTPProvider, Web3


def call(w3, method):
    try:
        w3.manager.request_blocking(method, [])
    except Exception as error:
        print("%d %s: %r" % (os.getpid(), method, error), file=sys.stderr)


def connect():
    return Web3(HTTPProvider(os.environ["NODE"], request_kwargs={"timeout": 0.5}))


shared = None
if os.environ["PROVIDER"] == "shared":
    shared = connect()
    call(shared, "eth_chainId")


def job(i):
    w3 = shared or connect()
    for method in ("eth_syncing", "eth_accounts", "eth_blockNumber", "web3_clientVersion"):
        call(w3, method)
    return i
