"""The ways round a full parse of a body: what they let through, they may."""

import json
import random
import unittest

from helper import Case  # noqa: F401  (puts the package on sys.path)

from sessiontop_record import _body, _redact

CALL = b'{"jsonrpc": "2.0","id":1,"method":"eth_call","params":[{"to":"0x00","data":"0xab"},"latest",true,1]}'
REPLY = b'{"jsonrpc":"2.0","id":"a","result":[{"hash":"0xab","gas":0,"removed":false,"to":null},{}]}'


def mutants(seeds, n, alphabet, rng=None):
    """Bodies with a few pieces put in, taken out, doubled or swapped."""
    rng = rng or random.Random(7)
    for _ in range(n):
        body = bytearray(rng.choice(seeds))
        for _ in range(rng.randint(1, 4)):
            at, to = sorted(rng.randrange(len(body) + 1) for _ in range(2))
            piece = rng.choice(alphabet)
            body[at:to] = rng.choice((piece, body[at:to] * 2, piece + body[at:to], body[at:to][::-1]))
            del body[400:]
        yield bytes(body)


def cut(body):
    """The body in pieces."""
    return [body[:3], body[3:7], body[7:]] if len(body) > 7 else [body]


PIECES = [bytes([c]) for c in b'{}[]",: \\\n\t\x000e-_/a\xff'] + [
    b'""', b"{}", b"[]", b'":"', b"},{", b"NaN", b"true", b"personal_sign", b'"method":"eth_sign"', b"://", b"\\u005f", b'{"a":{}}', b"01",
]


class ShortCutTest(unittest.TestCase):
    def test_what_is_simple_is_json_without_secrets(self):
        hits = 0
        for body in mutants([CALL, REPLY], 40000, PIECES):
            if _body._is_simple(body):
                hits += 1
                text = body.decode("ascii")
                self.assertTrue(_body.is_json(text), text)
                self.assertEqual(_redact.redact(text, True), text)
                self.assertNotIn("\n", text)
        self.assertGreater(hits, 500)
        self.assertTrue(_body._is_simple(CALL) and _body._is_simple(REPLY))

    def test_what_is_framed_ends_with_the_body(self):
        hits = 0
        for body in mutants([CALL, REPLY, b'{"a":[[{"b":"c"},[]]],"d":{"e":{}}}'], 40000, PIECES):
            if not _body.is_framed(cut(body)):
                continue
            hits += 1
            text = body.decode("ascii")
            self.assertTrue(text.isprintable(), text)
            try:
                _, end = json.JSONDecoder().raw_decode(text)
            except ValueError:
                continue  # a fault inside: no key of the line's can follow it
            self.assertEqual(end, len(text), text)
        self.assertGreater(hits, 500)

    def test_frames(self):
        for body, framed in (
            (b"{}", True), (b"[]", True), (CALL, True), (REPLY, True), (b'{"a":"}{"}', False), (b'{"a":"\\""}', False),
            (b'{"a":1},"ev":"exit","x":{}', False), (b'{"a":1}x', False), (b'x{"a":1}', False), (b'"a"', False), (b"", False),
            (b'{"a":"b}', False), (b"{]", False), (b"}{", False), (b"[[]", False), (b'{"a":"\x01"}', False), (b'{"a":\n1}', False),
            (b'{"a":"\xc3\xa4"}', False), (b"[" * 9999 + b"]" * 9999, False), (b"[" * 20 + b"]" * 20, True), (b"[],[]", False),
        ):
            self.assertEqual(_body.is_framed(cut(body)), framed, body[:40])

    def test_long_bodies(self):
        pad = b'"' + b"ab" * _body.LONG + b'"'
        for body, key, want in (
            (b'{"id":1,"result":' + pad + b"}\n", b"msg", None),
            (b'{"id":1,\n"result":' + pad + b"}", b"msg", b'{"id":1, "result":' + pad + b"}"),
            (b'{"id":1,"result":' + pad + b'},"ev":"exit","x":{}', b"raw", None),
            (b'{"id":1,"result":' + pad, b"raw", None),
            (b'{"method":"personal_newAccount","params":[' + pad + b"]}", b"msg", b'{"method":"personal_newAccount","params":["<redacted>"]}'),
            (b'{"method":"Personal_newAccount","x_y":1,"params":[' + pad + b"]}", b"msg", b'{"method":"Personal_newAccount","x_y":1,"params":["<redacted>"]}'),
            (b'{"error":{"message":"http://u:p@h/"},"x":' + pad + b"}", b"msg", b'{"error":{"message":"http://redacted@h/"},"x":' + pad + b"}"),
        ):
            got, value = _body.content(body)
            self.assertEqual(got, b',"%b":' % key)
            self.assertEqual(value if key == b"msg" else json.loads(value).encode(), want or (body.rstrip() if key == b"msg" else body))


if __name__ == "__main__":
    unittest.main()
