"""Fit models of a library one after the other: without warnings, in one thread.

A fit that fails or warns is a form that does not suit the series; another is chosen. The matrices
are so small that sharing them between threads makes a fit several times slower.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
from threadpoolctl import ThreadpoolController

FAILED = (ValueError, FloatingPointError, np.linalg.LinAlgError)
"""What a fit raises that cannot be made."""


@contextmanager
def quiet_fits() -> Iterator[None]:
    """Hold back warnings, and threads of linear algebra, while models are fitted."""
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        _threads().limit(limits=1, user_api="blas"),
    ):
        warnings.simplefilter("ignore")
        yield


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()
