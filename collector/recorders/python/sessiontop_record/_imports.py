"""Hooks a library when the program imports it, and never imports one itself."""

import sys
from importlib import import_module

# Module → the room here that hooks it. urllib3, vendored or not, is http.client.
TARGETS = {
    "http.client": "_http",
    "httpcore._sync.http11": "_httpcore",
    "httpcore._async.http11": "_httpcore",
    "aiohttp.client_reqrep": "_aiohttp",
    "aiohttp.client_proto": "_aiohttp",
    "websockets.legacy.protocol": "_websockets",
    "websockets.protocol": "_websockets",
    "websockets.asyncio.connection": "_websockets",
    "websockets.sync.connection": "_websockets",
    "web3.providers.ipc": "_ipc",
    "web3.providers.persistent.async_ipc": "_ipc",
}


def install():
    """Hooks what is imported already and waits for the rest."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder())
    for name in list(sys.modules):
        if name in TARGETS and sys.modules.get(name) is not None:
            hook(sys.modules[name], name)


def hook(module, name):
    """Hooks one imported module; an unknown version of it stays as it is."""
    try:
        room = import_module("." + TARGETS[name], __package__)
        import_module("._lifecycle", __package__).install()
        room.hook(module)
    except Exception as error:
        print("sessiontop_record: %s is not recorded: %r" % (name, error), file=sys.stderr)


class Finder:
    """First on sys.meta_path: lets the others find a module, and asks the
    loader of one that is to be hooked to come by when it has run."""

    def __init__(self):
        self.asking = set()  # names being looked up, so that nobody goes in circles

    def find_spec(self, name, path=None, target=None):
        if name not in TARGETS or name in self.asking:
            return None
        self.asking.add(name)
        try:
            spec = self.ask_others(name, path, target)
        finally:
            self.asking.discard(name)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            self.watch(spec.loader, name)
        return spec

    def ask_others(self, name, path, target):
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            if finder is not self and find is not None:
                spec = find(name, path, target)
                if spec is not None:
                    return spec
        return None

    def watch(self, loader, name):
        run = loader.exec_module

        def exec_module(module):
            run(module)
            if module.__name__ == name:
                hook(module, name)

        try:
            loader.exec_module = exec_module  # on the instance: it serves this module
        except (AttributeError, TypeError):
            pass  # a loader that is a class or frozen: not hooked
