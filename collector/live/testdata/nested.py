"""Calls over TLS within calls over TLS: nested.py LIBSSL ADDRESS LOG.

On each line of standard input it makes a call over each of two connections, then
one over the first, within whose SSL_write the library calls back, and one is made
over the second.
"""
import ctypes
import glob
import os
import socket
import sys

library, address, log = sys.argv[1:]
for crypto in glob.glob(os.path.join(os.path.dirname(library), "libcrypto*.so.3")):
    ctypes.CDLL(crypto, mode=ctypes.RTLD_GLOBAL)
ssl = ctypes.CDLL(library)
for function in ssl.TLS_client_method, ssl.SSL_CTX_new, ssl.SSL_new:
    function.restype = ctypes.c_void_p
pointer, buffer = ctypes.c_void_p, ctypes.create_string_buffer(1 << 14)
sockets, within = [], []


def connect():
    host, port = address.split(":")
    sockets.append(socket.create_connection((host, int(port))))
    session = pointer(ssl.SSL_new(pointer(ssl.SSL_CTX_new(pointer(ssl.TLS_client_method())))))
    ssl.SSL_set_fd(session, sockets[-1].fileno())
    assert ssl.SSL_connect(session) == 1
    return session


def call(session, token):
    content = b'{"jsonrpc":"2.0","id":1,"method":"eth_call","params":["%s"]}' % token
    content = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content)
    assert ssl.SSL_write(session, content, len(content)) == len(content)
    reply = b""
    while not reply.endswith(b"}"):
        n = ssl.SSL_read(session, buffer, len(buffer))
        assert n > 0
        reply += buffer.raw[:n]
    assert token in reply


@ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_int, ctypes.c_int, pointer, ctypes.c_size_t, pointer, pointer)
def on_message(*_):
    if within:
        call(second, within.pop())


for line in sys.stdin:
    first, second = connect(), connect()
    call(first, b"first")
    call(second, b"second")
    ssl.SSL_set_msg_callback(first, on_message)
    within.append(b"within")
    call(first, b"around")
    print(line.strip(), flush=True)
