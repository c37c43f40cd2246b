"""The line of safe practice of an outcome, in words, and whether a value keeps it."""

from __future__ import annotations

from typing import Literal

from sim.model.outcome import Outcome
from sim.report.changes import Change, unit
from sim.report.numbers import amount, change, decimals_as_set, is_fraction

Keeping = Literal["kept", "nearly", "not kept"]
NEARLY = 0.01  # of the line: whoever is as close as this has little left to do


def has_safe_line(outcome: Outcome) -> bool:
    """Whether somebody says how far an outcome may go."""
    return outcome.threshold is not None and outcome.direction != "neither"


def safe_line(outcome: Outcome) -> str:
    """Write the line: ``15 or less``, ``all``, ``none``; nothing where there is none."""
    line = outcome.threshold
    if line is None or not has_safe_line(outcome):
        return ""
    kind = unit(outcome)
    higher = outcome.direction == "higher"
    if higher and line == 1 and is_fraction(kind):
        return "all"
    if not higher and line == 0:
        return "none"
    return f"{amount(line, kind, decimals_as_set(line, kind))} or {'more' if higher else 'less'}"


def keeping(outcome: Outcome, value: float) -> Keeping:
    """Say whether a value is on the safe side of the line; of an outcome that has one.

    Nearly is within a hundredth of the line, and within one point of a share.
    """
    miss = beyond(outcome, value)
    if miss <= 0:
        return "kept"
    line = outcome.threshold or 0.0
    return (
        "nearly" if miss <= NEARLY * (1.0 if is_fraction(unit(outcome)) else line) else "not kept"
    )


def beyond(outcome: Outcome, value: float) -> float:
    """How far a value is on the unsafe side of the line; 0 or less where it is not."""
    line = outcome.threshold
    assert line is not None
    return line - value if outcome.direction == "higher" else value - line


def miss_in_words(outcome: Outcome, value: float, places: int) -> str:
    """Say by how much a value, as it is written, misses the line: ``15.9 points short``."""
    kind = unit(outcome)
    written = round(value, places + 2 if is_fraction(kind) else places)
    size = change(beyond(outcome, written), kind, places).removeprefix("+")
    return f"{size} {'short' if outcome.direction == 'higher' else 'over'}"


def value_places(each: Change) -> int:
    """Decimals of the two values of a change, neither of which is written as a line it misses."""
    return max(
        places_beside_line(each.outcome, value, each.value_places)
        for value in (each.baseline, each.value)
    )


def places_beside_line(outcome: Outcome, value: float, places: int) -> int:
    """Give a value so many decimals that it is not written as the line that it misses.

    Parameters
    ----------
    outcome
        It may have no line: then as many as are given will do.
    value
        The value.
    places
        Decimals that are worth writing.
    """
    line, kind = outcome.threshold, unit(outcome)
    if line is None or not has_safe_line(outcome) or keeping(outcome, value) == "kept":
        return places
    while amount(value, kind, places) == amount(line, kind, places):
        places += 1
    return places
