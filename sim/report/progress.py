"""How a study gets on: a bar with the time left on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

SECONDS_BETWEEN_LINES = 10.0


class Bar:
    """A progress bar on a terminal. Use it in a `with` block."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left:"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("starting", total=None)

    def __enter__(self) -> Self:
        """Show the bar."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self._progress.stop()

    def say(self, text: str) -> None:
        """Say what is going on, beside the bar."""
        self._progress.update(self._task, description=text)

    def warn(self, text: str) -> None:
        """Write a warning above the bar, where it stays."""
        self._progress.console.print(f"Warning: {text}", markup=False, highlight=False)

    def count(self, done: int, total: int) -> None:
        """Move the bar."""
        self._progress.update(self._task, description="simulating", completed=done, total=total)


class Lines:
    """A line now and then, for a log file. Use it in a `with` block, like the bar."""

    def __init__(self, console: Console, seconds: float = SECONDS_BETWEEN_LINES) -> None:
        self._console, self._seconds = console, seconds
        self._began: float | None = None
        self._done_before = 0
        self._first: tuple[float, int] | None = None  # when the first run was done
        self._last = 0.0

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End."""

    def say(self, text: str) -> None:
        """Write what is going on."""
        self._console.print(text, markup=False, highlight=False)

    def warn(self, text: str) -> None:
        """Write a warning."""
        self.say(f"Warning: {text}")

    def count(self, done: int, total: int) -> None:
        """Write how many runs are done, if it is time for a line."""
        now = time.monotonic()
        if self._began is None:
            self._began = self._last = now
            self._done_before = done
            self.say(f"simulating {total - done} runs")
        elif done == total:
            self.say(f"{done} of {total} runs done in {_length(now - self._began)}")
        elif now - self._last >= self._seconds:
            self._last = now
            self.say(f"{done} of {total} runs done{self._left(now, done, total)}")
        if self._first is None and done > self._done_before:
            self._first = now, done

    def _left(self, now: float, done: int, total: int) -> str:
        """Say how long it will take, by the runs since the first, which compiles and takes long."""
        if self._first is None:
            return ""
        when, so_far = self._first
        return f", about {_length((now - when) / max(done - so_far, 1) * (total - done))} left"


def _length(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
