"""JSON-RPC messages without their passphrases and private keys. The same
methods and rules as the reader's own redaction (SecretParams there)."""

import binascii
import json
import re
from json.decoder import JSONDecoder

from ._redact_url import redact_text

REDACTED = '"<redacted>"'
_DEPTH = 8  # of messages inside messages; deeper ones go as a whole

_NAMESPACES = (
    "personal", "parity", "clef", "account", "secretstore", "signer", "shh", "evm", "hardhat", "anvil", "ganache",
)
_NAMES = tuple(name.encode() for name in _NAMESPACES)
_LONGEST = max(map(len, _NAMES))

# Method in small letters → positions of its secrets.
_SECRETS = {}
for _positions, _methods in {
    (0,): "personal_newaccount account_import parity_phrasetoaddress parity_setenginesignersecret "
    "shh_addprivatekey shh_addsymkey shh_generatesymkeyfrompassword",
    (0, 1): "personal_importrawkey clef_importrawkey parity_newaccountfromphrase "
    "parity_newaccountfromsecret parity_newaccountfromwallet",
    (0, 1, 2): "clef_import personal_replacerawkey",
    (1,): "personal_unlockaccount personal_sendtransaction personal_signtransaction "
    "personal_signandsendtransaction personal_openwallet personal_unpair clef_openwallet "
    "parity_testpassword parity_killaccount parity_exportaccount parity_setenginesigner "
    "parity_deriveaddresshash parity_deriveaddressindex parity_newvault parity_openvault "
    "parity_changevaultpassword secretstore_encrypt secretstore_decrypt "
    "secretstore_signrawhash secretstore_generatedocumentkey evm_addaccount evm_removeaccount",
    (1, 2): "parity_changepassword secretstore_shadowdecrypt",
    (2,): "personal_sign personal_signtypeddata signer_confirmrequest "
    "signer_confirmrequestraw signer_confirmrequestwithtoken",
    (3,): "personal_sign191",
}.items():
    _SECRETS.update(dict.fromkeys(_methods.split(), _positions))


def secret_params(method):
    """Positions, from 0, of a method's secrets. Case is ignored, as some nodes
    do. hardhat_reset, anvil_setRpcUrl and the like name another endpoint."""
    namespace, _, name = method.lower().partition("_")
    if name in ("reset", "setrpcurl") and namespace.endswith(_NAMESPACES):
        return (0,)
    return _SECRETS.get(method.lower(), ())


def mentions_secret(body):
    """Whether the bytes may name a method with secrets: a namespace that has
    some, or an escape that may spell one. Most messages have one underscore, or
    none."""
    if body.find(b"\\") >= 0 and b"\\u" in body:  # one character is found 50 times as fast as two
        return True
    n = body.count(b"_") if body.find(b"_") >= 0 else 0
    if not n or (n == 1 and b'"eth_' in body):
        return False
    before = {part[-_LONGEST:] for part in body.split(b"_")[:-1]}
    return any(word.lower().endswith(_NAMES) for word in before)


def mentions_url(body):
    """Whether the bytes may hold a URL, which an error's words quote with the
    key in it."""
    return body.find(b"/") >= 0 and (b"://" in body or b":\\/\\/" in body)


def redact(text, valid):
    """The message without its secrets; every other character stays. Of bodies
    that are no JSON, and of JSON strings, what may hold a secret goes as a whole."""
    if text.lstrip(" \t\r\n")[:1] == '"':
        return REDACTED if _secret_string(text, valid) else text
    if not valid:
        return REDACTED if _secret_fragment(text) else text
    walk = _Walk(text)
    walk.value(0)
    return "".join(walk.out) + text[walk.done :]


def _secret_string(text, valid):
    """What it says counts, and what the base64 of it says."""
    text = json.loads(text) if valid else text.replace('\\"', '"')
    digits = re.match("[A-Za-z0-9+/\r\n]*={0,2}", text).group().replace("\r", "").replace("\n", "")
    plain = binascii.a2b_base64(digits[: len(digits) // 4 * 4]).decode("latin-1")
    return _secret_text(text) or _secret_text(plain)


def _secret_text(text):
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return _secret_fragment(text)
    return mentions_secret(_bytes(_unescape(text))) or redact(text, True) != text


def _secret_fragment(text):
    """A decoder may read \\u escapes, in whatever state the rest is. In half a
    message whose params have no method before them nobody can judge them."""
    text = _unescape(text)
    before = text.split('"params"')[:-1]
    return mentions_secret(_bytes(text)) or not all('"method"' in part for part in before)


def _unescape(text):
    return re.sub(r"\\u00([0-7][0-9a-fA-F])", lambda m: chr(int(m.group(1), 16)), text)


def _bytes(text):
    return text.encode("utf-8", "replace")


_scan = JSONDecoder(parse_int=len, parse_float=len).scan_once
_space = re.compile(r"[ \t\r\n]*")


class _Walk:
    """Walks one valid JSON text from front to back."""

    def __init__(self, text):
        self.text, self.pos, self.out, self.done = text, 0, [], 0
        self.in_error = False  # the value at pos belongs to an error

    def peek(self):
        self.pos = _space.match(self.text, self.pos).end()
        return self.text[self.pos]

    def skip(self):
        """Walks over a value; says where it stands and what it is."""
        self.peek()
        start = self.pos
        value, self.pos = _scan(self.text, start)
        return start, value

    def value(self, depth):
        first = self.peek()
        if first in "{[" and depth == _DEPTH:
            start, _ = self.skip()
            deep = _bytes(self.text[start : self.pos])
            if mentions_secret(deep) or (self.in_error and mentions_url(deep)):
                self.replace(start)
        elif first == "[":
            for _ in self.items():
                self.value(depth + 1)
        elif first == "{":
            self.object(depth)
        else:
            start, value = self.skip()
            if self.in_error and isinstance(value, str) and "://" in value:
                safe = redact_text(value)
                if safe != value:
                    self.replace(start, json.dumps(safe))

    def object(self, depth):
        """Twice: first for its methods, since params may come before them and
        every key may come twice."""
        start, secrets = self.pos, set()
        for key in self.members():
            _, value = self.skip()
            if key.casefold() == "method" and isinstance(value, str):
                secrets.update(secret_params(value))
        self.pos = start
        for key in self.members():
            if secrets and key.casefold() == "params":
                self.params(secrets)
                continue
            outer = self.in_error
            self.in_error = outer or key.casefold() == "error"
            self.value(depth + 1)
            self.in_error = outer

    def params(self, positions):
        """The values at the positions, nested arrays (misplaced parameters), and
        every value of an object, for the names are not standardised."""
        first = self.peek()
        if first == "[":
            for i in self.items():
                self.scalar(i in positions or self.peek() == "[")
        elif first == "{":
            for _ in self.members():
                self.scalar(True)
        else:
            self.scalar(True)

    def scalar(self, secret):
        start, value = self.skip()
        if secret and value is not None and value != "<redacted>":
            self.replace(start)

    def replace(self, start, by=REDACTED):
        self.out += (self.text[self.done : start], by)
        self.done = self.pos

    def items(self):
        """Yields at each element of the array at pos; the caller walks over it."""
        self.pos += 1
        i = 0
        while self.peek() != "]":
            yield i
            i += 1
            if self.peek() == ",":
                self.pos += 1
        self.pos += 1

    def members(self):
        """Yields each key of the object at pos; the caller walks over its value."""
        self.pos += 1
        while self.peek() != "}":
            start, _ = self.skip()
            key = json.loads(self.text[start : self.pos])
            self.peek()
            self.pos += 1  # the colon
            yield key
            if self.peek() == ",":
                self.pos += 1
        self.pos += 1
