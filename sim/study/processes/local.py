"""Where runs happen: in this process, in several on this machine, or wherever an executor is.

Processes are started afresh ("spawn") rather than copied from this one ("fork"): a copy of a
process with threads (a notebook, a progress bar, a numerical library) can hang, and a fresh
start is the same on every system. What it costs, about a second and a half of imports, is paid
by all processes at once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from sim.scenario.problems import InputError, Problem
from sim.study.rubbish import look_for_rubbish_seldom

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


class ThisProcess(Executor):
    """An executor that does each task at once, where it is asked to."""

    def submit(
        self,
        fn: Callable[Arguments, Answer],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Future[Answer]:
        """Do the task; the future that comes back is done."""
        future: Future[Answer] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def processes_for(jobs: object) -> int:
    """Say how many processes to run in; as many as there are processors when none are asked for."""
    if jobs is None:
        usable = getattr(os, "sched_getaffinity", None)  # processors that this process may use
        return len(usable(0)) if usable else os.cpu_count() or 1
    if isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 1:
        message, accepts = "not a number of processes", "a whole number, 1 or more"
        raise InputError(Problem(message, path="jobs", given=str(jobs), accepted=accepts))
    return jobs


def local_processes(jobs: int) -> Executor:
    """Make an executor of `jobs` processes on this machine (one is this process itself)."""
    return ThisProcess() if jobs == 1 else other_processes(jobs)


def other_processes(number: int) -> Executor:
    """Make an executor of so many processes beside this one; each starts when it is needed."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(number, mp_context=context, initializer=_settle_in)


@contextmanager
def without_main_script() -> Iterator[None]:
    """Hide the script that is being run from processes that are started meanwhile.

    A fresh process would first import it, and a script of three lines that runs a study would
    so run it again. Nothing in a run needs it.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def _settle_in(*_: Any) -> None:
    """Leave Ctrl-C to the parent, which ends its processes in good order, and end with it."""
    look_for_rubbish_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the parent's death: a process of a killed study would wait for tasks for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
