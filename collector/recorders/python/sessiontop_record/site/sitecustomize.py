"""Starts the recorder in every Python that has this folder on PYTHONPATH and
SESSIONTOP_LOG_DIR set, then runs the sitecustomize that this one hides."""

import os
import sys


def _record():
    name = "sessiontop_record"
    if name in sys.modules:
        return
    from importlib.util import module_from_spec, spec_from_file_location

    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    spec = spec_from_file_location(
        name, os.path.join(package, "__init__.py"), submodule_search_locations=[package]
    )
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise


def _chain():
    import importlib.machinery  # taken "from" it, a name has 3.14 import warnings
    from importlib.util import module_from_spec

    here = os.path.dirname(os.path.realpath(__file__))
    others = [p for p in sys.path if os.path.realpath(p) != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        module = sys.modules["sitecustomize"] = module_from_spec(spec)
        spec.loader.exec_module(module)


if os.environ.get("SESSIONTOP_LOG_DIR"):
    try:
        _record()
    except Exception as error:
        print("sessiontop_record: not recording: %r" % error, file=sys.stderr)
_chain()
