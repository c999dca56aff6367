"""Records this process's JSON-RPC sessions as a sessiontop session log.

Importing the package starts the recording; so does its sitecustomize folder
on PYTHONPATH, without a change to the program, and ``python -m
sessiontop_record app.py``. The log, ``<comm>-<pid>.jsonl``, goes to the folder
``SESSIONTOP_LOG_DIR``, else ``./sessiontop-logs``. Nothing is written before
the first JSON-RPC message. ``SESSIONTOP_HOST`` names the machine on each line.

The recorder never raises into the program and never changes what it sends or
reads. What it cannot write it drops, and counts in the log.
"""

import os
import sys

from ._version import VERSION as __version__

__all__ = ["dropped", "start", "stop"]

DEFAULT_DIR = "sessiontop-logs"


def start(log_dir=None):
    """Records from now on into log_dir (default: what the module says).

    Calling it again changes the folder of files not opened yet. Any thread may
    call it; it raises nothing.
    """
    from . import _imports, _settings

    folder = log_dir or os.environ.get("SESSIONTOP_LOG_DIR") or DEFAULT_DIR
    try:
        _settings.folder = os.path.abspath(os.fspath(folder))
    except OSError:  # the working directory is gone
        _settings.folder = os.fspath(folder)
    _settings.host = os.environ.get("SESSIONTOP_HOST", "")
    _settings.on = True
    _imports.install()


def stop():
    """Stops the recording; start takes it up again. Any thread may call it."""
    from . import _settings

    _settings.on = False


def dropped():
    """How many events of this process could not be written so far."""
    writer = sys.modules.get(__name__ + "._writer")
    return writer.WRITER.dropped if writer else 0


start()
