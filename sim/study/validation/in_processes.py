"""Many small tasks, done in several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from itertools import islice
from typing import TypeVar

from sim.study.errors import StudyError
from sim.study.processes import without_main_script

WAITING_FOR_EACH = 4

Task = TypeVar("Task")
Answer = TypeVar("Answer")


def done(
    pool: Executor, processes: int, work: Callable[[Task], Answer], tasks: Iterable[Task]
) -> Iterator[tuple[Task, Answer]]:
    """Do tasks; give each with its answer when it is done, in whatever order they end."""
    left = iter(tasks)
    room = 1 if processes == 1 else WAITING_FOR_EACH * processes
    waiting: dict[Future[Answer], Task] = {}
    while True:
        for task in islice(left, room - len(waiting)):
            with without_main_script():
                waiting[pool.submit(work, task)] = task
        if not waiting:
            return
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            try:
                answer = future.result()
            except BrokenExecutor:
                raise StudyError(
                    "a process was lost, perhaps for want of memory; try again with fewer (--jobs)"
                ) from None
            yield waiting.pop(future), answer
