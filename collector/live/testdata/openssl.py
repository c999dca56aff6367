"""Calls over TLS with a libssl of any release: openssl.py LIBSSL HOW ADDRESS CALLS.

HOW the library gets at the socket: fd, by one descriptor; fds, by one to read and
one to write; ex, by one and with SSL_read_ex and SSL_write_ex; bio, not at all:
the program moves the ciphertext.
On each line of standard input it makes CALLS calls, over a connection that it
keeps, and prints the tokens that it read, in one line. With LIBSSL alone it prints
what the library says it is.
"""
import ctypes
import glob
import json
import os
import socket
import sys

library = sys.argv[1]
beside = glob.glob(os.path.join(os.path.dirname(library), "libcrypto*.so.%s" % library.split(".so.")[1]))
crypto = ctypes.CDLL(beside[0], mode=ctypes.RTLD_GLOBAL)
ssl = ctypes.CDLL(library)
for function in (
    crypto.OpenSSL_version, crypto.BIO_s_mem, crypto.BIO_new, ssl.TLS_client_method, ssl.SSL_CTX_new, ssl.SSL_new,
):
    function.restype = ctypes.c_void_p
if len(sys.argv) == 2:
    sys.exit(print(ctypes.string_at(crypto.OpenSSL_version(0)).decode()))
how, address, calls = sys.argv[2:]
pointer, buffer = ctypes.c_void_p, ctypes.create_string_buffer(1 << 14)
WANT_READ = 2  # SSL_ERROR_WANT_READ


def pump():
    """Sends what the library has for the server."""
    n = crypto.BIO_read(pointer(outgoing), buffer, len(buffer))
    if n > 0:
        sock.sendall(buffer.raw[:n])


def until(function, *arguments):
    """The result of a function of the library, which may need more to read."""
    while True:
        n = function(pointer(session), *arguments)
        if how == "bio":
            pump()
        if n > 0:
            return n
        assert how == "bio" and ssl.SSL_get_error(pointer(session), n) == WANT_READ
        received = sock.recv(1 << 14)
        assert received
        crypto.BIO_write(pointer(incoming), received, len(received))


def connect():
    global sock, session, incoming, outgoing
    host, port = address.split(":")
    sock = socket.create_connection((host, int(port)))
    session = ssl.SSL_new(pointer(ssl.SSL_CTX_new(pointer(ssl.TLS_client_method()))))
    if how == "bio":
        incoming, outgoing = (crypto.BIO_new(pointer(crypto.BIO_s_mem())) for _ in range(2))
        ssl.SSL_set_bio(pointer(session), pointer(incoming), pointer(outgoing))
    elif how == "fds":
        ssl.SSL_set_rfd(pointer(session), sock.fileno())
        ssl.SSL_set_wfd(pointer(session), os.dup(sock.fileno()))
    else:
        ssl.SSL_set_fd(pointer(session), sock.fileno())
    until(ssl.SSL_connect)


def write(content):
    if how != "ex":
        assert until(ssl.SSL_write, content, len(content)) == len(content)
        return
    moved = ctypes.c_size_t()
    until(ssl.SSL_write_ex, content, ctypes.c_size_t(len(content)), ctypes.byref(moved))
    assert moved.value == len(content)


def read():
    if how != "ex":
        n = until(ssl.SSL_read, buffer, len(buffer))
        return buffer.raw[:n]
    moved = ctypes.c_size_t()
    until(ssl.SSL_read_ex, buffer, ctypes.c_size_t(len(buffer)), ctypes.byref(moved))
    return buffer.raw[: moved.value]


def call(number):
    token = "%d-%d" % (os.getpid(), number)
    content = json.dumps({"jsonrpc": "2.0", "id": number, "method": "eth_call", "params": [token]}).encode()
    write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content))
    reply = b""
    while not reply.endswith(b"}"):
        reply += read()
    return json.loads(reply.split(b"\r\n\r\n")[1])["result"]


connect()
number = 0
for line in sys.stdin:
    tokens = [call(number + i) for i in range(int(calls))]
    number += len(tokens)
    print(*tokens, flush=True)
