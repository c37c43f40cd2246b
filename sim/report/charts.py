"""Altair, loaded without a grammar of web addresses that no chart needs.

It loads jsonschema, and that, where JupyterLab's own extras are installed, rfc3987_syntax: more
than a second of work, to check a format of text that charts do not have.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

NOT_NEEDED = "rfc3987_syntax"


@contextmanager
def _without(module: str) -> Iterator[None]:
    """Have a module, unless it is loaded already, taken for one that is not installed."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # so Python marks what is not there
    try:
        yield
    finally:
        del sys.modules[module]


with _without(NOT_NEEDED):
    import altair as alt

__all__ = ["alt"]
