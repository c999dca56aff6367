"""URLs without their secrets: user-info, path segments and query values that
look like keys. The same rules as the reader's own redaction."""

import re
from urllib.parse import unquote_to_bytes

REDACTED = "<redacted>"

_WORD = re.compile("[^ \t\r\n\"'`]+")
_PAIR = re.compile("[?#&;]([^?#&;]*)")
_NAMES = re.compile("key|token|secret|auth|pass|pwd|sig|cred|jwt|session|private|mnemonic|seed")
_ALNUM = re.compile("[0-9A-Za-z]+")


def redact_text(text):
    """redact_url for every URL and path inside a sentence."""

    def safe(match):
        word = match.group()
        return redact_url(word) if re.search("[/?@]", word) else word

    return _WORD.sub(safe, text)


def redact_url(raw):
    """The URL (or one without its scheme, or a path) with "<redacted>" where a
    secret may be, and "redacted" as its user-info."""
    head, end = _user_info(raw)
    query = _first(raw, end, "?#")
    return head + _path(raw[end:query]) + _PAIR.sub(_pair, raw[query:])


def _first(text, start, chars):
    found = [i for i in (text.find(c, start) for c in chars) if i >= 0]
    return min(found) if found else len(text)


def _user_info(raw):
    """What stands before the path, redacted, and where the path starts. A
    password may hold an unescaped "/", "?" or "#"; then the port is no number."""
    start = raw.find("//")
    if start == 0 or (start > 0 and raw[start - 1] == ":" and not re.search("[/?#@]", raw[:start])):
        start += 2
    else:
        start = 0
    end = _first(raw, start, "/?#")
    at = raw.rfind("@", start, end)
    if _bad_port(raw[(at + 1 if at >= 0 else start) : end]):
        late = raw.rfind("@", start)
        if late > at:
            at, end = late, _first(raw, late, "/?#")
    if at <= start:
        return raw[:end], end
    return raw[:start] + "redacted" + raw[at:end], end


def _bad_port(host):
    port = host[max(host.rfind("]"), 0) :].partition(":")[2]
    return port.strip("0123456789") != ""


def _path(path):
    out, before = [], ""
    for i, segment in enumerate(path.split("/")):
        name, equals, value = segment.partition("=")
        secret = (equals and _secret_pair(name, value)) or looks_secret(segment, announces_key(before))
        out.append(REDACTED if secret and segment != REDACTED else segment)
        before = segment
    return "/".join(out)


def _pair(match):
    name, equals, value = match.group(1).partition("=")
    mark = match.group()[0]
    if equals and value != REDACTED and _secret_pair(name, value):
        return mark + name + "=" + REDACTED
    if not equals and looks_secret(name, False):
        return mark + REDACTED
    return match.group()


def _secret_pair(name, value):
    return value != "" and (names_key(name) or looks_secret(value, False))


def names_key(name):
    """Whether a parameter of this name holds a secret."""
    return _NAMES.search(_unescape(name).lower()) is not None


def announces_key(segment):
    """Whether a path segment is usually followed by a key: v3, apikey, token."""
    if re.match("[vV][0-9]+$", segment):
        return True
    return len(segment) <= len("access_token") and names_key(segment)


def looks_secret(text, announced):
    """Tells a key from a word by its length, digits and mix of cases; announced
    lowers the bar."""
    text = _unescape(text)
    if len(text) < 12:
        return False
    digits = re.search("[0-9]", text)
    mixed = re.search("[A-Z]", text) and re.search("[a-z]", text)
    longest = max((len(run) for run in _ALNUM.findall(text)), default=0)
    if digits and (announced or (len(text) >= 16 and (re.match("[0-9a-fA-F-]+$", text) or longest >= 16 or mixed))):
        return True
    return longest >= 24 or bool(len(text) >= 20 and mixed)


def _unescape(text):
    if "%" not in text or re.search("%(?![0-9a-fA-F]{2})", text):
        return text
    return unquote_to_bytes(text).decode("latin-1")
