"""Who is told how a study gets on."""

from __future__ import annotations

from typing import Protocol


class Watcher(Protocol):
    """Who is told how a study gets on."""

    def say(self, text: str) -> None:
        """Hear what is going on, in a few words."""

    def warn(self, text: str) -> None:
        """Hear what has gone wrong, and what is done about it."""

    def count(self, done: int, total: int) -> None:
        """Hear how many runs are done."""


class Silent:
    """A watcher who keeps it to themselves."""

    def say(self, text: str) -> None:
        """Say nothing."""

    def warn(self, text: str) -> None:
        """Warn of nothing."""

    def count(self, done: int, total: int) -> None:
        """Count nothing."""
