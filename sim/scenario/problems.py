"""Problems in what somebody wrote: where, what was given, what is accepted, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]
"""The way to a value in a file: ``("teams", 2, "posts")`` is ``teams[2].posts``."""


def spell(path: KeyPath) -> str:
    """Write a path as people read it: ``teams[2].posts.social_worker``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def nearest(word: object, known: Iterable[str]) -> str | None:
    """Find the known word that `word` is most likely meant to be, if any is near enough."""
    if not isinstance(word, str):
        return None
    by_plain_form = {_plain(each): each for each in known}
    found = difflib.get_close_matches(_plain(word), by_plain_form, n=1, cutoff=0.6)
    return by_plain_form[found[0]] if found else None


def _plain(word: str) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_")


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Ask "did you mean ...?", or nothing at all when no known word is near."""
    near = nearest(word, known)
    return f"did you mean '{near}'?" if near is not None else ""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in words for the person who wrote it.

    Attributes
    ----------
    message
        What is wrong.
    file, line
        Where it is written; the line counts from 1.
    path
        The key in question, as ``policies[1].levers[0].fte``, or the option, as ``--years``.
    given, accepted, remedy
        The value found, what is accepted instead, and what to do. Empty when there is no
        more to say.
    """

    message: str
    file: str = ""
    line: int | None = None
    path: str = ""
    given: str = ""
    accepted: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        where = self.file
        if self.line is not None:
            where += f", line {self.line}" if where else f"line {self.line}"
        where = ": ".join(part for part in (where, self.path) if part)
        lines = [f"{where}: {self.message}" if where else self.message]
        for name, text in (
            ("given", self.given),
            ("accepted", self.accepted),
            ("remedy", self.remedy),
        ):
            if text:
                lines.append(f"    {name + ':':<10}{text}")
        return "\n".join(lines)


class InputError(Exception):
    """What somebody gave cannot be used; it holds all problems found, not only the first."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found = [problems] if isinstance(problems, Problem) else list(dict.fromkeys(problems))
        files = [problem.file for problem in found]
        found.sort(key=lambda problem: (files.index(problem.file), problem.line or 0))
        self.problems: tuple[Problem, ...] = tuple(found)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        """Travel between processes whole."""
        return type(self), (self.problems,)


@contextmanager
def gathered(problems: list[Problem]) -> Iterator[None]:
    """Gather what is wrong in a block, so that others can be looked for before all are told."""
    try:
        yield
    except InputError as error:
        problems += error.problems
