"""Compile the model before anybody waits for it, and say whether that has been done.

The model is loaded only by who asks: a process that leaves the runs to others does without it.
"""

from __future__ import annotations

import os
from pathlib import Path

from sim.scenario.loading import load_scenario, shipped
from sim.scenario.problems import InputError, Problem


def is_compiled() -> bool:
    """Say whether the model as it is now has been compiled and kept, or need not be compiled."""
    from sim.model import compiled

    if compiled.IS_PLAIN_PYTHON:
        return True
    kept = compiled.KEPT_IN
    return kept is not None and any(kept.rglob("*.nbi"))


def why_compiling() -> str:
    """Say why the model has to be compiled now; nothing if it need not be."""
    from sim.model import compiled

    if is_compiled():
        return ""
    kept = compiled.KEPT_IN
    return "nothing can be kept: see plimsoll compile" if kept is None else "first use only"


def kept_in() -> Path:
    """Return the folder of what is compiled.

    Raises
    ------
    InputError
        If there is none that can be written to.
    """
    from sim.model import compiled

    if compiled.KEPT_IN is None:
        raise InputError(
            Problem(
                "what is compiled can be kept nowhere, so that each process would compile anew",
                path="NUMBA_CACHE_DIR",
                given=os.environ.get("NUMBA_CACHE_DIR", ""),
                accepted="a folder that can be written to; without it, the package's own folder "
                "or ~/.cache/plimsoll is used",
            )
        )
    return compiled.KEPT_IN


def compile_model() -> float:
    """Compile what the shipped scenarios need; give the seconds that it took.

    What an earlier call or run has kept is not compiled again.
    """
    from sim.model.world import warm_up_compiler

    return sum(warm_up_compiler(load_scenario(name)) for name in shipped("scenario"))
