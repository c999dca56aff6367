"""Puts the recorder's functions around a library's, once."""

import functools

MARK = "_sessiontop_wrapped"


def wrap(owner, name, around):
    """Replaces owner.name, where it stands itself and is not replaced yet, with
    around(original). What an unknown version lacks stays lacking."""
    original = vars(owner).get(name)
    if original is None or not callable(original) or getattr(original, MARK, False):
        return
    replacement = functools.wraps(original)(around(original))
    setattr(replacement, MARK, True)
    setattr(owner, name, replacement)
