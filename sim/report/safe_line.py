"""The line of safe practice of an outcome, in words, and whether a value keeps it."""

from __future__ import annotations

from sim.model.outcome import Outcome
from sim.report.changes import unit
from sim.report.numbers import amount, is_fraction


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
    scale = 100 if is_fraction(kind) else 1
    places = 0 if round(line * scale, 6) % 1 == 0 else 2
    return f"{amount(line, kind, places)} or {'more' if higher else 'less'}"


def keeps(outcome: Outcome, value: float) -> bool:
    """Say whether a value is on the safe side of the line; of an outcome that has one."""
    line = outcome.threshold
    assert line is not None
    return value >= line if outcome.direction == "higher" else value <= line
