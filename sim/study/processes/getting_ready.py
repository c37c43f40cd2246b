"""Start all processes at once, and have one of them compile the model before the others need it."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Callable
from concurrent.futures import Executor
from functools import cache, partial
from typing import Any, TypeVar

from sim.scenario.service import Scenario
from sim.study.processes import without_main_script
from sim.study.processes.compiling import why_compiling
from sim.study.watching import Watcher

Answer = TypeVar("Answer")


def get_ready(
    prepare: Callable[[bool], None], pool: Executor, processes: int, watcher: Watcher
) -> None:
    """Have each process prepare, before there is anything to do.

    Parameters
    ----------
    prepare
        Loads what the process will need; told whether it is the one that compiles the model.
    pool, processes
        The executor, and how many processes it has.
    watcher
        Hears when the model is compiled for the first time.
    """
    # All are asked, so that all load the model meanwhile: this process does not.
    why, *_ = _all_done(pool, why_compiling, [()] * processes)
    if why:
        watcher.say(f"compiling ({why}) ...")
    _all_done(pool, prepare, [(number == 0,) for number in range(processes)])


def _all_done(
    pool: Executor, work: Callable[..., Answer], tasks: list[tuple[Any, ...]]
) -> list[Answer]:
    """Have as many tasks as there are processes done at once; give their answers."""
    with without_main_script():
        begun = [pool.submit(work, *each) for each in tasks]
    try:
        return [future.result() for future in begun]
    finally:
        for future in begun:
            future.cancel()


def to_simulate(
    scenario: Scenario, stand_in: Callable[..., Any] | None = None
) -> Callable[[bool], None] | None:
    """Say what a process prepares to simulate a scenario: nothing where a stand-in does it."""
    return partial(load_model, scenario) if stand_in is None else None


def load_model(scenario: Scenario, compile_model: bool) -> None:
    """Load the model in this process; compile it, too, if it is this process's turn."""
    from sim.model.world import warm_up_compiler

    if compile_model:
        warm_up_compiler(scenario)
    keep_what_is_loaded()


@cache
def keep_what_is_loaded() -> None:
    """Say, once for each process, that what is loaded now stays.

    Looking through it for rubbish after each run would take longer. At the process's end it may go:
    libraries complain of what is never let go.
    """
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)
