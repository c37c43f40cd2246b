"""How a study gets on, line by line: the time left is no guess from the time that loading took."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from sim.report import progress
from sim.report.progress import Bar, Lines

pytestmark = pytest.mark.unit


@pytest.fixture
def lines(monkeypatch):
    """Give a function that counts at a time, and one that gives what was written so far."""
    clock = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    page = io.StringIO()
    watcher = Lines(Console(file=page, width=100))

    def count(at: float, done: int, total: int = 100) -> None:
        clock[0] = at
        watcher.count(done, total)

    return count, lambda: page.getvalue().splitlines()


def test_the_time_left_does_not_count_what_the_first_run_waited_for(lines):
    count, written = lines
    count(0, 0)
    count(60, 1)  # after compiling for a minute
    count(71, 12)
    assert written() == ["simulating 100 runs", "12 of 100 runs done, about 88 s left"]


def test_a_line_comes_only_now_and_then_and_at_the_end(lines):
    count, written = lines
    for done in range(100 + 1):
        count(done / 4, done)
    assert written() == [
        "simulating 100 runs",
        "40 of 100 runs done, about 15 s left",
        "80 of 100 runs done, about 5 s left",
        "100 of 100 runs done in 25 s",
    ]


def test_a_study_that_goes_on_counts_from_where_it_was(lines):
    count, written = lines
    count(0, 50)
    count(1, 51)
    count(11, 61)
    assert written() == ["simulating 50 runs", "61 of 100 runs done, about 39 s left"]


def test_a_bar_counts_on_a_terminal(capsys):
    with Bar(Console(force_terminal=True, width=100)) as bar:
        bar.say("compiling (first use only) ...")
        bar.count(3, 12)
    assert "3/12" in capsys.readouterr().out
