"""What is said of a file that is in order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Checked:
    """A file that is in order: what it is, in a sentence, and what to look at all the same."""

    file: str
    kind: str
    sentence: str
    warnings: tuple[str, ...] = ()
