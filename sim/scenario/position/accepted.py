"""What the cells of a scenario's lists may hold: names of its own, and rules for the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from sim.scenario.position.cells import Cell, as_date, as_name, as_number, as_yes_no
from sim.scenario.position.columns import ABSENCES, CellKind, Column
from sim.scenario.service import Scenario, teams_by_name

OLDEST_YEARS = 80


@dataclass(frozen=True)
class Rule:
    """What a cell must be, and what to say where it isn't.

    Attributes
    ----------
    name
        What is wrong, in words.
    holds
        Whether a cell that is not blank is as it should be.
    accepted, remedy
        What is accepted, and what to do.
    words
        The words that are accepted, if they are words.
    """

    name: str
    holds: Callable[[Cell], bool]
    accepted: str
    remedy: str = ""
    words: tuple[str, ...] = field(default=())


def accepted_words(scenario: Scenario, kind: CellKind) -> tuple[str, ...]:
    """The words that a cell of a kind may hold in the lists of a scenario; none for other kinds."""
    stages = [stage for pathway in scenario.pathways.values() for stage in pathway.stages]
    words: dict[str, tuple[str, ...]] = {
        "team": tuple(teams_by_name(scenario)),
        "role": tuple(scenario.roles),
        "stream": tuple(scenario.demand),
        "stage": tuple(dict.fromkeys(stages)),
        "tier": tuple(scenario.risk_tiers),
        "absence": ABSENCES,
        "yes_no": ("yes", "no"),
    }
    return words.get(kind, ())


def rules_of(column: Column, scenario: Scenario) -> list[Rule]:
    """The rules for the cells of a column that are not blank, each sharper than the one before."""
    words, start = accepted_words(scenario, column.kind), scenario.start_date
    if column.kind == "yes_no":
        return [Rule("neither yes nor no", lambda cell: as_yes_no(cell) is not None, "yes or no")]
    if words:
        remedy = (
            "leave closed cases out; use the scenario's own names"
            if column.name == "stage"
            else "use the scenario's own names"
        )
        return [
            Rule(f"there is no such {column.kind}", lambda cell: as_name(cell) in words,
                 "one of " + ", ".join(words), remedy, words)
        ]  # fmt: skip
    if column.kind == "fte":
        return [
            Rule("not a number", lambda cell: as_number(cell) is not None, "a number such as 0.6"),
            Rule("not a full-time equivalent",
                 lambda cell: (n := as_number(cell)) is None or 0 < n <= 1,
                 "more than 0, and at most 1", "divide hours a week by those of full time; leave "
                 "out whoever has no hours"),
        ]  # fmt: skip
    if column.kind == "count":
        return [
            Rule("not a whole number",
                 lambda cell: (n := as_number(cell)) is not None and n >= 0 and n.is_integer(),
                 "a whole number, 0 or more"),
        ]  # fmt: skip
    if column.kind in ("past", "future"):
        return _dates(column.kind, start)
    return []


def _dates(kind: CellKind, start: date) -> list[Rule]:
    is_date = Rule(
        "not a date", lambda cell: as_date(cell) is not None, "31/03/2026 or 2026-03-31",
        "write the day first and the year in full, or format the column as dates",
    )  # fmt: skip
    if kind == "future":
        on_or_after = Rule(
            "before the start date", lambda cell: (d := as_date(cell)) is None or d >= start,
            f"{start:%d/%m/%Y} or later", "leave out whoever has left, and absences that are over",
        )  # fmt: skip
        return [is_date, on_or_after]
    return [
        is_date,
        Rule("after the start date", lambda cell: (d := as_date(cell)) is None or d <= start,
             f"{start:%d/%m/%Y} or earlier",
             "set the scenario's start_date to the day on which the lists were made"),
        Rule("too long ago",
             lambda cell: (d := as_date(cell)) is None or d.year >= start.year - OLDEST_YEARS,
             f"a year from {start.year - OLDEST_YEARS} on", "leave the cell blank if not known"),
    ]  # fmt: skip
