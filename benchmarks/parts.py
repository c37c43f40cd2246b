"""Where the time of a year goes: each compiled function that Python calls, and all the rest."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from numba.core.registry import CPUDispatcher

from benchmarks.timing import our_years
from sim.scenario.service import Scenario

REST = "processes in Python, the calendar of events"


def time_by_part(scenario: Scenario, years: int = 3) -> dict[str, float]:
    """Milliseconds a year of each part, the largest first. Everything must be compiled already."""
    seconds: dict[str, float] = defaultdict(float)
    running = our_years(scenario, 0, years)
    took = [next(running)]  # its warm-up is not timed by part
    with timed(seconds):
        took = list(running)
    seconds[REST] = sum(took) - sum(seconds.values())
    ordered = sorted(seconds.items(), key=lambda part: part[1], reverse=True)
    return {name: 1000 * value / len(took) for name, value in ordered}


@contextmanager
def timed(seconds: dict[str, float]) -> Iterator[None]:
    """Time every compiled function that the model's Python calls, while this lasts.

    Compiled code that calls compiled code keeps the function that it was compiled with, so nothing
    is counted twice.
    """
    replaced: list[tuple[Any, str, CPUDispatcher]] = []
    modules = [module for name, module in sys.modules.items() if name.startswith("sim.model.")]
    for module in modules:
        for name, value in list(vars(module).items()):
            if isinstance(value, CPUDispatcher):
                replaced.append((module, name, value))
                setattr(module, name, _watched(value, name, seconds))
    try:
        yield
    finally:
        for module, name, value in replaced:
            setattr(module, name, value)


def _watched(
    function: Callable[..., Any], name: str, seconds: dict[str, float]
) -> Callable[..., Any]:
    @wraps(function)
    def watched(*given: Any) -> Any:
        began = time.process_time()
        found = function(*given)
        seconds[name] += time.process_time() - began
        return found

    return watched
