"""The program that started it all: the main process warms up its web3.py
provider, then two forked children unlock the account and list the accounts, a
few times over. `cold` leaves the warm-up out, `inherit` uses the parent's
provider in the children. Each request says who asks, in a header."""

import multiprocessing
import os
import sys

from web3 import HTTPProvider, Web3

URL, MODE, ROUNDS = sys.argv[1], sys.argv[2], int(sys.argv[3])


def connect():
    return Web3(HTTPProvider(URL, request_kwargs={"headers": asker(), "timeout": 5}))


def asker():
    return {"Content-Type": "application/json", "X-Asker": str(os.getpid())}


def work(w3):
    if w3 is None:
        w3 = connect()
    else:
        w3.provider._request_kwargs["headers"] = asker()
    for _ in range(ROUNDS):
        for method, params in (("personal_unlockAccount", ["0x00000000219ab540356cbb839cbe05303d7705fa", "hunter2", 300]), ("eth_accounts", [])):
            try:
                w3.provider.make_request(method, params)
            except Exception as error:
                print("%s: %r" % (method, error), file=sys.stderr)


if __name__ == "__main__":
    w3 = connect()
    if MODE != "cold":
        w3.provider.make_request("eth_chainId", [])
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=work, args=(w3 if MODE == "inherit" else None,)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
