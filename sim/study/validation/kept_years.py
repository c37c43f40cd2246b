"""Simulated years kept while a backtest goes on, so that one that was stopped can go on later."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sim.study.made_with import made_with


class KeptYears:
    """A file with a line for each finished task; use it in a `with` block.

    A task is known by all that its answer depends on, the versions it was made with included: what
    was kept of another table, model or seed is never taken for an answer. The file goes when the
    block ends without an error. Without a file, nothing is kept.
    """

    def __init__(self, file: Path | None, depends_on: str) -> None:
        self._file = file
        self._depends_on = f"{depends_on} {made_with()}"
        self._kept: dict[str, NDArray[np.float64]] = {}

    def __enter__(self) -> Self:
        """Read what an earlier attempt has left."""
        if self._file is None:
            return self
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if self._file.exists():
            for line in self._file.read_text(encoding="utf-8").splitlines(keepends=True):
                if line.endswith("\n"):  # the last one may have been cut off
                    known, values = json.loads(line)
                    self._kept[known] = np.array(values)
        whole = "".join(self._line(known) for known in self._kept)
        self._file.write_text(whole, encoding="utf-8")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Take the file away, unless there is something to go on with."""
        if self._file is not None and kind is None:
            self._file.unlink(missing_ok=True)

    def answer(self, task: object) -> NDArray[np.float64] | None:
        """What a task came to, if it was kept."""
        return self._kept.get(self._name(task))

    def keep(self, task: object, values: NDArray[np.float64]) -> None:
        """Keep what a task came to."""
        known = self._name(task)
        self._kept[known] = values
        if self._file is not None:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(self._line(known))

    def _line(self, known: str) -> str:
        return json.dumps([known, self._kept[known].tolist()]) + "\n"

    def _name(self, task: object) -> str:
        return hashlib.sha256(f"{self._depends_on} {task!r}".encode()).hexdigest()
