"""A draft of a scenario: what is otherwise than in another, each value with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Value = str | float | int | Mapping[str, float]


@dataclass(frozen=True)
class Line:
    """A value, where it stands, and what it rests on."""

    path: tuple[str, ...]
    value: Value
    note: str = ""


@dataclass
class Draft:
    """Lines in the order in which they are to be read."""

    lines: list[Line] = field(default_factory=list)

    def add(self, path: str, value: Value, note: str = "") -> None:
        """Write down a value for a place, as ``turnover.leaving_per_year``.

        Numbers are rounded to four figures; shares so that they still add up to 1.
        """
        self.lines.append(Line(tuple(path.split(".")), _rounded(value), note))

    def values(self) -> dict[str, Any]:
        """The document that the lines make."""
        document: dict[str, Any] = {}
        for line in self.lines:
            into = document
            for key in line.path[:-1]:
                into = into.setdefault(key, {})
            into[line.path[-1]] = line.value
        return document


def _rounded(value: Value) -> Value:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if not isinstance(value, Mapping):
        return value
    if abs(sum(value.values()) - 1) > 1e-9:
        return {key: float(f"{each:.4g}") for key, each in value.items()}
    shares = {key: round(each, 4) for key, each in value.items()}
    largest = max(shares, key=shares.__getitem__)
    shares[largest] = round(shares[largest] + 1 - sum(shares.values()), 4)
    return shares
