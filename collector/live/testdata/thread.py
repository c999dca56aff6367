"""thread.py ADDRESS LOG: a thread with a name of its own calls the server at
each line "call" of standard input; LOG has the process's start time in ticks."""

import http.client
import sys
import threading
import time

address, log = sys.argv[1:]
with open("/proc/self/stat") as stat, open(log, "w") as out:
    start = stat.read().rpartition(")")[2].split()[19]
    out.write(start)


def run():
    with open("/proc/thread-self/comm", "w") as comm:
        comm.write("caller")
    for line in sys.stdin:
        conn = http.client.HTTPConnection(address)
        conn.request("POST", "/", '{"jsonrpc":"2.0","id":1,"method":"eth_call","params":["token"]}')
        conn.getresponse().read()
        print(line.strip(), flush=True)


time.sleep(0.05)  # so that it starts some ticks later
threading.Thread(target=run).start()
