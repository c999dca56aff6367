"""A worker's own notes: each HTTP request gets a name, "PID-n", in a header;
the proxy says in a header of each reply whose it is. Both go into a file of the
process, in the folder SESSIONTOP_E2E_NOTES, in the order of the requests."""

import itertools
import json
import os

import requests

_send = requests.Session.send
_counts = {}


def send(session, request, **kwargs):
    pid = os.getpid()
    n = next(_counts.setdefault(pid, itertools.count()))
    request.headers["X-Call"] = "%d-%d" % (pid, n)
    body = json.loads(request.body)
    note = {"call": request.headers["X-Call"], "id": body["id"], "method": body["method"]}
    try:
        reply = _send(session, request, **kwargs)
        note["reply"] = reply.headers.get("X-Reply", "")
        return reply
    except Exception as error:
        note["error"] = repr(error)
        raise
    finally:
        with open(os.path.join(os.environ["SESSIONTOP_E2E_NOTES"], "%d.jsonl" % pid), "a") as file:
            file.write(json.dumps(note) + "\n")


requests.Session.send = send
