"""Cells that break a rule, and the problems that they are put together to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sim.scenario.position.accepted import Rule
from sim.scenario.problems import Problem, did_you_mean

ROWS_SHOWN = 5


@dataclass(frozen=True)
class Finding:
    """One cell that breaks a rule; those of one column, rule and value become one problem."""

    list: str
    column: str
    rule: Rule
    row: int
    given: str = ""


def grouped(findings: Iterable[Finding]) -> Iterator[tuple[str, Problem]]:
    """Put the rows together in which a column breaks the same rule in the same way; by list."""
    rows: dict[tuple[str, str, str, str, str], list[int]] = {}
    rules: dict[tuple[str, str, str, str, str], Rule] = {}
    for each in findings:
        key = (each.list, each.column, each.rule.name, each.rule.accepted, each.given)
        rows.setdefault(key, []).append(each.row)
        rules[key] = each.rule
    for key, found in rows.items():
        name, column, _, _, given = key
        rule = rules[key]
        yield name, Problem(
            f"{_row_words(sorted(found))}: {rule.name}", path=f"column {column}", given=given,
            accepted=rule.accepted,
            remedy=(did_you_mean(given, rule.words) if given else "") or rule.remedy,
        )  # fmt: skip


def _row_words(rows: list[int]) -> str:
    if len(rows) == 1:
        return f"row {rows[0]}"
    first = [str(row) for row in rows[:ROWS_SHOWN]]
    more = len(rows) - ROWS_SHOWN
    if more > 0:
        return f"rows {', '.join(first)} and {more} more"
    return f"rows {', '.join(first[:-1])} and {first[-1]}"


def placed(problem: Problem, place: tuple[str, str]) -> Problem:
    """Say in which file, and on which sheet, a problem is."""
    file, sheet = place
    path = ", ".join(part for part in (f"sheet {sheet}" if sheet else "", problem.path) if part)
    return replace(problem, file=file, path=path)
