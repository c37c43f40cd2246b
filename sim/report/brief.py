"""What a study found, in the two minutes that a planner has: the rest is a command away.

The service as it is, outcome by outcome; of each policy what it costs and what it clearly moves,
the largest first; how sure that is; and which commands show more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.report.changes import Change, changes_of, unit
from sim.report.numbers import change
from sim.report.table import COST, baseline_table, cost_change, heading, how_sure_lines, title
from sim.report.words import UNSEEN
from sim.scenario.policy import Policy
from sim.scenario.text_files import shown
from sim.study.results import Results

MOST_NAMED = 3
CLEAR = (
    "Better and worse: the 95 % range of the change leaves out 0. The largest come first, each "
    "held against its value today."
)


def brief(results: Results) -> RenderableType:
    """Compose the short form of a study's findings for `rich`."""
    baseline, *others = results.study.policies
    parts: list[RenderableType] = [
        *title(results.study),
        heading(baseline),
        baseline_table(results, sources=False),
    ]
    for policy in others:
        parts += [heading(policy), _policy(results, policy)]
    if others:
        parts += [Text("\n" + CLEAR), *how_sure_lines(results)]
    return Group(*parts, Text("\n" + _more(results), overflow="fold"))


def _policy(results: Results, policy: Policy) -> RenderableType:
    """Write what a policy costs, what it clearly moves, and how many outcomes it does not."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=8)
    grid.add_column()
    changes = list(changes_of(results.comparisons, policy.name))
    for each in changes:
        if each.outcome.key == COST:
            grid.add_row(Text("  cost"), Text(cost_change(each)))
    judged = [
        each
        for each in changes
        if each.outcome.key in results.study.outcomes
        and each.outcome.key != COST
        and each.outcome.direction != "neither"
    ]
    for side in ("better", "worse"):
        grid.add_row(Text(f"  {side}"), Text(_named([e for e in judged if e.side == side])))
    sides = [each.side for each in judged]
    rest = {"not clear": sides.count("open"), f"no or {UNSEEN}": sides.count("unseen")}
    if any(rest.values()):
        words = (f"{_outcomes(number)}: {what}" for what, number in rest.items() if number)
        grid.add_row(Text("  else"), Text("; ".join(words)))
    return grid


def _named(changes: Sequence[Change]) -> str:
    """Name the largest changes with their sizes, and say how many more there are."""
    if not changes:
        return "nothing clearly"
    ordered = sorted(changes, key=_size, reverse=True)
    named = [
        f"{each.outcome.label} {change(each.difference, unit(each.outcome), each.places_alone)}"
        for each in ordered[:MOST_NAMED]
    ]
    left = len(ordered) - len(named)
    return "; ".join([*named, f"and {left} more"] if left else named)


def _size(each: Change) -> float:
    """How large a change is, held against its value today."""
    return abs(each.difference / each.baseline) if each.baseline else math.inf


def _outcomes(number: int) -> str:
    return "1 outcome" if number == 1 else f"{number} outcomes"


def _more(results: Results) -> str:
    folder = shown(results.folder)
    policies = [policy.name for policy in results.study.policies]
    if len(policies) == 1:
        return f"All of it: plimsoll results {folder} --full"
    return (
        f"More: plimsoll results {folder} with --full (everything) or --policy {policies[1]} (one "
        f"policy); plimsoll explain {folder} --policy {policies[1]} (what drives its difference)."
    )
