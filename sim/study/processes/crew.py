"""The processes that do long work, and what becomes of it when some of them are lost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from functools import partial
from itertools import chain, islice
from types import TracebackType
from typing import Self, TypeVar

from sim.scenario.problems import InputError, Problem
from sim.study.errors import StudyError
from sim.study.processes import local_processes, without_main_script
from sim.study.processes.getting_ready import get_ready
from sim.study.watching import Watcher

Task = TypeVar("Task")
Answer = TypeVar("Answer")

WAITING_FOR_EACH_PROCESS = 4
WAITING_ELSEWHERE = 256  # an executor does not say how many processes it has
MOST_LOSSES = 3


class Crew:
    """Does tasks on an executor, or in processes of its own; use it in a `with` block.

    When processes are lost, it goes on with new ones of its own, and does again what the lost
    ones had begun.
    """

    def __init__(
        self,
        executor: Executor | None,
        processes: int,
        watcher: Watcher,
        prepare: Callable[[bool], None] | None = None,
    ) -> None:
        """Take an executor, which stays open, or start so many processes when first needed.

        Processes of its own begin with `prepare`: see `sim.study.processes.getting_ready`.
        """
        self._pool, self._processes, self._watcher = executor, processes, watcher
        self._prepare = prepare
        self._is_ours = executor is None
        self._losses = 0

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End its own processes, once they have done what they are at."""
        self._leave_pool()

    def do_all(self, work: Callable[[Task], Answer], tasks: Collection[Task]) -> list[Answer]:
        """Do tasks, have the watcher count them, and give their answers in the order of the tasks.

        The arguments and what may be raised are those of `do`.
        """
        answers: dict[int, Answer] = {}
        self._watcher.count(0, len(tasks))
        for (number, _), answer in self.do(partial(_numbered, work), enumerate(tasks)):
            answers[number] = answer
            self._watcher.count(len(answers), len(tasks))
        return [answers[number] for number in range(len(tasks))]

    def do(
        self, work: Callable[[Task], Answer], tasks: Iterable[Task]
    ) -> Iterator[tuple[Task, Answer]]:
        """Do tasks; give each with its answer when it is done, in whatever order they end.

        Only so many are handed over, or wait to be taken, at any time.

        Parameters
        ----------
        work
            Does a task. It and the tasks go to other processes, and the answers come from there.
        tasks
            What is to be done.

        Raises
        ------
        RunError
            If a run fails.
        StudyError
            If processes are lost too often.
        InputError
            If a process cannot do this work.
        """
        left = iter(tasks)
        waiting: dict[Future[Answer], Task] = {}
        try:
            while True:
                for task in islice(left, self._room() - len(waiting)):
                    waiting[self._submit(work, task)] = task
                if not waiting:
                    return
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    try:
                        answer = _answer(future)
                    except BrokenExecutor:
                        left = chain(list(waiting.values()), left)
                        waiting.clear()
                        self._replace_pool()
                        break
                    yield waiting.pop(future), answer
        finally:
            for future in waiting:
                future.cancel()

    def _room(self) -> int:
        """Say how many tasks may be handed over at a time."""
        if not self._is_ours:
            return WAITING_ELSEWHERE
        return 1 if self._processes == 1 else WAITING_FOR_EACH_PROCESS * self._processes

    def _submit(self, work: Callable[[Task], Answer], task: Task) -> Future[Answer]:
        try:
            if self._pool is None:
                self._pool = self._new_pool()
            with without_main_script():
                return self._pool.submit(work, task)
        except BrokenExecutor as error:
            broken: Future[Answer] = Future()
            broken.set_exception(error)
            return broken

    def _new_pool(self) -> Executor:
        pool = local_processes(self._processes)
        if self._prepare is not None:
            get_ready(self._prepare, pool, self._processes, self._watcher)
        return pool

    def _replace_pool(self) -> None:
        self._losses += 1
        if self._losses > MOST_LOSSES:
            raise StudyError(
                f"processes were lost {self._losses} times, perhaps for want of memory; "
                "try again with fewer (--jobs)"
            )
        self._watcher.warn(
            "a process was lost, perhaps for want of memory; going on with new ones on this machine"
        )
        self._leave_pool()
        self._pool, self._is_ours = None, True

    def _leave_pool(self) -> None:
        if self._is_ours and self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _numbered(work: Callable[[Task], Answer], numbered: tuple[int, Task]) -> Answer:
    """Do a task that is known by its number: there may be equal ones, or some that are no key."""
    _, task = numbered
    return work(task)


def _answer(future: Future[Answer]) -> Answer:
    """Take what a task gave; put into words what its process, or the way to it, is not fit for."""
    try:
        return future.result()
    except (StudyError, InputError, BrokenExecutor):
        raise
    except ImportError as error:
        raise InputError(
            Problem(
                f"a process that should do runs cannot load Plimsoll: {error}",
                remedy="install the same version of Plimsoll there",
            )
        ) from None
    except CancelledError:
        raise StudyError("the connection to the processes that do the runs was lost") from None
    except Exception as error:
        raise StudyError(f"a run could not be done: {type(error).__name__}: {error}") from error
