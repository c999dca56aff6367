"""The body of a message as the log's msg or raw, and what it is about."""

import base64
import json
import os
import re
import zlib
from json.decoder import JSONDecoder
from json.encoder import encode_basestring

from ._redact import mentions_secret, mentions_url, redact
from ._trouble import let_pass

LARGEST = 48 << 20  # bytes of a body that is kept; readers skip lines over 64 MiB
PIECES = 1000 if hasattr(os, "writev") else 0  # that one write takes: IOV_MAX is 1024
LONG = 1 << 14  # bytes from which a body is not parsed, if its frame is sound


def _no_constant(word):
    raise ValueError(word)  # NaN and Infinity are Python's, not JSON's


# Numbers are only looked at: len costs nothing, whatever their size.
_scan = JSONDecoder(parse_int=len, parse_float=len, parse_constant=_no_constant).scan_once
_SPACE = " \t\r\n"


def _simple():
    """A pattern of most calls and short replies: JSON by its looks, with no
    escape, no URL and no method that has secrets. One match tells what the
    parser and three searches would."""
    scalar = rb'(?:"[0-9A-Za-z .-]*"|"(?:eth|net|web3)_[0-9A-Za-z]*"|true|false|null|[1-9][0-9]*|0)'

    def some(opening, item, closing):
        return rb"%b(?:%b(?:, ?%b)*)?%b" % (opening, item, item, closing)

    def either(*patterns):
        return rb"(?:%b)" % b"|".join(patterns)

    member = rb'"[0-9A-Za-z]*": ?'
    flat = some(rb"\{", member + scalar, rb"\}")
    array = some(rb"\[", either(scalar, flat), rb"\]")
    return re.compile(some(rb"\{", member + either(scalar, array, flat), rb"\}"))


_is_simple = _simple().fullmatch
SHORT = 1 << 9  # bytes up to which that is tried

# What is neither a quote, a bracket, the start of an escape, a control character,
# nor outside ASCII.
_PLAIN = bytes(set(range(32, 128)) - set(b'"{}[]\\'))
_ROUNDS = 32  # of taking out the innermost brackets


def is_call(body):
    """Whether a request's body looks like JSON-RPC: a call or a batch of them."""
    return (
        (body[:1] in b"{[" or body[:64].lstrip()[:1] in (b"{", b"["))
        and body.find(b'"method"') >= 0  # twice as fast as "in"
        and (body.find(b'"jsonrpc"') >= 0 or body.find(b'"params"') >= 0)
    )


def is_json(text):
    """Whether the text is one JSON value, white space around it or not."""
    try:
        _, end = _scan(text, 0 if text[:1] in "{[" else len(text) - len(text.lstrip(_SPACE)))
    except (StopIteration, ValueError, RecursionError):
        return False
    return end == len(text) or not text[end:].strip(_SPACE)


def is_framed(pieces):
    """Whether the bytes in the pieces are one object or array by their quotes and
    brackets, no control character among them: whatever else is wrong, is wrong
    inside. Takes a quarter of is_json's time, and says no to what it cannot
    tell, such as escapes."""
    if pieces[0][:1] + pieces[-1][-1:] not in (b"{}", b"[]"):
        return False
    # Strings are gone now, but one with a bracket in it leaves its quotes.
    left = b"".join([piece.translate(None, _PLAIN) for piece in pieces]).replace(b'""', b"")[1:-1]
    for _ in range(_ROUNDS):
        if not left:
            return True
        left = left.replace(b"{}", b"").replace(b"[]", b"")
    return False


def is_clear(pieces):
    """Whether the pieces of a long body can be written as they came: they are
    framed, and hold no character that secrets and URLs have."""
    for piece in pieces:
        if piece.find(b"_") >= 0 or piece.find(b"/") >= 0:
            return False
    return LONG < sum(map(len, pieces)) and len(pieces) <= PIECES and is_framed(pieces)


def content(body):
    """The log's key for the body, `,"msg":` or `,"raw":`, and its value, redacted
    and on one line. A raw that is base64 is followed by its enc."""
    if len(body) <= SHORT:
        if _is_simple(body):
            return b',"msg":', body
    elif len(body) > LONG:
        whole = body.rstrip(b"\r\n")
        if is_framed((whole,)) and not mentions_secret(whole) and not mentions_url(whole):
            return b',"msg":', whole
    try:
        text = body.decode()
    except UnicodeDecodeError:
        body = redact(body.decode("latin-1"), False).encode("latin-1")
        return b',"raw":', b'"%b","enc":"base64"' % base64.b64encode(body)
    valid = is_json(text)
    is_string = body[:1] not in b"{[" and text.lstrip()[:1] == '"'
    if not valid or is_string or mentions_secret(body) or mentions_url(body):
        text = redact(text, valid)
        body = text.encode()
    if not valid:
        return b',"raw":', string(text)
    if body.find(b"\n") >= 0:  # JSON has no bare newline inside a string
        body = body.replace(b"\n", b" ")
    return b',"msg":', body


def string(text):
    """A JSON string of the text."""
    return encode_basestring(text).encode("utf-8", "replace")


def ids(body):
    """The ids of the calls in a request's body, as JSON."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return []
    items = message if isinstance(message, list) else [message]
    return [json.dumps(item["id"]).encode() for item in items if isinstance(item, dict) and item.get("id") is not None]


def dechunk(wire):
    """The body inside a chunked transfer, and whether its end is there."""
    out, at = [], 0
    while True:
        end = wire.find(b"\n", at)
        if end < 0:
            return b"".join(out), False
        try:
            size = int(wire[at:end].split(b";")[0], 16)
        except ValueError:
            return b"".join(out), False
        if size == 0:
            return b"".join(out), True
        out.append(wire[end + 1 : end + 1 + size])
        at = end + 1 + size
        at += 2 if wire[at : at + 2] == b"\r\n" else 1


def decompress(body, encoding):
    """The body as it was before Content-Encoding; as it is where that fails."""
    encoding = (encoding or "").strip().lower()
    if not body or encoding in ("", "identity"):
        return body
    try:
        if encoding in ("gzip", "x-gzip"):
            return _inflate(body, 31)
        if encoding == "deflate":
            return _inflate(body, 15 if body[0] & 15 == 8 else -15)
        return _by_library(body, encoding)
    except Exception as error:
        let_pass(error)
        return body


def _inflate(body, bits):
    engine = zlib.decompressobj(bits)
    plain = engine.decompress(body, LARGEST)
    return body if engine.unconsumed_tail else plain


def _by_library(body, encoding):
    """brotli and zstd, if the program itself has them loaded."""
    from sys import modules

    if encoding == "br":
        library = modules.get("brotli") or modules.get("brotlicffi")
        return library.decompress(body) if library else body
    if encoding == "zstd":
        library = modules.get("compression.zstd") or modules.get("backports.zstd")
        return library.decompress(body) if library else body
    return body
