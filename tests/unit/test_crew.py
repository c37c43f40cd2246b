"""All of a list of tasks is done, and the answers come in its order."""

from concurrent.futures import BrokenExecutor, Executor, Future

import pytest

from sim.study.processes.crew import Crew
from sim.study.watching import Silent

pytestmark = pytest.mark.unit

TASKS = [{"value": value} for value in (3, 1, 3, 2)]  # no keys of a dictionary, and two are equal
ANSWERS = [30, 10, 30, 20]


class Counting(Silent):
    """Remembers how many were done of how many."""

    def __init__(self):
        self.counts = []

    def count(self, done, total):
        self.counts.append((done, total))


class FirstIsLast(Counting):
    """An executor, too, which does the first task when this has heard that all others are done."""

    def __init__(self):
        super().__init__()
        self.executor = Executor()
        self.executor.submit, self._first = self._submit, None

    def _submit(self, fn, *args):
        future = Future()
        if self._first is None:
            self._first = lambda: future.set_result(fn(*args))
        else:
            future.set_result(fn(*args))
        return future

    def count(self, done, total):
        super().count(done, total)
        if done == total - 1:
            self._first()


class LostHalfway(Executor):
    """Does two tasks, and then is no more."""

    def __init__(self):
        self.done = []

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        if len(self.done) < 2:
            self.done.append(args)
            future.set_result(fn(*args))
        else:
            future.set_exception(BrokenExecutor("lost"))
        return future


def times_ten(task):
    return 10 * task["value"]


def do_all(executor=None, tasks=TASKS, watcher=None):
    watcher = watcher or Counting()
    with Crew(executor, 1, watcher) as crew:
        return crew.do_all(times_ten, tasks), watcher.counts


def test_answers_come_in_the_order_of_the_tasks_whichever_is_done_first():
    last = FirstIsLast()
    assert do_all(last.executor, watcher=last)[0] == do_all()[0] == ANSWERS


def test_what_a_lost_process_had_begun_is_done_again_once():
    answers, counts = do_all(LostHalfway())
    assert answers == ANSWERS
    assert counts == [(n, 4) for n in range(5)]


def test_the_watcher_hears_at_once_how_much_there_is_and_then_of_each_task():
    assert do_all()[1] == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    assert do_all(tasks=[])[1] == [(0, 0)]
