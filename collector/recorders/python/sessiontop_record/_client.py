"""Which library talks: the one highest up among the callers."""

import sys

_LIBRARIES = ("web3", "requests", "httpx", "aiohttp", "websockets", "httpcore", "urllib3", "http")
_NAMES = {"web3": "web3.py"}
_DEEPEST = 80  # frames looked at


def client(hooked):
    """"web3.py/6.15.1", else "requests/2.31.0" and so on, at least the library
    whose hook asks. Looked up once a connection."""
    found = {hooked: hooked}
    frame = sys._getframe(1)
    for _ in range(_DEEPEST):
        if frame is None:
            break
        module = str(frame.f_globals.get("__name__", ""))
        for name in _LIBRARIES:
            if name not in found:
                if module.startswith(name + "."):
                    found[name] = name
                elif "._vendor." + name + "." in module:
                    found[name] = module[: module.index("._vendor." + name) + len("._vendor." + name)]
        frame = frame.f_back
    name = next(name for name in _LIBRARIES if name in found)
    return _versioned(name, found[name])


def _versioned(name, package):
    if name == "http":
        return "http.client/%d.%d.%d" % sys.version_info[:3]
    version = getattr(sys.modules.get(package), "__version__", None)
    if version is None and name == "websockets":
        version = getattr(sys.modules.get("websockets.version"), "version", None)
    name = _NAMES.get(name, name)
    return "%s/%s" % (name, version) if isinstance(version, str) and version else name
